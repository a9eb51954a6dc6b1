package org.voco4j.program.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Resources;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

/**
 * A recipe for these scans and this machine: as large as the scans are and the time allows, tried for a few steps.
 *
 * <p>Bases are a quarter of the body in width and depth and span its height, as in the paper; what grows is how many voxels
 * a base has, and with it the network. The largest form is taken that leaves 2000 steps in the time; a trial run with two
 * looks tells what a step, a look and everything around them take.
 *
 * @param recipe to be trained with
 * @param forecast what that will take
 */
public record PretrainPlan(RecipeTree recipe, PlanForecast forecast) {
    private static final int LEAST_STEPS = 2000; // fewer helped too little (docs/explanation/evidence.md)
    private static final int LOOKS = 8;
    private static final double LARGER = 1.25; // than the scans are, at most

    /** What bases are: voxels of the whole, edge of a crop, channels of the network. */
    enum Form {
        S16("[64, 64, 16]", 16, "[8, 16, 32, 64]"),
        S24("[96, 96, 24]", 24, "[8, 16, 32, 64]"),
        S32("[128, 128, 32]", 32, "[16, 32, 64, 128]"),
        S48("[192, 192, 48]", 48, "[16, 32, 64, 128]"),
        S64("[256, 256, 64]", 64, "[16, 32, 64, 128, 256]");

        private final String size;
        private final int crop;
        private final String channels;

        Form(String size, int crop, String channels) {
            this.size = size;
            this.crop = crop;
            this.channels = channels;
        }

        /** Whether scans have about as many voxels. */
        boolean fits(Fingerprint data) {
            return 4 * crop <= LARGER * data.voxels().get(0).middle()
                    && 4 * crop <= LARGER * data.voxels().get(1).middle()
                    && crop <= LARGER * data.voxels().get(2).middle();
        }
    }

    /**
     * Plans.
     *
     * @param data folders, lists or files
     * @param groups a CSV that says which files are of one patient, or null
     * @param minutes that the run may take
     * @param started seconds that the program took until now, which a run will take too
     * @throws UsageException if there is nothing to train on, or the time is too short for any form
     */
    public static PretrainPlan of(
            List<Path> data,
            @Nullable Path groups,
            Fingerprint fingerprint,
            double minutes,
            double started,
            Resources resources,
            RunLog log)
            throws IOException, InterruptedException {
        Form form = Form.S16;
        TrialRun trial = trial(recipe(form, fingerprint), data, groups, resources, log);
        Form larger = largest(fingerprint, trial, 60 * minutes);
        if (larger != form) {
            form = larger;
            trial = trial(recipe(form, fingerprint), data, groups, resources, log);
        }
        double left = 60 * minutes - started - trial.around() - LOOKS * trial.look();
        int steps = rounded(left / trial.step());
        if (steps < LOOKS) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "--minutes %.0f is too short: getting ready and looking take %s, a step %.2f s",
                    minutes,
                    TimeSpan.words(60 * minutes - left),
                    trial.step()));
        }
        int every = Math.max(1, (steps + LOOKS - 1) / LOOKS);
        RecipeTree recipe = recipe(form, fingerprint)
                .with(List.of(
                        "steps=" + steps,
                        "gate.every=" + every,
                        "checkpoint.every=" + Math.max(1, Math.min(every, (int) (60 / trial.step())))));
        int looks = (steps + every - 1) / every;
        return new PretrainPlan(
                recipe,
                new PlanForecast(started + trial.around(), trial.step(), steps, trial.look(), looks, trial.peak()));
    }

    private static TrialRun trial(
            RecipeTree tree, List<Path> data, @Nullable Path groups, Resources resources, RunLog log)
            throws IOException, InterruptedException {
        RecipeTree brief = tree.with(List.of(
                "steps=" + 2 * TrialRun.STEPS, "gate.every=" + TrialRun.STEPS, "checkpoint.every=" + TrialRun.STEPS));
        PretrainRecipe recipe = brief.bind(PretrainRecipe.class);
        log.say("Trying " + recipe.data().size() + " voxels, crops of "
                + recipe.crop().size() + "³, " + recipe.model().channels() + " channels …");
        return TrialRun.of(brief, log, (folder, ears) -> {
            UnlabelledScans scans = UnlabelledFiles.open(data, groups, recipe, null, ears);
            if (HeldOutScan.patients(scans.heldOut()) < 2) {
                throw new UsageException(
                        "a plan needs held-out scans of at least two patients to look at: scans of more patients are needed");
            }
            Pretrain.run(recipe, scans, null, resources, folder, ears, () -> false);
        });
    }

    private static RecipeTree recipe(Form form, Fingerprint data) {
        List<String> settings = new ArrayList<>(List.of(
                "data.size=" + form.size,
                "crop.size=" + form.crop,
                "model.channels=" + form.channels,
                "data.cache=" + Math.max(256, 2 * megabytes(form, data))));
        if (data.hounsfield()) {
            settings.add("data.cut=body"); // the table moves the box from scan to scan
        } else {
            settings.add("data.intensity=percentiles"); // no unit: each scan has a scale of its own
        }
        return RecipeTree.load("pretrain", "tiny", settings);
    }

    /** What the prepared scans take, 2 bytes a voxel. */
    private static int megabytes(Form form, Fingerprint data) {
        return (int) Math.min(1 << 20, (32L * form.crop * form.crop * form.crop * data.scans()) >> 20);
    }

    /** The largest form of which the time has room for enough steps, by the number of operations. */
    private static Form largest(Fingerprint data, TrialRun trial, double seconds) {
        Form largest = Form.S16;
        double own = operations(Form.S16, data);
        for (Form form : Form.values()) {
            double step = trial.step() * operations(form, data) / own;
            if (form.fits(data) && LEAST_STEPS * step <= seconds) {
                largest = form;
            }
        }
        return largest;
    }

    private static double operations(Form form, Fingerprint data) {
        PretrainRecipe recipe = recipe(form, data).bind(PretrainRecipe.class);
        return recipe.model()
                .encode(Backbone.CHANNELS, List.of(form.crop, form.crop, form.crop))
                .multiplyAdds(form.crop);
    }

    /** Two digits, the others zero. */
    static int rounded(double steps) {
        int whole = (int) Math.min(steps, 1_000_000);
        int unit = 1;
        while (whole / unit >= 100) {
            unit *= 10;
        }
        return whole / unit * unit;
    }

    /**
     * The recipe as a file to edit.
     *
     * @param comment its first line
     * @param about name → text of its head: command, hardware, time, …
     */
    public String toFile(String comment, Map<String, String> about) {
        return recipe.toFile(comment, about);
    }
}
