package org.voco4j.program.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

/**
 * A fine-tuning recipe for labelled scans that goes with a pre-training plan: the same intensities and network, patches of
 * half the body, one fold of five at a time.
 *
 * <p>The grid is that of the pre-training where scans show the same height of a body. Where they do not, the same plane has slices at a
 * fixed distance: a box that is resized squeezes each scan differently (docs/explanation/evidence.md).
 *
 * @param recipe to be trained with
 * @param forecast what one fold will take
 */
public record FinetunePlan(RecipeTree recipe, PlanForecast forecast) {
    /** Into how many folds the patients are dealt. */
    public static final int FOLDS = 5;

    private static final int LOOKS = 4;
    private static final int MOST_STEPS = 2000;
    private static final double MILLIMETRES =
            192; // 3 mm from slice to slice with 64 voxels across the body, 1.5 with 128

    /**
     * Plans.
     *
     * @param data labelled scans
     * @param pretraining the plan whose weights they will begin with
     * @param minutes that one fold may take
     * @param started seconds that the program took to start
     * @throws UsageException if there is nothing to train on, or the time is too short
     */
    public static FinetunePlan of(
            List<Path> data,
            @Nullable Path groups,
            PretrainPlan pretraining,
            double minutes,
            double started,
            Device device,
            RunLog log)
            throws IOException, InterruptedException {
        PretrainRecipe before = pretraining.recipe().bind(PretrainRecipe.class);
        int crop = before.crop().size();
        List<String> settings = new ArrayList<>(grid(Fingerprint.of(data, groups, log), crop));
        settings.addAll(List.of(
                "data.intensity=" + before.data().intensity(),
                "data.cut=" + before.data().cut(),
                "patch.size=[" + 2 * crop + ", " + 2 * crop + ", " + crop + "]",
                "model.channels=" + before.model().channels(),
                "data.cache=" + before.data().cache()));
        RecipeTree tree = RecipeTree.load("finetune", "tiny", settings);
        RecipeTree brief = tree.with(List.of(
                "steps=" + 2 * TrialRun.STEPS,
                "validation.every=" + TrialRun.STEPS,
                "checkpoint.every=" + TrialRun.STEPS));
        FinetuneRecipe recipe = brief.bind(FinetuneRecipe.class);
        log.say("Trying patches of " + recipe.patch().size() + " …");
        TrialRun trial = TrialRun.of(
                brief,
                log,
                (folder, ears) -> Finetune.run(
                        recipe,
                        LabelledFiles.open(data, groups, recipe, null, ears),
                        null,
                        device,
                        folder,
                        ears,
                        () -> false));
        double left = 60 * minutes - started - trial.around() - LOOKS * trial.look();
        int steps = Math.min(MOST_STEPS, PretrainPlan.rounded(left / trial.step()));
        if (steps < LOOKS) {
            throw new UsageException("--minutes is too short for " + FOLDS + " folds of fine-tuning: getting ready and "
                    + "validating one takes " + TimeSpan.words(60 * minutes - left));
        }
        return new FinetunePlan(
                tree.with(List.of("steps=" + steps, "validation.every=" + (steps + LOOKS - 1) / LOOKS)),
                new PlanForecast(started + trial.around(), trial.step(), steps, trial.look(), LOOKS, trial.peak()));
    }

    /** The size that scans are brought to, for bases of so many voxels. */
    static List<String> grid(Fingerprint scans, int crop) {
        return scans.heightsDiffer()
                ? List.of(
                        "data.size=[" + 4 * crop + ", " + 4 * crop + ", null]",
                        "data.spacing=" + MILLIMETRES / (4 * crop))
                : List.of("data.size=[" + 4 * crop + ", " + 4 * crop + ", " + crop + "]");
    }

    /** The recipe as a file to edit; see {@link PretrainPlan#toFile}. */
    public String toFile(String comment, Map<String, String> about) {
        return recipe.toFile(comment, about);
    }
}
