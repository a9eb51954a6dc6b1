package org.voco4j.recipe;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.voco.VoCo;

/** The whole story on synthetic torsos: make them, pre-train, measure on unseen ones, write {@code report.html}. */
public final class Quickstart {
    /** Torsos to train on. */
    public static final int TRAINING = 80;

    /** Torsos that are only measured on. */
    public static final int UNSEEN = 24;

    private Quickstart() {}

    /**
     * What came of it.
     *
     * @param run the pre-training
     * @param seconds of everything, making torsos and the report included
     */
    public record Story(Pretrain.Outcome run, double seconds) {
        /** What the unseen torsos said; null if the run was stopped before they were looked at. */
        public @Nullable GateReport gate() {
            return run.gate();
        }
    }

    /**
     * Tells it.
     *
     * @param device where to compute
     * @param folder an open run folder
     * @param stop asked after every step; once true, the state is saved and there is no report
     */
    public static Story run(PretrainRecipe recipe, Device device, RunFolder folder, RunLog log, BooleanSupplier stop)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        log.say("Making " + TRAINING + " synthetic torsos to train on and " + UNSEEN + " unseen ones to measure on.");
        TrainingScans scans = TorsoScans.of(recipe, TRAINING, UNSEEN, recipe.seed());
        Pretrain.Outcome outcome = Pretrain.run(recipe, scans, device, folder, log, stop);
        if (outcome.state() == Pretrain.State.FINISHED && outcome.gate() != null) {
            VoCo task = new VoCo(recipe.voco(), recipe.networks(), recipe.seed(), device, scans.heldOut());
            task.load(Safetensors.read(folder.file("model.safetensors")).tensors());
            PretrainReport.write(folder, recipe, device, scans, task, outcome, outcome.gate());
            log.say("Report: " + folder.file("report.html"));
        }
        return new Story(outcome, (System.nanoTime() - began) / 1e9);
    }
}
