package org.voco4j.pretext.voco;

import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** Eq. 2 and 3: how far the logits are from the labels. Shapes: labels y and logits l are [B, K, n]. */
public enum PredictionLoss {
    /**
     * The paper's: every pair counts alike.
     *
     * <pre>  d_i = |y_i − l_i|          L_pred = −(1/n) Σ log(1 − d_i + ε)          mean also over crops and volumes </pre>
     *
     * ε = 1e-6 is ours: a distance of 1 would be infinite.
     */
    DISTANCE {
        @Override
        Tensor of(Tensor labels, Tensor logits, double epsilon) {
            return surprise(labels, logits, epsilon).mean();
        }
    },
    /**
     * The released code's: true bases weighted by their share, the others pushed to zero by squares.
     *
     * <pre>  L_pos = Σ y·(−log(1 − d + ε)) / (Σ y + ε)      L_neg = Σ_{y=0} l² / (#{y = 0} + ε)      mean over volumes </pre>
     */
    POSITIVE_NEGATIVE {
        @Override
        Tensor of(Tensor labels, Tensor logits, double epsilon) {
            return positive(labels, logits, epsilon).plus(negative(labels, logits, epsilon));
        }
    },
    /**
     * TPAMI's: the true bases as in {@link #POSITIVE_NEGATIVE}, the others pushed to zero by logarithms.
     *
     * <pre>  L_neg = −Σ_{y=0} log(1 − l + ε) / (#{y = 0} + ε) </pre>
     */
    LOG_NEGATIVE {
        @Override
        Tensor of(Tensor labels, Tensor logits, double epsilon) {
            Tensor none = Ops.isEqualTo(labels, 0);
            Tensor negative = meanOf(none, none.times(surprise(labels, logits, epsilon)), epsilon);
            return positive(labels, logits, epsilon).plus(negative);
        }
    },
    /**
     * nnssl's: the released code's with each sum over the whole batch at once, so that a volume with more positives counts more.
     *
     * <pre>  L_pos = Σ y·(−log(1 − d + ε)) / Σ y      L_neg = Σ_{y=0} l² / Σ (1[y = 0] + ε) </pre>
     */
    OVER_BATCH {
        @Override
        Tensor of(Tensor labels, Tensor logits, double epsilon) {
            Tensor none = Ops.isEqualTo(labels, 0);
            Tensor positive =
                    labels.times(surprise(labels, logits, epsilon)).sum().over(labels.sum());
            Tensor negative =
                    none.times(logits.square()).sum().over(none.plus(epsilon).sum());
            return positive.plus(negative);
        }
    };

    /** The ε of all. */
    static final double EPSILON = 1e-6;

    abstract Tensor of(Tensor labels, Tensor logits, double epsilon);

    static Tensor positive(Tensor labels, Tensor logits, double epsilon) {
        Tensor sum = labels.times(surprise(labels, logits, epsilon)).sumKeeping(1, 2); // [B, 1, 1]
        return sum.over(labels.sumKeeping(1, 2).plus(epsilon)).mean();
    }

    static Tensor negative(Tensor labels, Tensor logits, double epsilon) {
        Tensor none = Ops.isEqualTo(labels, 0);
        return meanOf(none, none.times(logits.square()), epsilon);
    }

    /** The mean of values over the pairs that count, [B, K, n] both, then over volumes. */
    private static Tensor meanOf(Tensor counted, Tensor values, double epsilon) {
        Tensor sum = values.sumKeeping(1, 2); // [B, 1, 1]
        // As released, ε is added to this whole number in 32 bits, also where all else has 64.
        return sum.over(counted.sumKeeping(1, 2).to(DType.F32).plus(epsilon)).mean();
    }

    /** −log(1 − |y − l| + ε). */
    private static Tensor surprise(Tensor labels, Tensor logits, double epsilon) {
        Tensor distance = labels.minus(logits).abs();
        return distance.times(-1).plus(1 + epsilon).log().times(-1);
    }
}
