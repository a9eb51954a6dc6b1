package org.voco4j.program.quickstart;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.network.Backbone;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.study.PretrainingGain;
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
 * @param seeds how often the fine-tuning is repeated, each time with other labelled torsos and draws
 * @param sweeps whether each way of training first chooses its learning rate
 */
public record QuickstartPlan(
        int training, int unseen, int tested, int pretrainSteps, int finetuneSteps, int seeds, boolean sweeps) {
    private static final int TRAINING = 80;
    private static final int UNSEEN = 24;
    private static final int TESTED = 12;
    private static final int SHORT = 10; // minutes, up to which everything but the seeds grows
    private static final int PRETRAIN_STEPS = 50; // per minute
    private static final int FURTHER_PRETRAIN_STEPS = 250; // per minute beyond the short ones: they are cheap, and help
    private static final int FINETUNE_STEPS = 40; // per minute: beyond the short ones the time goes into seeds
    private static final int SEEDS = 3;
    private static final int MOST_SEEDS = 20;
    private static final int MINUTES_PER_SEED = 3; // beyond the short ones
    private static final int SWEEP_FROM = 20; // minutes

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is too little of something to tell the story
     */
    public QuickstartPlan {
        int most = PretrainingGain.LABELS.get(PretrainingGain.LABELS.size() - 1);
        if (training < most || unseen < tested || tested < 1 || pretrainSteps < 1 || finetuneSteps < 1 || seeds < 1) {
            throw new IllegalArgumentException("a quick start needs at least " + most + " training torsos, a seed, a"
                    + " step, and as many unseen torsos as are tested, not " + training + ", " + seeds + ", "
                    + Math.min(pretrainSteps, finetuneSteps) + ", " + unseen + " and " + tested);
        }
    }

    /** How many torsos are never trained on: the unseen ones, and those that a sweep is measured on. */
    int heldOut() {
        return unseen + (sweeps ? PretrainingGain.VALIDATION : 0);
    }

    /**
     * The plan for so many minutes.
     *
     * @throws UsageException if that is less than one
     */
    public static QuickstartPlan of(int minutes) {
        if (minutes < 1 || minutes > 1440) {
            throw new UsageException("--minutes must be from 1 to 1440, not " + minutes);
        }
        int brief = Math.min(minutes, SHORT);
        int further = minutes - brief;
        return new QuickstartPlan(
                TRAINING,
                UNSEEN,
                TESTED,
                PRETRAIN_STEPS * brief + FURTHER_PRETRAIN_STEPS * further,
                FINETUNE_STEPS * brief,
                Math.min(SEEDS + further / MINUTES_PER_SEED, MOST_SEEDS),
                minutes >= SWEEP_FROM);
    }

    /**
     * The recipe of the fine-tunes: its network is the pre-trained encoder's, however long the story and whatever the recipe
     * says.
     *
     * @param settings values to replace, as {@code --set} does
     */
    public RecipeTree finetuning(PretrainRecipe pretraining, List<String> settings) {
        Backbone backbone = pretraining.model();
        List<String> all = new ArrayList<>(List.of(
                "model.channels=" + backbone.channels(),
                "model.form=" + backbone.form(),
                "model.norm=" + backbone.norm(),
                "steps=" + finetuneSteps));
        all.addAll(settings);
        return RecipeTree.load("finetune", "tiny", all);
    }
}
