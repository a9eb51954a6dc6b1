package org.voco4j.engine.optim;

/**
 * Linear warm-up, then a cosine between the base rate and 0 that does not end: the released fine-tuning.
 *
 * <pre>
 *   η(s) = η₀ · s / max(1, W − 1)                         for s &lt; W
 *   η(s) = η₀ · ½·(1 + cos(π·(s − W) / max(1, E − W)))    for s ≥ W
 * </pre>
 *
 * <p>It is MONAI's LinearWarmupCosineAnnealingLR in closed form. The paper has one warm-up and one cosine over the run; the
 * released scripts give the numbers of warm-up and epochs and then step it after every batch, so that the rate comes up
 * again every 2·(E − W) steps and ends where it happens to be.
 *
 * @param base η₀
 * @param warmup W, steps
 * @param half E, the step at which it is 0 for the first time
 */
public record RepeatedWarmupCosine(double base, int warmup, int half) {

    /** The rate of a step, counted from 0. */
    public double rate(int step) {
        if (step < warmup) {
            return base * step / Math.max(1, warmup - 1);
        }
        double progress = (step - warmup) / (double) Math.max(1, half - warmup);
        return base * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
