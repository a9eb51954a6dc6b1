package org.voco4j.pretext.mae;

import java.util.Locale;
import org.voco4j.engine.tensor.Tensor;

/** How far what is told of patches is from what they hold: a mean over patches, and over the voxels of each. */
public enum PatchLoss {
    /** |y − x| (MIM-Med3D). */
    L1 {
        @Override
        Tensor error(Tensor difference) {
            return difference.abs();
        }
    },
    /** (y − x)² (facebookresearch/mae, without {@code norm_pix_loss}). */
    MSE,
    /** (y − (x − μ)/√(σ² + 1e-6))² with a patch's own mean and unbiased variance ({@code norm_pix_loss}): noise where it is all air. */
    NORMALISED {
        @Override
        Tensor target(Tensor patches) {
            return patches.minus(mean(patches)).over(deviation(patches));
        }

        @Override
        Tensor voxels(Tensor told, Tensor patches) {
            return told.times(deviation(patches)).plus(mean(patches));
        }
    };

    private static final double EPSILON = 1e-6;

    Tensor error(Tensor difference) {
        return difference.square();
    }

    /** What is to be told of patches [B, n, v]. */
    Tensor target(Tensor patches) {
        return patches;
    }

    /** What is told of patches x, as voxels like theirs. */
    Tensor voxels(Tensor told, Tensor patches) {
        return told;
    }

    private static Tensor mean(Tensor patches) {
        return patches.sumKeeping(2).times(1.0 / patches.size(2));
    }

    private static Tensor deviation(Tensor patches) {
        Tensor squares = patches.minus(mean(patches)).square().sumKeeping(2);
        return squares.times(1.0 / (patches.size(2) - 1)).plus(EPSILON).sqrt();
    }

    /**
     * The loss of a batch.
     *
     * @param told y, [B, n, v]
     * @param patches x, as large
     * @return one value
     */
    Tensor of(Tensor told, Tensor patches) {
        return error(told.minus(target(patches))).mean();
    }

    /** The name as recipes write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
