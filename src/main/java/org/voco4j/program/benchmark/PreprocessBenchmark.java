package org.voco4j.program.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.Usage;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What it costs to read and prepare one scan, from the file to the values that are trained on; libtorch has no part in it.
 *
 * <p>The memory above that of the idle program is the largest resident size of the process less the one before the scan
 * was opened.
 */
public final class PreprocessBenchmark {
    private PreprocessBenchmark() {}

    /**
     * Reads and prepares a scan several times.
     *
     * @throws UsageException if there are no repeats, or the file is no scan that can be used
     */
    public static BenchmarkResult run(Path file, Preprocessing preprocessing, int threads, int repeats) {
        if (repeats < 1) {
            throw new UsageException("--repeats must be at least 1, not " + repeats);
        }
        long idle = Engine.residentBytes();
        List<Double> load = new ArrayList<>();
        List<Usage> total = new ArrayList<>();
        Preprocessing.Prepared made = null;
        for (int i = 0; i < repeats; i++) {
            made = null; // or it would lie in memory beside the next
            Usage start = Usage.now();
            try {
                Volume scan = ScanFile.read(file);
                load.add(Usage.now().since(start).seconds());
                made = preprocessing.prepare(Channels.of(scan), null, threads);
            } catch (IOException e) {
                throw new UsageException(FileReason.of(e), e);
            } catch (IllegalArgumentException e) {
                throw new UsageException(file + ": " + e.getMessage(), e);
            }
            total.add(Usage.now().since(start));
        }
        if (made == null) {
            throw new IllegalStateException("nothing was prepared");
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "preprocess");
        document.put("file", String.valueOf(file.getFileName()));
        document.put("threads", threads);
        document.put("repeats", repeats);
        List<Double> seconds = total.stream().map(Usage::seconds).toList();
        double median = Usage.median(seconds);
        double cpu = Usage.median(total.stream().map(Usage::cpuSeconds).toList());
        List<Double> rest = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            rest.add(seconds.get(i) - load.get(i));
        }
        Usage all = total.stream().reduce(Usage::plus).orElseThrow();
        document.put("seconds", Figures.rounded(median, 4));
        document.put("cpu_seconds", Figures.rounded(cpu, 4));
        document.put("first_s", Figures.rounded(seconds.get(0), 4));
        Map<String, Object> steps = new LinkedHashMap<>();
        steps.put("load", Figures.rounded(Usage.median(load), 4));
        steps.put("prepare", Figures.rounded(Usage.median(rest), 4));
        document.put("steps_s", steps);
        document.putAll(all.document());
        document.put("shapes", shapes(made.back()));
        double[] moments = moments(made.image().single().voxels());
        document.put("output_mean", Figures.rounded(moments[0], 6));
        document.put("output_std", Figures.rounded(moments[1], 6));
        Figures.putMemory(document, idle);
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "%.3f s per scan (median of %d, the first %.3f), of which reading %.3f, CPU %.3f s; %d threads",
                median,
                repeats,
                seconds.get(0),
                Usage.median(load),
                cpu,
                threads));
        sentences.add(String.format(
                Locale.ROOT,
                "%s voxels became %s; mean %.6f, deviation %.6f",
                made.back().stored().shape(),
                made.image().shape(),
                moments[0],
                moments[1]));
        sentences.add(Figures.memory(idle) + "; " + all.sentence());
        return new BenchmarkResult(sentences, document);
    }

    /** The grid after each step that changes it, with one channel in front. */
    private static Map<String, Object> shapes(InversePreprocessing back) {
        Map<String, Object> shapes = new LinkedHashMap<>();
        shapes.put("load", sizes(back.stored().shape()).subList(1, 4));
        shapes.put("spacing", sizes(back.spaced().shape()));
        shapes.put("foreground", sizes(back.box().shape()));
        shapes.put("resize", sizes(back.prepared().shape()));
        return shapes;
    }

    private static List<Integer> sizes(Shape3 shape) {
        return List.of(1, shape.x(), shape.y(), shape.z());
    }

    private static double[] moments(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        return new double[] {mean, Math.sqrt(Math.max(0, squares / values.length - mean * mean))};
    }
}
