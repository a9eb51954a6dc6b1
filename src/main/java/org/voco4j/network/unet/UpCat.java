package org.voco4j.network.unet;

import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.block.PadOrCrop;

/**
 * One level of the expanding path: the coarse map upsampled, set beside the encoder's map of this level, then units.
 *
 * <pre>  d = units([e ‖ pad(deconv(c))])         e: encoder's map, c: coarser map, ‖: channels joined </pre>
 *
 * <p>Where the encoder halved an odd size, the upsampled map lacks one voxel; its last one is repeated.
 */
final class UpCat extends Module {
    private final int up;
    private final int in;
    private final Upsample upsample;
    private final ConvUnits convs;

    /**
     * A level with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the coarser map
     * @param up channels after upsampling
     * @param skip channels of the encoder's map
     * @param out channels that leave this level
     * @param units how many units
     * @param norm what features are normalised over
     */
    UpCat(int dims, int in, int up, int skip, int out, int units, FeatureNorm norm) {
        this.in = in;
        this.up = up;
        upsample = part("upsample", new Upsample(dims, in, up));
        convs = part("convs", new ConvUnits(dims, skip + up, out, units, norm));
    }

    /** [B, in, ⌊X/2⌋, ⌊Y/2⌋, ⌊Z/2⌋] and [B, skip, X, Y, Z] → [B, out, X, Y, Z]. */
    Tensor forward(Tensor coarse, Tensor skip) {
        try (Scope scope = Scope.nested()) {
            return scope.keep(convs.forward(PadOrCrop.after(skip, () -> upsample.deconv.forward(coarse))));
        }
    }

    /** Multiply–adds for one voxel of the finer grid: a voxel is reached by one tap of the upsampling. */
    long multiplyAddsPerVoxel() {
        return (long) in * up + convs.multiplyAddsPerVoxel();
    }

    private static final class Upsample extends Module {
        private final ConvTranspose deconv;

        Upsample(int dims, int in, int out) {
            deconv = part("deconv", new ConvTranspose(dims, in, out, 2, 2, true));
        }
    }
}
