package org.voco4j.pretext.part.pair;

import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Samples mixed with others of their batch (Zhang et al., ICLR 2018).
 *
 * <pre>  x̃ = λ·x + (1 − λ)·x_π,    λ = max(u, 1 − u),  u uniform in [0, 1) </pre>
 *
 * @param share λ
 * @param partners π, a permutation of the batch
 */
public record Mixing(double share, int[] partners) {

    /** Draws a mixing of so many samples. */
    public static Mixing draw(int samples, SplittableRandom random) {
        double share = share(random);
        int[] partners = new int[samples];
        for (int i = 0; i < samples; i++) { // Fisher and Yates, from within
            int j = random.nextInt(i + 1);
            partners[i] = partners[j];
            partners[j] = i;
        }
        return new Mixing(share, partners);
    }

    /** A drawn λ. */
    public static double share(SplittableRandom random) {
        double u = random.nextDouble();
        return Math.max(u, 1 - u);
    }

    /** The mixed samples, [B, …] → the same shape. */
    public Tensor of(Tensor x) {
        long[] rows = new long[partners.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = partners[i];
        }
        Tensor numbers = Tensor.of(rows, rows.length).to(x.device());
        Tensor others = Rearrange.rows(x.reshape(rows.length, -1), numbers).reshape(x.shape());
        return x.times(share).plus(others.times(1 - share));
    }
}
