package org.voco4j.pretext.part;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** How often one of those that are right has the highest score. */
public final class TopOne {
    private static final double NEVER = 1e9; // taken off the score of what is not right

    private TopOne() {}

    /**
     * The share of rows in which no score is above the highest of the right ones.
     *
     * @param scores [B, K], far smaller than 1e9
     * @param right [B, K], 1 at the right ones of each row, else 0
     * @return one value, without a graph
     */
    public static Tensor share(Tensor scores, Tensor right) {
        return wrong(scores, right).mean().times(-1).plus(1);
    }

    /** The same share of some rows: those where {@code counted} [B, 1] is 1 and not 0; of none it is 1. */
    public static Tensor share(Tensor scores, Tensor right, Tensor counted) {
        Tensor wrong = wrong(scores, right).times(counted).sum();
        return wrong.over(counted.sum().atLeast(1)).times(-1).plus(1);
    }

    /** 1 where a score is above the highest of the right ones, else 0: [B, 1]. */
    private static Tensor wrong(Tensor scores, Tensor right) {
        Tensor told = scores.detach();
        Tensor best = Ops.largest(told.minus(right.times(-1).plus(1).times(NEVER)), 1);
        return Ops.isAbove(Ops.largest(told, 1).minus(best), 0);
    }
}
