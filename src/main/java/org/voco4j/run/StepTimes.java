package org.voco4j.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long steps took.
 *
 * @param seconds of each step that counts, ascending
 * @param losses of all steps in their order, those that warmed up included
 */
public record StepTimes(List<Double> seconds, List<Double> losses) {

    /** Takes a step; its loss. */
    @FunctionalInterface
    public interface Step {
        double take() throws IOException, InterruptedException;
    }

    /** Copies the lists. */
    public StepTimes {
        seconds = seconds.stream().sorted().toList();
        losses = List.copyOf(losses);
    }

    /**
     * Takes steps one after the other.
     *
     * @param warmup steps that are taken first and do not count
     * @param steps that count, at least 1
     */
    public static StepTimes of(int warmup, int steps, Step step) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < warmup + steps; i++) {
            long began = System.nanoTime();
            losses.add(step.take());
            if (i >= warmup) {
                seconds.add((System.nanoTime() - began) / 1e9);
            }
        }
        return new StepTimes(seconds, losses);
    }

    /** The middle one, or the mean of the two in the middle. */
    public double median() {
        int n = seconds.size();
        return (seconds.get((n - 1) / 2) + seconds.get(n / 2)) / 2;
    }

    public double fastest() {
        return seconds.get(0);
    }

    public double slowest() {
        return seconds.get(seconds.size() - 1);
    }

    /** For a JSON document, with the names that the benchmarks of other implementations use. */
    public Map<String, Object> document(int cropsPerStep) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("median_s_per_step", rounded(median()));
        document.put("min_s", rounded(fastest()));
        document.put("max_s", rounded(slowest()));
        document.put("crops_per_s", rounded(cropsPerStep / median()));
        document.put("losses", losses.stream().map(StepTimes::rounded).toList());
        return document;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }
}
