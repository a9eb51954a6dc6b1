package org.voco4j.pretext.part;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** How often the right one of several has the highest score. */
public final class TopOne {
    private TopOne() {}

    /**
     * The share of rows in which no score is above the right one's.
     *
     * @param scores [B, K]
     * @param right [B, K], 1 at the right one of each row, else 0
     * @return one value, without a graph
     */
    public static Tensor share(Tensor scores, Tensor right) {
        Tensor told = scores.detach();
        Tensor above = Ops.isAbove(told.minus(told.times(right).sumKeeping(1)), 0); // [B, K]
        Tensor wrong = Ops.isAbove(above.sumKeeping(1), 0).mean();
        return wrong.times(-1).plus(1);
    }
}
