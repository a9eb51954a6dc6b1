package org.voco4j.pretext.voco;

import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/** Eq. 4 and 5: how alike the bases of one volume are to each other; s_ij = cos(q_i, q_j). */
public enum RegularizationLoss {
    /**
     * The paper's factor in its plain sense: the mean over unordered pairs.
     *
     * <pre>  L_reg = 2/(n(n − 1)) Σ_{i&lt;j} |s_ij| </pre>
     */
    ABSOLUTE {
        @Override
        Tensor of(Tensor bases) {
            return upperMean(Cosine.between(bases, bases).abs(), bases);
        }
    },
    /**
     * Eq. 5 to the letter: the sum over all ordered pairs i ≠ j counts each pair twice.
     *
     * <pre>  L_reg = 2/(n(n − 1)) Σ_{i≠j} |s_ij| </pre>
     */
    ABSOLUTE_ORDERED {
        @Override
        Tensor of(Tensor bases) {
            return ABSOLUTE.of(bases).times(2);
        }
    },
    /**
     * The released code's, which lets bases be opposite and stops the gradient at the second of each pair.
     *
     * <pre>  L_reg = 2/(n(n − 1)) Σ_{i&lt;j} max(0, cos(q_i, sg q_j))² </pre>
     */
    SQUARED {
        @Override
        Tensor of(Tensor bases) {
            return upperMean(Cosine.between(bases, bases.detach()).relu().square(), bases);
        }
    },
    /**
     * nnssl's: the released one without the square, and with gradients at both of each pair.
     *
     * <pre>  L_reg = 2/(n(n − 1)) Σ_{i&lt;j} max(0, s_ij) </pre>
     */
    POSITIVE {
        @Override
        Tensor of(Tensor bases) {
            return upperMean(Cosine.between(bases, bases).relu(), bases);
        }
    };

    /** The mean over volumes. Shapes: [B, n, D] → one value. */
    abstract Tensor of(Tensor bases);

    private static Tensor upperMean(Tensor pairs, Tensor bases) {
        long n = bases.size(1);
        return Rearrange.upperTriangle(pairs, 1).sum().times(2.0 / (n * (n - 1.0)) / bases.size(0));
    }
}
