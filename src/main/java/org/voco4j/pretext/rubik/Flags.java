package org.voco4j.pretext.rubik;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** How well yes or no is told where one of both is rarer. */
final class Flags {
    private Flags() {}

    /**
     * The mean of two shares: of those that are 1, logits above 0, and of those that are 0, logits not above; 0.5 for any guess.
     *
     * <p>A share of none counts as ½.
     *
     * @param logits [B, m]
     * @param flags [B, m], 1 or 0
     * @return one value, without a graph
     */
    static Tensor balancedAccuracy(Tensor logits, Tensor flags) {
        Tensor yes = Ops.isAbove(logits.detach(), 0);
        Tensor no = yes.times(-1).plus(1);
        return share(yes, flags).plus(share(no, flags.times(-1).plus(1))).times(0.5);
    }

    /** The share of right ones among those that are asked for; ½ of none, as a sum with half a case that is half right. */
    private static Tensor share(Tensor right, Tensor asked) {
        Tensor count = asked.sum();
        Tensor none = Ops.isEqualTo(count, 0);
        return right.times(asked).sum().plus(none.times(0.5)).over(count.atLeast(1));
    }
}
