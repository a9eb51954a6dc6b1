package org.voco4j.program.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunEnvironment;
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
     * What was measured.
     *
     * @param sentences for people
     * @param document names and values for a JSON document
     */
    public record Result(List<String> sentences, Map<String, Object> document) {}

    /**
     * Reads and prepares a scan several times.
     *
     * @throws UsageException if there are no repeats, or the file is no scan that can be used
     */
    public static Result run(Path file, Preprocessing preprocessing, int threads, int repeats) {
        if (repeats < 1) {
            throw new UsageException("--repeats must be at least 1, not " + repeats);
        }
        long idle = Engine.residentBytes();
        double[] load = new double[repeats];
        double[] total = new double[repeats];
        Preprocessing.Prepared made = null;
        for (int i = 0; i < repeats; i++) {
            made = null; // or it would lie in memory beside the next
            long start = System.nanoTime();
            try {
                Volume scan = ScanFile.read(file);
                load[i] = seconds(start);
                made = preprocessing.prepare(Channels.of(scan), null, threads);
            } catch (IOException e) {
                throw new UsageException(FileReason.of(e), e);
            } catch (IllegalArgumentException e) {
                throw new UsageException(file + ": " + e.getMessage(), e);
            }
            total[i] = seconds(start);
        }
        long peak = Engine.peakResidentBytes();
        if (made == null) {
            throw new IllegalStateException("nothing was prepared");
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "preprocess");
        document.put("file", String.valueOf(file.getFileName()));
        document.put("threads", threads);
        document.put("repeats", repeats);
        document.put("seconds", rounded(median(total), 4));
        document.put("first_s", rounded(total[0], 4));
        Map<String, Object> steps = new LinkedHashMap<>();
        steps.put("load", rounded(median(load), 4));
        document.put("steps_s", steps);
        double[] rest = new double[repeats];
        Arrays.setAll(rest, i -> total[i] - load[i]);
        steps.put("prepare", rounded(median(rest), 4));
        document.put("shapes", shapes(made.back()));
        double[] moments = moments(made.image().single().voxels());
        document.put("output_mean", rounded(moments[0], 6));
        document.put("output_std", rounded(moments[1], 6));
        document.put("peak_rss_mb", mebibytes(peak));
        document.put("idle_rss_mb", mebibytes(idle));
        document.put("above_idle_mb", mebibytes(peak - idle));
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "%.3f s per scan (median of %d, the first %.3f), of which reading %.3f; %d threads",
                median(total),
                repeats,
                total[0],
                median(load),
                threads));
        sentences.add(String.format(
                Locale.ROOT,
                "%s voxels became %s; mean %.6f, deviation %.6f",
                made.back().stored().shape(),
                made.image().shape(),
                moments[0],
                moments[1]));
        sentences.add(String.format(
                Locale.ROOT, "Memory at most %.0f MiB, %.0f of them before", mebibytes(peak), mebibytes(idle)));
        return new Result(sentences, document);
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

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.rint(value * scale) / scale;
    }

    private static double mebibytes(long bytes) {
        return rounded(bytes / (double) (1L << 20), 1);
    }
}
