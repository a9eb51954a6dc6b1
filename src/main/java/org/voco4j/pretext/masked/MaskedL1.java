package org.voco4j.pretext.masked;

import org.voco4j.engine.tensor.Tensor;

/**
 * The mean absolute error of hidden voxels (Xie et al., CVPR 2022, §3.4).
 *
 * <pre>  L = Σ |x − y|·w / (C·Σ w) </pre>
 */
final class MaskedL1 {
    private MaskedL1() {}

    /**
     * The loss of a batch.
     *
     * @param predicted y, [B, C, X, Y, Z]
     * @param image x, as large
     * @param hidden w, [B, 1, X, Y, Z]: 1 at hidden voxels, else 0; at least one is hidden
     * @return one value
     */
    static Tensor of(Tensor predicted, Tensor image, Tensor hidden) {
        Tensor error = predicted.minus(image).abs().times(hidden).sum();
        return error.over(hidden.sum().times((double) image.size(1)));
    }
}
