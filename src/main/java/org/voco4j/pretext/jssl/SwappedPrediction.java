package org.voco4j.pretext.jssl;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of two views that are to tell each other's clusters (SwAV, Caron et al., NeurIPS 2020).
 *
 * <pre>
 *   S = z·Cᵀ                     scores of the features z [B, D] by the prototypes C [K, D], both of length 1
 *   L = ½·[ CE(q₁, S₂/T) + CE(q₂, S₁/T) ],    CE(q, s) = −mean Σ q·log softmax s,    no gradient through q
 * </pre>
 */
final class SwappedPrediction {
    private static final int ROUNDS = 3;

    private SwappedPrediction() {}

    /**
     * L.
     *
     * @param first S₁, [B, K]
     * @param second S₂
     * @param firstTarget q₁, [B, K]
     * @param secondTarget q₂
     */
    static Tensor of(Tensor first, Tensor second, Tensor firstTarget, Tensor secondTarget, double temperature) {
        return entropy(firstTarget, second, temperature)
                .plus(entropy(secondTarget, first, temperature))
                .times(0.5);
    }

    private static Tensor entropy(Tensor target, Tensor scores, double temperature) {
        return Ops.logSoftmax(scores.times(1 / temperature), 1)
                .times(target)
                .sumKeeping(1)
                .mean()
                .times(-1);
    }

    /**
     * Targets that share the rows out among all clusters (Sinkhorn and Knopp; Cuturi, NeurIPS 2013): exp(S/ε), three times divided by the
     * sums of its columns, then of its rows; each row adds up to 1.
     *
     * @param scores S, [B, K]
     * @param epsilon ε
     * @return q, [B, K], without a graph
     */
    static Tensor shared(Tensor scores, double epsilon) {
        long rows = scores.size(0);
        long clusters = scores.size(1);
        Tensor q = Ops.softmax(scores.detach().times(1 / epsilon).reshape(1, -1), 1)
                .reshape(rows, clusters);
        for (int i = 0; i < ROUNDS; i++) {
            q = q.over(q.sumKeeping(0)).times(1.0 / clusters);
            q = q.over(q.sumKeeping(1)).times(1.0 / rows);
        }
        return q.times((double) rows);
    }

    /** 1 at the cluster of the highest score of each row, else 0: [B, K], without a graph. */
    static Tensor nearest(Tensor scores) {
        Tensor told = scores.detach();
        return Ops.isEqualTo(told.minus(Ops.largest(told, 1)), 0);
    }

    /** How many clusters are the nearest of a row. */
    static Tensor used(Tensor scores) {
        return Ops.largest(nearest(scores), 0).sum();
    }
}
