package org.voco4j.network.unet;

import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.Norm;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

/**
 * Two units at one resolution of a {@link UNet3d}; a unit is a 3x3x3 convolution with bias, a norm and a ReLU.
 *
 * <p>Weights are named {@code 0.conv1.weight}, {@code 0.bn1.weight}, … whatever the norm.
 */
public final class NormUnits extends Module {
    private final Unit first;
    private final Unit second;
    private final long multiplyAddsPerVoxel;

    /** Units of C to {@code middle} to D channels. */
    public NormUnits(int dims, int in, int middle, int out, FeatureNorm norm) {
        first = part("0", new Unit(dims, in, middle, norm));
        second = part("1", new Unit(dims, middle, out, norm));
        multiplyAddsPerVoxel = (dims == 2 ? 9L : 27L) * middle * (in + out);
    }

    /** [B, C, X, Y(, Z)] → [B, D, X, Y(, Z)]. */
    public Tensor forward(Tensor x) {
        try (Scope scope = Scope.nested()) {
            return scope.keep(second.forward(first.forward(x)));
        }
    }

    /** Multiply–adds for one voxel. */
    long multiplyAddsPerVoxel() {
        return multiplyAddsPerVoxel;
    }

    private static final class Unit extends Module {
        private final Conv conv;
        private final Norm norm;
        private final int channels;

        Unit(int dims, int in, int out, FeatureNorm kind) {
            conv = part("conv1", new Conv(dims, in, out, 3, 1, true));
            norm = part("bn1", kind.layer(out));
            channels = out;
        }

        Tensor forward(Tensor x) {
            Tensor y = conv.forward(MapLayout.fastest(x, channels));
            return norm.activated(MapLayout.fastest(y, channels), 0);
        }
    }
}
