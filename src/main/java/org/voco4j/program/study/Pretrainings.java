package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.fewlabels.Abreast;
import org.voco4j.program.fewlabels.FewLabelsProgress;
import org.voco4j.program.fewlabels.StoredWeights;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunJson;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunState;
import org.voco4j.run.StepClock;
import tools.jackson.databind.JsonNode;

/**
 * The pre-trainings of a study: run folders, each named by the digest of its recipe and its scans, so that all fine-tunes that need the
 * same one share it, and one that was interrupted is continued.
 *
 * @param folder in which their folders lie
 * @param plan keeps what their steps take
 */
record Pretrainings(Path folder, Device device, StudyPlan plan, RunLog log) {
    /** Where they lie in the folder of a study. */
    static final String FOLDER = "pretrain";

    /** The file that says how far one came. */
    static final String RECORD = "run.json";

    private static final String FINISHED = "finished";
    private static final String FAILED = "failed";

    /**
     * One to be made.
     *
     * @param words what it is, for the log
     * @param recipe with its seed and steps
     * @param scans it learns from
     * @param after the one with whose weights it begins; null: random ones
     * @param seconds that it is predicted to take
     */
    record Job(
            String words,
            RecipeTree recipe,
            UnlabelledScans scans,
            @Nullable Job after,
            double seconds) {}

    /**
     * One that ended.
     *
     * @param weights null where it diverged
     * @param failure why there are no weights; null where there are
     * @param gate numbers of its last look
     */
    record Trained(
            @Nullable StoredWeights weights, @Nullable String failure, Map<String, Double> gate) {}

    /** Where a pre-training lies. */
    Path place(Job job) {
        DataDigest digest = new DataDigest();
        digest.word(RunFolder.configuration(job.recipe, key -> true));
        digest.word(job.scans.digest());
        if (job.after != null) {
            digest.word(place(job.after).getFileName().toString());
        }
        return folder.resolve(digest.hex().substring(0, 16));
    }

    /** A pre-training that ended; null if it did not. */
    @Nullable
    Trained find(Job job) throws IOException {
        Path place = place(job);
        if (!hasEnded(place)) {
            return null;
        }
        JsonNode record = record(place);
        if (state(record).equals(FAILED)) {
            return new Trained(null, record.path("failure").asString("it failed"), Map.of());
        }
        Map<String, Double> gate = new LinkedHashMap<>();
        record.path("gate")
                .properties()
                .forEach(entry -> gate.put(entry.getKey(), entry.getValue().asDouble(Double.NaN)));
        return new Trained(StoredWeights.of(place), null, gate);
    }

    /** Whether a folder is that of a pre-training which left weights, or diverged. */
    static boolean hasEnded(Path place) throws IOException {
        if (!Files.exists(place.resolve(RECORD))) {
            return false;
        }
        String state = state(record(place));
        return state.equals(FAILED) || (state.equals(FINISHED) && Files.exists(place.resolve(ModelFile.NAME)));
    }

    private static String state(JsonNode record) {
        return record.path("state").asString("");
    }

    private static JsonNode record(Path place) throws IOException {
        return RunJson.read(place.resolve(RECORD));
    }

    /**
     * Makes what is not there, the longest first; those that begin with the weights of others after these.
     *
     * @return whether all ended
     */
    boolean run(List<Job> jobs, Abreast abreast) throws IOException, InterruptedException {
        Map<Path, Job> first = new LinkedHashMap<>();
        Map<Path, Job> second = new LinkedHashMap<>();
        for (Job job : jobs) {
            if (job.after != null && !hasEnded(place(job.after))) {
                first.putIfAbsent(place(job.after), job.after);
            }
            if (!hasEnded(place(job))) {
                (job.after == null ? first : second).putIfAbsent(place(job), job);
            }
        }
        if (first.isEmpty() && second.isEmpty()) {
            return true;
        }
        FewLabelsProgress progress =
                new FewLabelsProgress("pre-training", first.size() + second.size(), abreast.runs());
        return run(first, progress, abreast) && run(second, progress, abreast);
    }

    private boolean run(Map<Path, Job> missing, FewLabelsProgress progress, Abreast abreast)
            throws IOException, InterruptedException {
        List<Abreast.Job<Boolean>> all = new ArrayList<>();
        missing.entrySet().stream()
                .sorted((a, b) -> Double.compare(b.getValue().seconds, a.getValue().seconds))
                .forEach(entry -> all.add(halt -> train(entry.getKey(), entry.getValue(), progress, halt)));
        return !abreast.all(all).contains(null);
    }

    private @Nullable Boolean train(Path place, Job job, FewLabelsProgress progress, BooleanSupplier halt)
            throws IOException, InterruptedException {
        if (halt.getAsBoolean()) {
            return null;
        }
        long began = System.nanoTime();
        StoredWeights init = null;
        if (job.after != null) {
            Trained before = find(job.after);
            init = before == null ? null : before.weights;
            if (init == null) {
                return true; // what it begins with diverged, as is said there
            }
        }
        PretrainRecipe recipe = job.recipe.bind(PretrainRecipe.class);
        String found;
        StepClock clock = new StepClock(log, job.words);
        PretrainedWeights weights = init == null ? null : init.read();
        try (RunFolder run = RunFolder.open(place, job.recipe, true)) {
            Pretrain.Outcome outcome = Pretrain.run(recipe, job.scans, weights, Resources.of(device), run, clock, halt);
            if (outcome.state() == RunState.STOPPED) {
                return null;
            }
            OptionalDouble mean =
                    clock.steps().stream().mapToDouble(Double::doubleValue).average();
            if (mean.isPresent()) {
                plan.addRun(place, job.words, mean.getAsDouble());
            }
            found = outcome.gate() == null
                    ? "done"
                    : String.format(
                            Locale.ROOT,
                            "a place found %.2f (untrained %.2f)",
                            outcome.gate().numbers().getOrDefault("crossScan", Double.NaN),
                            outcome.gate().numbers().getOrDefault("untrained", Double.NaN));
        } catch (ArithmeticException diverged) {
            found = "diverged: " + diverged.getMessage();
        } finally {
            if (weights != null) {
                StoredWeights.close(weights);
            }
        }
        progress.tell(log, job.words + ": " + found, (System.nanoTime() - began) / 1e9);
        return true;
    }
}
