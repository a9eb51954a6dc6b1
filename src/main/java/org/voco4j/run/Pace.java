package org.voco4j.run;

import java.util.Map;

/** How fast a run goes, and how long it will take. */
public final class Pace {
    private static final double MEMORY = 0.95; // weight of the past in the mean time of a step

    private final int steps;
    private final int crops;
    private double meanSeconds = Double.NaN;
    private long last = System.nanoTime();
    private int sinceTold;
    private long told = System.nanoTime();
    private int step;

    public Pace(int step, int steps, int crops) {
        this.step = step;
        this.steps = steps;
        this.crops = crops;
    }

    /** A step was taken, loading included. */
    public void add(Map<String, Double> line) {
        long now = System.nanoTime();
        double seconds = (now - last) / 1e9;
        last = now;
        meanSeconds = Double.isNaN(meanSeconds) ? seconds : MEMORY * meanSeconds + (1 - MEMORY) * seconds;
        step = (int) Math.round(line.getOrDefault("step", 0.0));
        sinceTold++;
    }

    /** Time that went into something else is not counted. */
    public void pause() {
        long now = System.nanoTime();
        told += now - last;
        last = now;
    }

    /** Says where the run is. */
    public void tell(RunLog log, Map<String, Double> line) {
        long now = System.nanoTime();
        double rate = sinceTold * crops / Math.max(1e-9, (now - told) / 1e9);
        told = now;
        sinceTold = 0;
        log.progress(step, steps, line.getOrDefault("loss", Double.NaN), rate, meanSeconds * (steps - step));
    }
}
