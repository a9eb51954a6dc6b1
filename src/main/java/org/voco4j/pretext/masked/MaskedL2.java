package org.voco4j.pretext.masked;

import org.voco4j.engine.tensor.Tensor;

/**
 * The mean square error of hidden voxels (nnssl's convolutional masked autoencoder).
 *
 * <pre>  L = Σ (x − y)²·w / (C·Σ w) </pre>
 */
final class MaskedL2 {
    private MaskedL2() {}

    /**
     * The loss of a batch.
     *
     * @param predicted y, [B, C, X, Y, Z]
     * @param image x, as large
     * @param hidden w, [B, 1, X, Y, Z]: 1 at hidden voxels, else 0; at least one is hidden
     * @return one value
     */
    static Tensor of(Tensor predicted, Tensor image, Tensor hidden) {
        Tensor error = predicted.minus(image).square().times(hidden).sum();
        return error.over(hidden.sum().times((double) image.size(1)));
    }
}
