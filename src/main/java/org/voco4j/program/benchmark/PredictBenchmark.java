package org.voco4j.program.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.LayerTimes;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Profile;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.Usage;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What it costs to segment one scan that is in memory: to prepare it, to run its windows, to blend them, and to bring the
 * labels back.
 */
public final class PredictBenchmark {
    private PredictBenchmark() {}

    /**
     * What is measured.
     *
     * @param size voxels of the scan
     * @param precision what the network computes in
     * @param maxMemory bytes that the process may take
     * @param repeats how often the scan is segmented
     * @param profiled whether the time of each kind of layer is taken too
     */
    public record Plan(Shape3 size, Precision precision, long maxMemory, int threads, int repeats, boolean profiled) {

        /** Checks the numbers. */
        public Plan {
            if (repeats < 1) {
                throw new UsageException("--repeats must be at least 1, not " + repeats);
            }
        }
    }

    /** One time through the scan: what it took, and how many windows it had at how many seconds. */
    private record Pass(Usage used, int windows, double perWindow, LabelMap found) {}

    /**
     * Measures.
     *
     * @throws UsageException if there is no such network, or it cannot segment such a scan
     */
    public static BenchmarkResult run(NetworkChoice network, Plan plan, Device device) {
        Figures.requireProfilable(plan.profiled, device);
        long idle = Engine.residentBytes();
        List<Pass> passes = new ArrayList<>();
        Profile profile = null;
        ModelCard card;
        try (Segmenter segmenter = network.open(device);
                Autocast cast = Autocast.open(device, plan.precision)) {
            card = segmenter.card();
            Channels scan = scan(plan.size, card.channels());
            try (LayerTimes times = plan.profiled ? LayerTimes.open() : null) {
                for (int i = 0; i < plan.repeats; i++) {
                    passes.add(pass(segmenter, scan, plan));
                }
                if (times != null) {
                    profile = new Profile(times.rows(all(passes).seconds()), plan.repeats);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        return result(card, plan, passes, profile, idle, device);
    }

    private static Usage all(List<Pass> passes) {
        return passes.stream().map(Pass::used).reduce(Usage::plus).orElseThrow();
    }

    private static Pass pass(Segmenter segmenter, Channels scan, Plan plan) {
        int[] windows = new int[1];
        long[] times = new long[2]; // of the first and the last window
        SegmenterOptions options = SegmenterOptions.DEFAULT
                .withMaxMemory(plan.maxMemory)
                .withThreads(plan.threads)
                .withProgress((done, of) -> {
                    windows[0] = of;
                    times[done == 1 ? 0 : 1] = System.nanoTime();
                });
        Usage before = Usage.now();
        LabelMap found = segmenter.segment(scan, options).labels();
        Usage used = Usage.now().since(before);
        double each = windows[0] > 1 ? (times[1] - times[0]) / 1e9 / (windows[0] - 1) : used.seconds();
        return new Pass(used, windows[0], each, found);
    }

    private static BenchmarkResult result(
            ModelCard card, Plan plan, List<Pass> passes, @Nullable Profile profile, long idle, Device device) {
        double seconds =
                Usage.median(passes.stream().map(pass -> pass.used.seconds()).toList());
        double cpu =
                Usage.median(passes.stream().map(pass -> pass.used.cpuSeconds()).toList());
        double each = Usage.median(passes.stream().map(Pass::perWindow).toList());
        Usage all = all(passes);
        Pass first = passes.get(0);
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "predict");
        document.put("model", card.backbone().facts());
        document.put("dtype", plan.precision == Precision.FP32 ? "float32" : "bfloat16");
        document.put("size", plan.size.edges());
        document.put("window", card.patch().edges());
        document.put("overlap", card.overlap());
        document.put("classes", card.labels().logits());
        document.put("threads", plan.threads);
        document.put("max_memory_mb", Figures.mebibytes(plan.maxMemory));
        document.put("repeats", plan.repeats);
        document.put("windows", first.windows);
        document.put("seconds", Figures.rounded(seconds, 3));
        document.put("cpu_seconds", Figures.rounded(cpu, 3));
        document.put("first_s", Figures.rounded(first.used.seconds(), 3));
        document.put("s_per_window", Figures.rounded(each, 5));
        document.put("voxels_per_s", Figures.rounded(plan.size.voxels() / seconds, 1));
        document.put("labels_found", distinct(first.found));
        document.putAll(all.document());
        Figures.putMemory(document, idle);
        document.put("profile", profile == null ? null : profile.document());
        document.put("environment", RunEnvironment.facts(device));
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "%s voxels, %s, %d classes: %.1f s (median of %d, the first %.1f), CPU %.1f s, %d windows of %s at %.4f s;"
                        + " %d threads",
                plan.size,
                card.backbone().encoder(),
                card.labels().logits(),
                seconds,
                plan.repeats,
                first.used.seconds(),
                cpu,
                first.windows,
                card.patch(),
                each,
                plan.threads));
        sentences.add(Figures.memory(idle) + "; " + all.sentence());
        Figures.addProfile(sentences, profile);
        return new BenchmarkResult(sentences, document);
    }

    /** Noise from 0 to 1. */
    private static Channels scan(Shape3 size, int channels) {
        SplittableRandom random = new SplittableRandom(0);
        List<Volume> volumes = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            float[] values = new float[Math.toIntExact(size.voxels())];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(1, 1 << 16) / 65536f;
            }
            volumes.add(new Volume(size, Affine.identity(), values));
        }
        return new Channels(volumes);
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
