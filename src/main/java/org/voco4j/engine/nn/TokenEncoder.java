package org.voco4j.engine.nn;

import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.tensor.Tensor;

/** An encoder that cuts its image into patches, each a token of so many numbers, so that a patch can be hidden from it. */
public interface TokenEncoder {
    /** Voxels of a patch along each axis. */
    List<Integer> patch();

    /** Numbers of a token. */
    int tokenSize();

    /** Whether {@link #deepest} depends on a weight. */
    boolean isInDeepest(String weight);

    /**
     * The transformer's last map, where other tokens stand for hidden patches: t = (1 − w)·t + w·M.
     *
     * @param x [B, C, X, Y, Z]
     * @param hidden w, [B, 1, X/p, Y/p, Z/p]: 1 where a patch is hidden, else 0
     * @param token M, what stands for a hidden patch
     * @return [B, C_l, X_l, Y_l, Z_l] of the coarsest level l
     */
    Tensor deepest(Tensor x, Tensor hidden, Tensor token);

    /** t = (1 − w)·t + w·M for tokens [B, h, …] as a map. */
    static Tensor masked(Tensor tokens, Tensor hidden, Tensor token) {
        long[] shape = new long[tokens.shape().length];
        Arrays.fill(shape, 1);
        shape[1] = token.count();
        Tensor seen = hidden.times(-1).plus(1);
        return tokens.times(seen).plus(hidden.times(token.reshape(shape)));
    }
}
