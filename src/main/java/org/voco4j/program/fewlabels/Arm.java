package org.voco4j.program.fewlabels;

import java.util.List;
import org.voco4j.program.finetune.FinetuneRecipe;

/**
 * One of the ways of training that are compared.
 *
 * @param name for tables
 * @param pretrained whether it begins with the pre-trained encoder
 * @param rates how fast it learns
 * @param frozenSteps steps at the beginning that leave the encoder as it is; −1 for all
 */
public record Arm(String name, boolean pretrained, Rates rates, int frozenSteps) {
    public static final String SCRATCH = "scratch";
    public static final String FROZEN_UNTRAINED = "frozen untrained";

    /**
     * Learning rates.
     *
     * @param lr of the decoder
     * @param encoder the encoder's is {@code lr} times this
     */
    public record Rates(double lr, double encoder) {
        /** Those of a recipe. */
        public static Rates of(FinetuneRecipe recipe) {
            return new Rates(recipe.optim().lr(), recipe.optim().encoderRate());
        }

        @Override
        public String toString() {
            return lr + ", encoder " + lr * encoder;
        }
    }

    /** The encoder begins with its first draw. */
    public static Arm scratch(FinetuneRecipe recipe) {
        return new Arm(SCRATCH, false, Rates.of(recipe), 0);
    }

    /** The encoder begins as a method pre-trained it, whose name the arm has. */
    public static Arm pretrained(FinetuneRecipe recipe, String method) {
        return new Arm(method, true, Rates.of(recipe), recipe.transfer().frozenSteps());
    }

    /** Only the decoder learns, on the encoder's first draw. */
    public static Arm frozenUntrained(FinetuneRecipe recipe) {
        return new Arm(FROZEN_UNTRAINED, false, Rates.of(recipe), -1);
    }

    /** Only the decoder learns, on the pre-trained encoder. */
    public static Arm frozen(FinetuneRecipe recipe, String method) {
        return new Arm(frozen(method), true, Rates.of(recipe), -1);
    }

    /** The name of the arm whose encoder stays as a method pre-trained it. */
    public static String frozen(String method) {
        return "frozen " + method;
    }

    public Arm at(Rates other) {
        return new Arm(name, pretrained, other, frozenSteps);
    }

    /** The recipe's values that make it this way of training. */
    List<String> settings() {
        return List.of(
                "optim.lr=" + rates.lr, "optim.encoderRate=" + rates.encoder, "transfer.frozenSteps=" + frozenSteps);
    }
}
