package org.voco4j.program.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.network.Backbone;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.Usage;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What it costs to segment one scan that is in memory, with a tiny U-Net of random weights: to prepare it, to run its
 * windows, to blend them, and to bring the labels back.
 */
public final class PredictBenchmark {
    private static final double OVERLAP = 0.5;
    private static final Map<String, String> TINY =
            Map.of("encoder", "unet", "channels", "[8, 16, 32]", "form", "light", "norm", "group");

    private PredictBenchmark() {}

    /**
     * What is measured.
     *
     * @param size voxels of the scan
     * @param window voxels of a window
     * @param classes K, the background among them
     * @param maxMemory bytes that the process may take
     */
    public record Plan(Shape3 size, Shape3 window, int classes, long maxMemory, int threads) {}

    /**
     * Segments once.
     *
     * @throws UsageException if the scan cannot be segmented so
     */
    public static BenchmarkResult run(Plan plan, Device device) {
        if (plan.classes < 2 || plan.classes > 256) {
            throw new UsageException("--classes must be from 2 to 256, not " + plan.classes);
        }
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        for (int k = 1; k < plan.classes; k++) {
            labels.put("class " + k, List.of(k));
        }
        ModelCard card = new ModelCard(
                Backbone.of(TINY),
                1,
                new ModelLabels(labels, List.of(), null),
                new Preprocessing(null, new HuWindow(0, 1), 0, null),
                plan.window,
                OVERLAP,
                Blend.GAUSSIAN);
        long idle = Engine.residentBytes();
        Channels scan = Channels.of(scan(plan.size));
        int[] windows = new int[1];
        long[] times = new long[2]; // of the first and the last window
        SegmenterOptions options = SegmenterOptions.DEFAULT
                .withMaxMemory(plan.maxMemory)
                .withThreads(plan.threads)
                .withProgress((done, of) -> {
                    windows[0] = of;
                    times[done == 1 ? 0 : 1] = System.nanoTime();
                });
        Usage start = Usage.now();
        LabelMap found;
        try (Segmenter segmenter = Segmenter.untrained(card, 0, device)) {
            found = segmenter.segment(scan, options).labels();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        Usage used = Usage.now().since(start);
        double seconds = used.seconds();
        double each = windows[0] > 1 ? (times[1] - times[0]) / 1e9 / (windows[0] - 1) : seconds;
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "predict");
        document.put("size", plan.size.edges());
        document.put("window", plan.window.edges());
        document.put("overlap", OVERLAP);
        document.put("classes", plan.classes);
        document.put("threads", plan.threads);
        document.put("max_memory_mb", Figures.mebibytes(plan.maxMemory));
        document.put("windows", windows[0]);
        document.put("seconds", Figures.rounded(seconds, 3));
        document.put("cpu_seconds", Figures.rounded(used.cpuSeconds(), 3));
        document.put("s_per_window", Figures.rounded(each, 5));
        document.put("voxels_per_s", Figures.rounded(plan.size.voxels() / seconds, 1));
        document.put("labels_found", distinct(found));
        document.putAll(used.document());
        Figures.putMemory(document, idle);
        document.put("environment", RunEnvironment.facts(device));
        return new BenchmarkResult(
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%s voxels, %d classes: %.1f s, CPU %.1f s, %d windows of %s at %.4f s; %d threads",
                                plan.size,
                                plan.classes,
                                seconds,
                                used.cpuSeconds(),
                                windows[0],
                                plan.window,
                                each,
                                plan.threads),
                        Figures.memory(idle) + "; " + used.sentence()),
                document);
    }

    /** Noise from 0 to 1. */
    private static Volume scan(Shape3 size) {
        SplittableRandom random = new SplittableRandom(0);
        float[] values = new float[Math.toIntExact(size.voxels())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(1, 1 << 16) / 65536f;
        }
        return new Volume(size, Affine.identity(), values);
    }

    private static long distinct(LabelMap map) {
        boolean[] seen = new boolean[256];
        long count = 0;
        for (int i = 0; i < map.classes().length; i++) {
            count += seen[map.at(i)] ? 0 : 1;
            seen[map.at(i)] = true;
        }
        return count;
    }
}
