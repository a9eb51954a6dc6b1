package org.voco4j.pretext.swinmm;

import java.util.List;
import org.voco4j.engine.tensor.Tensor;

/**
 * The errors of restored views, crop by crop: [B, 1] each, for crops of V voxels.
 *
 * <pre>
 *   R(a, b) = Σ (m₁·(a − x₁)² + m₂·(b − x₂)²) / (2V·r)        m: 1 where hidden, x: as it was
 *   agreement = Σ m₁·(c − a)² / (V·r)                         a, c: the first view restored from itself, and from its third
 * </pre>
 */
final class Restored {
    private static final double SMALLEST = 1e-6; // variance

    private Restored() {}

    /**
     * R.
     *
     * @param restored a and b, [B, 1, X, Y, Z] each; images, as large; masks, [1, 1, X, Y, Z] each
     * @param ratio r
     */
    static Tensor error(List<Tensor> restored, List<Tensor> images, List<Tensor> masks, double ratio) {
        return error(restored.get(0), images.get(0), masks.get(0), ratio)
                .plus(error(restored.get(1), images.get(1), masks.get(1), ratio))
                .times(0.5);
    }

    /** Σ m·(a − x)² / (V·r). */
    static Tensor error(Tensor restored, Tensor image, Tensor mask, double ratio) {
        return restored.minus(image).times(mask).square().mean(2, 3, 4).times(1 / ratio);
    }

    /** The mean of each crop, [B, 1, 1, 1, 1]. */
    static Tensor mean(Tensor crops) {
        return crops.mean(1, 2, 3, 4).reshape(-1, 1, 1, 1, 1);
    }

    /** The standard deviation of each crop, of V − 1 degrees of freedom, [B, 1, 1, 1, 1]. */
    static Tensor deviation(Tensor crops) {
        double voxels = (double) crops.count() / crops.size(0);
        return mean(crops.minus(mean(crops)).square())
                .times(voxels / (voxels - 1))
                .plus(SMALLEST)
                .sqrt();
    }

    /** Each crop with mean 0 and deviation 1. */
    static Tensor standardised(Tensor crops) {
        return crops.minus(mean(crops)).over(deviation(crops));
    }
}
