package org.voco4j.pretext.unimiss;

import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * What a student's outputs of one view cost beside a teacher's of the other (DINO, Caron et al., ICCV 2021).
 *
 * <pre>
 *   ce(S, T; c) = ½·[ ce₁₂ + ce₂₁ ],   ce_vw = −mean Σ q_v·p_w,   q = softmax((T − c)/τ_t),  p = log softmax(S/τ_s)
 *   then c ← m·c + (1 − m)·mean T
 * </pre>
 *
 * @param teacher τ_t
 * @param student τ_s
 * @param kept m
 */
record Centred(double teacher, double student, double kept) {
    /**
     * The cost; the centre moves after it.
     *
     * @param said S, [2B, K]: of first views, then of second ones
     * @param taught T, likewise, without a graph
     * @param centre c, [K]
     */
    Tensor cost(Tensor said, Tensor taught, Tensor centre) {
        long half = said.size(0) / 2;
        Tensor q = target(taught, centre);
        Tensor p = Ops.logSoftmax(said.times(1 / student), 1);
        Tensor cost = cross(q.narrow(0, 0, half), p.narrow(0, half, half))
                .plus(cross(q.narrow(0, half, half), p.narrow(0, 0, half)))
                .times(0.5);
        InPlace.average(centre, kept, taught.mean(0));
        return cost;
    }

    private static Tensor cross(Tensor q, Tensor p) {
        return q.times(p).sumKeeping(1).mean().times(-1);
    }

    /** q, [2B, K]. */
    Tensor target(Tensor taught, Tensor centre) {
        return Ops.softmax(taught.minus(centre).times(1 / teacher), 1);
    }
}
