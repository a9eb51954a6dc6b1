package org.voco4j.program.study;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.RunFolder;

/**
 * A way of training that a study compares with others: its recipes without seed, and without learning rates where those are
 * chosen.
 *
 * @param name in tables
 * @param cpuSeconds that all steps of its pre-training may take; null where its recipe counts steps
 * @param pretraining null from scratch
 * @param data what it is pre-trained on, as {@code pretrain.data} has it; empty: the study's own scans
 * @param after the arm with whose weights of the same seed its pre-training begins; null: with random ones
 * @param finetuning with the network of its pre-training
 * @param against names of arms that it is compared with
 */
record StudyArm(
        String name,
        @Nullable Double cpuSeconds,
        @Nullable RecipeTree pretraining,
        List<String> data,
        @Nullable StudyArm after,
        RecipeTree finetuning,
        List<String> against) {

    boolean isPretrained() {
        return pretraining != null;
    }

    /** The same for so many seconds of CPU time, compared with others that are pre-trained so. */
    StudyArm timed(double seconds, Set<String> pretrained) {
        return new StudyArm(
                timed(name, seconds),
                seconds,
                pretraining,
                data,
                after,
                finetuning,
                against.stream()
                        .map(other -> pretrained.contains(other) ? timed(other, seconds) : other)
                        .toList());
    }

    /** What an arm of such a name is called that is pre-trained for so long. */
    static String timed(String name, double seconds) {
        return String.format(
                Locale.ROOT, "%s (%s CPU s)", name, seconds == Math.rint(seconds) ? (Object) (long) seconds : seconds);
    }

    /** What all its pre-trainings have in common, but for how long they are; empty from scratch. */
    String pretrainingKey() {
        return pretraining == null
                ? ""
                : RunFolder.configuration(pretraining, key -> !key.equals("seed") && !key.equals("steps"))
                        + (data.isEmpty() ? "" : data)
                        + (after == null ? "" : after.pretrainingKey());
    }

    /** The same of the arm that it begins with, if it does: both are trained on one machine. */
    String firstKey() {
        return after == null ? pretrainingKey() : after.firstKey();
    }

    /** As its fine-tunes are told apart in results. */
    Arm arm(Arm.Rates rates) {
        return new Arm(name, isPretrained(), rates, recipe().transfer().frozenSteps());
    }

    /** The learning rates of its recipe. */
    Arm.Rates rates() {
        return Arm.Rates.of(recipe());
    }

    FinetuneRecipe recipe() {
        return finetuning.bind(FinetuneRecipe.class);
    }

    /** Its pre-training with a seed and so many steps. */
    RecipeTree pretraining(long seed, int steps) {
        if (pretraining == null) {
            throw new IllegalStateException(name + " is not pre-trained");
        }
        return pretraining.with(List.of("seed=" + seed, "steps=" + steps, "gate.every=" + steps, "log.every=1"));
    }

    /** How it is pre-trained; null from scratch. */
    @Nullable
    PretrainRecipe pretrainRecipe() {
        return pretraining == null ? null : pretraining.bind(PretrainRecipe.class);
    }
}
