package org.voco4j.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.LayerTimes;

/**
 * What steps took.
 *
 * @param steps that count, in their order
 * @param losses of all steps in their order, those that warmed up included
 * @param profile of the steps that count; null where none was asked for
 */
public record StepTimes(
        List<Usage> steps, List<Double> losses, @Nullable Profile profile) {

    /** Takes a step; its loss. */
    @FunctionalInterface
    public interface Step {
        double take() throws IOException, InterruptedException;
    }

    /** Copies the lists. */
    public StepTimes {
        steps = List.copyOf(steps);
        losses = List.copyOf(losses);
    }

    /**
     * Takes steps one after the other.
     *
     * @param warmup steps that are taken first and do not count
     * @param steps that count, at least 1
     * @param profiled whether the time of each kind of layer is taken too
     */
    public static StepTimes of(int warmup, int steps, boolean profiled, Step step)
            throws IOException, InterruptedException {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < warmup; i++) {
            losses.add(step.take());
        }
        if (!profiled) {
            return new StepTimes(counted(steps, step, losses), losses, null);
        }
        try (LayerTimes times = LayerTimes.open()) {
            List<Usage> counted = counted(steps, step, losses);
            double seconds = counted.stream().mapToDouble(Usage::seconds).sum();
            return new StepTimes(counted, losses, new Profile(times.rows(seconds), steps));
        }
    }

    private static List<Usage> counted(int steps, Step step, List<Double> losses)
            throws IOException, InterruptedException {
        List<Usage> taken = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            Usage before = Usage.now();
            losses.add(step.take());
            taken.add(Usage.now().since(before));
        }
        return taken;
    }

    /** Seconds on the wall of the median step. */
    public double median() {
        return Usage.median(steps.stream().map(Usage::seconds).toList());
    }

    /** CPU seconds of the median step. */
    public double medianCpu() {
        return Usage.median(steps.stream().map(Usage::cpuSeconds).toList());
    }

    public double fastest() {
        return steps.stream().mapToDouble(Usage::seconds).min().orElseThrow();
    }

    public double slowest() {
        return steps.stream().mapToDouble(Usage::seconds).max().orElseThrow();
    }

    /** All steps that count together. */
    public Usage total() {
        return steps.stream().reduce(Usage::plus).orElseThrow();
    }

    /** For a JSON document, with the names that the benchmarks of other implementations use. */
    public Map<String, @Nullable Object> document(int cropsPerStep) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("median_s_per_step", rounded(median()));
        document.put("median_cpu_s_per_step", rounded(medianCpu()));
        document.put("min_s", rounded(fastest()));
        document.put("max_s", rounded(slowest()));
        document.put("crops_per_s", rounded(cropsPerStep / median()));
        document.put("cpu_seconds", rounded(total().cpuSeconds()));
        document.putAll(total().document());
        document.put("profile", profile == null ? null : profile.document());
        document.put("losses", losses.stream().map(StepTimes::rounded).toList());
        return document;
    }

    /**
     * The same for a reader.
     *
     * @param things what goes through the network
     * @param perStep how many of them
     */
    public String sentence(String things, int perStep) {
        return String.format(
                Locale.ROOT,
                "%.3f s per step (median of %d; %.3f to %.3f), CPU %.3f s, %.2f %s/s",
                median(),
                steps.size(),
                fastest(),
                slowest(),
                medianCpu(),
                perStep / median(),
                things);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }
}
