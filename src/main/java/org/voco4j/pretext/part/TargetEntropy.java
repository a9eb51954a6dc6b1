package org.voco4j.pretext.part;

import org.voco4j.engine.tensor.Tensor;

/** How much a teacher's targets tell apart, as shares of the largest entropy, log K; q: […, K], rows of sum 1. */
public final class TargetEntropy {
    private static final double EPSILON = 1e-12;

    private TargetEntropy() {}

    /** The mean entropy of targets: 1 where none is told apart from any other. */
    public static Tensor of(Tensor q) {
        Tensor rows = rows(q);
        return rows.times(rows.plus(EPSILON).log()).sumKeeping(1).mean().times(-1 / Math.log((double) rows.size(1)));
    }

    /** The entropy of the mean target: 0 where all crops are told to be the same one thing. */
    public static Tensor ofMean(Tensor q) {
        return of(rows(q).mean(0).reshape(1, -1));
    }

    private static Tensor rows(Tensor q) {
        long[] shape = q.shape();
        return q.reshape(-1, shape[shape.length - 1]);
    }
}
