package org.voco4j.pretext.jssl;

import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.TokenMask;

/** Which slabs of crops are hidden, and what it costs to tell them wrongly. */
final class HiddenSlabs {
    private HiddenSlabs() {}

    /**
     * 1 where hidden, as many of each crop, [B, S, 1].
     *
     * @param share of the slabs, rounded up
     */
    static Tensor draw(long crops, int slabs, double share, SplittableRandom random, Tensor like) {
        float[] mask = new float[Math.toIntExact(crops * slabs)];
        double whole = Math.ceil(share * slabs) / slabs;
        for (int i = 0; i < crops; i++) {
            float[] one = TokenMask.draw(random.doubles(slabs).toArray(), whole);
            System.arraycopy(one, 0, mask, i * slabs, slabs);
        }
        return Tensor.of(mask, crops, slabs, 1).to(like.device());
    }

    /** The mean of (p − t)² over all embeddings, divided by the number of slabs that the share is of, rounded down; at least 1. */
    static Tensor error(Tensor predicted, Tensor target, double share) {
        double hidden = Math.max(1, Math.floor(share * target.size(1)));
        return predicted.minus(target).square().mean().times(1 / hidden);
    }
}
