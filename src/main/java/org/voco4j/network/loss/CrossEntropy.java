package org.voco4j.network.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The cross entropy of a softmax over classes, averaged over voxels and samples.
 *
 * <pre>  L = −(1/N) Σ_v Σ_k y_vk · log softmax(l_v)_k            N = B·X·Y·Z </pre>
 */
public final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * The loss.
     *
     * @param logits [B, K, X, Y, Z]
     * @param truth [B, K, X, Y, Z], the indicators of one class per voxel
     * @return one value
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Tensor of(Tensor logits, Tensor truth) {
        return of(logits, truth, null);
    }

    /** The same over some voxels: those where {@code counted} [B, 1, X, Y, Z] is 1 and not 0; null for all. */
    public static Tensor of(Tensor logits, Tensor truth, @Nullable Tensor counted) {
        if (!Arrays.equals(logits.shape(), truth.shape())) {
            throw new IllegalArgumentException("the logits have shape " + Arrays.toString(logits.shape())
                    + ", the truth " + Arrays.toString(truth.shape()));
        }
        // A mask, not a gather: the gradient of a gather has no deterministic form on CUDA.
        Tensor chosen = Ops.logSoftmax(logits, 1).times(truth); // [B, K, X, Y, Z]
        if (counted == null) {
            return chosen.sum().times(-(double) logits.size(1) / logits.count());
        }
        return chosen.times(counted).sum().over(counted.sum().atLeast(1)).times(-1);
    }
}
