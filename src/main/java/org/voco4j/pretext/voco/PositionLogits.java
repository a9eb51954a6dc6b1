package org.voco4j.pretext.voco;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Eq. 1: how alike a random crop and each base are, as a number in [0, 1].
 *
 * <pre>  l_i = g(cos(p, q_i)) </pre>
 *
 * <p>The paper says that the cosine "ranges from 0 to 1", which it does not. The released code takes the ReLU, and so
 * do both variants here; where a true base has a cosine below 0 its gradient is zero ("dead positive", {@link
 * #deadPositives}).
 */
public final class PositionLogits {

    /** How a cosine in [−1, 1] becomes a logit in [0, 1]. */
    public enum Range {
        /** max(0, cos), as released. */
        RELU,
        /** (1 + cos)/2: never without a gradient; neither source has it. */
        SHIFTED
    }

    private PositionLogits() {}

    /**
     * The logits of a single network: cos(p, q), gradients stopped at q where asked (§3.2).
     *
     * @param p crops [B, K, D]
     * @param q bases [B, n, D]
     * @return [B, K, n]
     */
    public static Tensor of(Tensor p, Tensor q, Range range, boolean stopGradient) {
        return bounded(Cosine.between(p, stopGradient ? q.detach() : q), range);
    }

    /**
     * The logits with a teacher, as released: ½(g(cos(p, q̄)) + g(cos(p̄, q))), bars from the teacher, without gradient.
     * Stopping the gradient at q as well leaves the first half only to learn from.
     */
    public static Tensor of(Tensor p, Tensor q, Tensor teacherP, Tensor teacherQ, Range range, boolean stopGradient) {
        Tensor forward = bounded(Cosine.between(p, teacherQ.detach()), range);
        Tensor backward = bounded(Cosine.between(teacherP.detach(), stopGradient ? q.detach() : q), range);
        return forward.plus(backward).times(0.5);
    }

    private static Tensor bounded(Tensor cosine, Range range) {
        return range == Range.RELU ? cosine.relu() : cosine.plus(1).times(0.5);
    }

    /** The share of positive pairs (y &gt; 0) whose logit is 0, through which no gradient passes: one value. */
    static Tensor deadPositives(Tensor labels, Tensor logits) {
        Tensor positive = Ops.isAbove(labels, 0);
        return positive.times(Ops.isEqualTo(logits, 0))
                .sum()
                .over(positive.sum().atLeast(1));
    }
}
