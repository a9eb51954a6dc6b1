package org.voco4j.recipe;

import java.util.List;

/**
 * One of the ways of training that are compared.
 *
 * @param name for tables
 * @param pretrained whether it begins with the pre-trained encoder
 * @param lr learning rate
 * @param encoderRate the encoder's learning rate is {@code lr} times this
 * @param frozenSteps steps at the beginning that leave the encoder as it is; −1 for all
 */
record Arm(String name, boolean pretrained, double lr, double encoderRate, int frozenSteps) {
    static final String SCRATCH = "scratch";
    static final String VOCO = "voco";
    static final String FROZEN_UNTRAINED = "frozen untrained";
    static final String FROZEN_VOCO = "frozen voco";

    /** All weights learn from their first draw. */
    static Arm scratch(FinetuneRecipe recipe) {
        return new Arm(SCRATCH, false, recipe.optim().lr(), 1, 0);
    }

    /** The encoder begins as pre-trained, and then learns as the recipe's {@code transfer} says. */
    static Arm voco(FinetuneRecipe recipe) {
        FinetuneRecipe.Transfer transfer = recipe.transfer();
        return new Arm(VOCO, true, recipe.optim().lr(), transfer.encoderRate(), transfer.frozenSteps());
    }

    /** Only the decoder learns. */
    static Arm frozen(FinetuneRecipe recipe, boolean pretrained) {
        return new Arm(
                pretrained ? FROZEN_VOCO : FROZEN_UNTRAINED,
                pretrained,
                recipe.optim().lr(),
                1,
                -1);
    }

    Arm at(double rate) {
        return new Arm(name, pretrained, rate, encoderRate, frozenSteps);
    }

    /** The recipe's values that make it this way of training. */
    List<String> settings() {
        return List.of("optim.lr=" + lr, "transfer.encoderRate=" + encoderRate, "transfer.frozenSteps=" + frozenSteps);
    }
}
