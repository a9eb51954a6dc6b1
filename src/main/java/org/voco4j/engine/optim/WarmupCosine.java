package org.voco4j.engine.optim;

/**
 * Linear warm-up, then half a cosine down to zero.
 *
 * <pre>
 *   η(s) = η₀ · s / max(1, W)                                   for s &lt; W
 *   η(s) = η₀ · max(0, ½·(1 + cos(π·(s − W) / max(1, S − W))))  for s ≥ W
 * </pre>
 *
 * <p>The schedule of the released pre-training (and of MONAI's WarmupCosineSchedule with half a cycle); the first step
 * has rate 0.
 *
 * @param base η₀
 * @param warmup W, steps
 * @param total S, steps
 */
public record WarmupCosine(double base, int warmup, int total) {

    /** The rate of a step, counted from 0. */
    public double rate(int step) {
        if (step < warmup) {
            return base * step / Math.max(1, warmup);
        }
        double progress = (step - warmup) / (double) Math.max(1, total - warmup);
        return base * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
