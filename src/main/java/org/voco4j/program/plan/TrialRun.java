package org.voco4j.program.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.file.TemporaryFolder;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Look;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a short run took, of which a long one is made: a run of 2 · {@link #STEPS} steps that looks twice, in a folder that is
 * gone afterwards.
 *
 * @param around seconds beside steps and looks: preparing scans, controls, trials of memory, writing
 * @param step seconds of the median step after the first look, when everything is warm
 * @param look seconds of the second look
 * @param peak bytes of memory at most
 */
record TrialRun(double around, double step, double look, long peak) {
    /** Steps between two looks. */
    static final int STEPS = 8;

    /** The run. */
    @FunctionalInterface
    interface Program {
        void run(RunFolder folder, RunLog log) throws IOException, InterruptedException;
    }

    /**
     * Runs.
     *
     * @param brief a recipe of that many steps and looks
     */
    static TrialRun of(RecipeTree brief, RunLog log, Program program) throws IOException, InterruptedException {
        try (TemporaryFolder place = TemporaryFolder.make("voco-plan")) {
            long began = System.nanoTime();
            Ears ears = new Ears(log);
            Path run = place.path().resolve("run");
            try (RunFolder folder = RunFolder.open(run, brief, false)) {
                program.run(folder, ears);
            }
            double all = (System.nanoTime() - began) / 1e9;
            double step = medianStep(run);
            double look = Math.max(0, ears.betweenLooks() - STEPS * step);
            return new TrialRun(Math.max(0, all - 2 * (STEPS * step + look)), step, look, Engine.peakResidentBytes());
        }
    }

    private static double medianStep(Path run) throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode node = JsonMapper.shared().readTree(line);
            if (node.path("step").asInt() > STEPS) {
                seconds.add(node.path("seconds").asDouble());
            }
        }
        return Usage.median(seconds);
    }

    /** Hears when a look ends; of what the run says only warnings go on. */
    private static final class Ears implements RunLog {
        private final RunLog log;
        private final List<Long> looks = new ArrayList<>();

        Ears(RunLog log) {
            this.log = log;
        }

        double betweenLooks() {
            return (looks.get(1) - looks.get(0)) / 1e9;
        }

        @Override
        public void say(String sentence) {}

        @Override
        public void warn(String sentence) {
            log.warn(sentence);
        }

        @Override
        public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {}

        @Override
        public void looked(Look look) {
            looks.add(System.nanoTime());
        }
    }
}
