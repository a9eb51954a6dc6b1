package org.voco4j.program.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunLog;
import org.voco4j.run.StepTimes;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What a step of fine-tuning a segmentation network costs, as {@link SegmentationTraining} takes it: forward, loss, backward
 * and AdamW.
 *
 * <p>The scan is noise with a random class at every voxel, as large as a patch and in memory; a loader thread cuts and turns
 * patches of it as in a run, while the step before computes.
 */
public final class FinetuneBenchmark {
    private static final String SCAN = "noise";

    private FinetuneBenchmark() {}

    /**
     * What to measure.
     *
     * @param weights to begin with; null: drawn from the recipe's seed
     * @param classes the background among them, where the recipe names none; null: 14, as in BTCV
     * @param steps that count, and those before them
     */
    public record Plan(
            @Nullable PretrainedWeights weights, @Nullable Integer classes, TimedSteps steps) {}

    /**
     * Measures.
     *
     * @throws UsageException if the recipe is impossible, or the weights do not fit its network
     * @throws ArithmeticException if the loss is not finite
     */
    public static BenchmarkResult run(FinetuneRecipe recipe, Plan plan, Device device, RunLog log)
            throws IOException, InterruptedException {
        Figures.requireProfilable(plan.steps.profiled(), device);
        SyntheticLabels labels = SyntheticLabels.of(recipe, plan.classes);
        Shape3 patch = recipe.patch().size();
        log.say(String.format(
                Locale.ROOT,
                "%d patches of %s and %d outputs per step, %s steps, %d threads",
                recipe.perStep(),
                patch,
                labels.outputs(),
                plan.steps,
                Engine.threads()));
        try (SegmentationTraining training =
                new SegmentationTraining(recipe, scans(labels, patch, recipe.seed()), plan.weights, device)) {
            StepTimes times = plan.steps.take(() -> training.step().getOrDefault("loss", Double.NaN));
            long peak = Engine.peakResidentBytes();
            List<String> sentences = new ArrayList<>();
            sentences.add(times.sentence("patches", recipe.perStep()));
            sentences.add(String.format(
                    Locale.ROOT,
                    "Memory at most %.2f GiB; %s",
                    peak / (double) (1L << 30),
                    times.total().sentence()));
            Figures.addProfile(sentences, times.profile());
            return new BenchmarkResult(sentences, document(recipe, labels, training, plan, times, peak));
        } catch (IllegalArgumentException impossible) {
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
    }

    private static Map<String, @Nullable Object> document(
            FinetuneRecipe recipe,
            SyntheticLabels labels,
            SegmentationTraining training,
            Plan plan,
            StepTimes times,
            long peak) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "finetune_step");
        document.put("model", recipe.model().facts());
        document.put("patch", recipe.patch().size().edges());
        document.put("patches", recipe.perStep());
        document.put("classes", labels.outputs());
        document.put("dtype", "float32");
        document.put("threads", Engine.threads());
        document.putAll(plan.steps.document());
        document.putAll(times.document(recipe.perStep()));
        document.put("peak_rss_mb", Figures.mebibytes(peak));
        document.put(
                "params",
                training.network().weights().values().stream()
                        .mapToLong(Tensor::count)
                        .sum());
        document.put("environment", RunEnvironment.facts(training.device()));
        return document;
    }

    private static LabelledScans scans(SyntheticLabels labels, Shape3 shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[Math.toIntExact(shape.voxels())];
        byte[] classes = new byte[values.length];
        int kinds = labels.regions() == null
                ? labels.values().size() + 1
                : labels.regions().members().size() + 1;
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextInt(1 << 16) + 1) / 65537f; // above 0, which is air
            classes[i] = (byte) random.nextInt(kinds);
        }
        Resample.Grid grid = new Resample.Grid(shape, Affine.identity());
        LabelMap truth = new LabelMap(shape, grid.affine(), classes);
        LabelledVolume scan = new LabelledVolume(
                Channels.of(new Volume(shape, grid.affine(), values)),
                truth,
                new InversePreprocessing(grid, grid, Box.of(shape), grid));
        return new LabelledScans(
                List.of(SCAN),
                List.of(),
                1,
                labels.values(),
                labels.regions(),
                new InMemory(scan),
                SCAN,
                Map.of(),
                Map.of());
    }

    /** One scan under any name. */
    private record InMemory(LabelledVolume scan) implements LabelledScans.Source {
        @Override
        public LabelledVolume scan(String name) {
            return scan;
        }

        @Override
        public LabelMap truth(String name) {
            return scan.labels();
        }
    }
}
