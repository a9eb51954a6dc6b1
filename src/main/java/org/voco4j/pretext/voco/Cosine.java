package org.voco4j.pretext.voco;

import org.voco4j.engine.tensor.Tensor;

/** Cosine similarity, cos(a, b) = a·b / (‖a‖ ‖b‖), each norm at least 1e-8: the measure of Eq. 1 and Eq. 4. */
final class Cosine {
    private static final double SMALLEST_SQUARE = 1e-16;

    private Cosine() {}

    /** Of every row with every row: [B, K, D] and [B, n, D] → [B, K, n]. */
    static Tensor between(Tensor a, Tensor b) {
        return unit(a).matmul(unit(b).transpose(1, 2));
    }

    private static Tensor unit(Tensor rows) {
        return rows.over(rows.square().sumKeeping(-1).atLeast(SMALLEST_SQUARE).sqrt());
    }
}
