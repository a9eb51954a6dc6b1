package org.voco4j.program.quickstart;

import java.util.List;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

/**
 * How much a quick start does. It follows from the minutes asked for by fixed proportions and not from a watch, so that
 * the same command does the same on every machine; the minutes are those of two cores.
 *
 * @param training torsos to pre-train on, and to choose labelled ones from
 * @param unseen torsos that are only measured on
 * @param tested how many of the unseen torsos are segmented by every fine-tune
 * @param pretrainSteps steps of pre-training
 * @param finetuneSteps steps of every fine-tune
 * @param labels numbers of labelled torsos to fine-tune on
 * @param seeds how often the fine-tuning is repeated, each time with other labelled torsos and draws
 * @param frozen with how many of the seeds decoders are trained on frozen encoders too
 * @param sweeps whether each way of training first chooses its learning rate
 */
public record QuickstartPlan(
        int training,
        int unseen,
        int tested,
        int pretrainSteps,
        int finetuneSteps,
        List<Integer> labels,
        int seeds,
        int frozen,
        boolean sweeps) {
    private static final int TRAINING = 80;
    private static final int UNSEEN = 24;
    private static final int TESTED = 24;
    private static final int SHORT = 20; // minutes, below which the time goes into seeds of one number of labels
    private static final int PRETRAIN_STEPS = 1000; // per minute
    private static final int MOST_PRETRAIN_STEPS =
            8000; // what helped with 1, 2 and 4 labels (docs/explanation/evidence.md)
    private static final int FINETUNE_STEPS = 40; // per minute
    private static final int SHORT_FINETUNE_STEPS =
            200; // half the time of those that are as good as they get, so twice the seeds
    private static final int LONG_FINETUNE_STEPS = 400;
    private static final int SEEDS = 4; // per minute of a short story
    private static final int MOST_SEEDS = 20;
    private static final int FROZEN = 3; // of a short story
    private static final List<Integer> LABELS = List.of(1, PretrainingGain.FEW, 4); // of a long one

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is too little of something to tell the story
     */
    public QuickstartPlan {
        labels = List.copyOf(labels);
        if (!labels.contains(PretrainingGain.FEW)) {
            throw new IllegalArgumentException("a quick start shows what " + PretrainingGain.FEW
                    + " labelled torsos are worth, so labels must hold that, not " + labels);
        }
        int most = labels.stream().max(Integer::compare).orElseThrow();
        if (training < most
                || unseen < tested
                || tested < 1
                || pretrainSteps < 1
                || finetuneSteps < 1
                || frozen < 1
                || seeds < frozen) {
            throw new IllegalArgumentException("a quick start needs at least " + most + " training torsos, a seed, a"
                    + " step, and as many unseen torsos as are tested, not " + training + ", " + Math.min(seeds, frozen)
                    + ", " + Math.min(pretrainSteps, finetuneSteps) + ", " + unseen + " and " + tested);
        }
    }

    /** How many torsos are never trained on: the unseen ones, and those that a sweep is measured on. */
    int heldOut() {
        return unseen + (sweeps ? PretrainingGain.VALIDATION : 0);
    }

    /**
     * The plan for so many minutes. Below twenty there is one number of labels, and no choice of learning rates, so that there
     * are seeds enough for an interval.
     *
     * @throws UsageException if that is less than one
     */
    public static QuickstartPlan of(int minutes) {
        if (minutes < 1 || minutes > 1440) {
            throw new UsageException("--minutes must be from 1 to 1440, not " + minutes);
        }
        boolean isShort = minutes < SHORT;
        int seeds = Math.min(isShort ? SEEDS * minutes : minutes / 2, MOST_SEEDS);
        return new QuickstartPlan(
                TRAINING,
                UNSEEN,
                TESTED,
                Math.min(PRETRAIN_STEPS * minutes, MOST_PRETRAIN_STEPS),
                isShort ? Math.min(FINETUNE_STEPS * minutes, SHORT_FINETUNE_STEPS) : LONG_FINETUNE_STEPS,
                isShort ? List.of(PretrainingGain.FEW) : LABELS,
                seeds,
                isShort ? Math.min(seeds, FROZEN) : seeds,
                !isShort);
    }

    /**
     * The recipe of the fine-tunes: its network is the pre-trained encoder's, however long the story and whatever the recipe
     * says.
     *
     * @param settings values to replace, as {@code --set} does
     */
    public RecipeTree finetuning(RecipeTree pretraining, List<String> settings) {
        return RecipeTree.load("finetune", "tiny", List.of("steps=" + finetuneSteps))
                .taking(pretraining, "model")
                .with(settings);
    }
}
