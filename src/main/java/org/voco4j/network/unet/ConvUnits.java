package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.Norm;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

/**
 * Units in a row at one resolution; a unit is a 3x3x3 convolution, a norm and a leaky ReLU (0.1).
 *
 * <p>Weights are named as in MONAI's BasicUNet: {@code conv_I.conv.weight}, {@code conv_I.adn.N.bias}.
 */
final class ConvUnits extends Module {
    private final List<Unit> units = new ArrayList<>();
    private final long multiplyAddsPerVoxel;

    /** {@code count} units, the first of C to D channels, the others of D to D. */
    ConvUnits(int dims, int in, int out, int count, FeatureNorm norm) {
        for (int i = 0; i < count; i++) {
            units.add(part("conv_" + i, new Unit(dims, i == 0 ? in : out, out, norm)));
        }
        multiplyAddsPerVoxel = (dims == 2 ? 9L : 27L) * out * (in + (count - 1L) * out);
    }

    /** [B, C, X, Y(, Z)] → [B, D, X, Y(, Z)]. */
    Tensor forward(Tensor x) {
        try (Scope scope = Scope.nested()) {
            Tensor map = x;
            for (Unit unit : units) {
                map = unit.forward(map);
            }
            return scope.keep(map);
        }
    }

    /** Multiply–adds of the convolutions for one voxel. */
    long multiplyAddsPerVoxel() {
        return multiplyAddsPerVoxel;
    }

    private static final class Unit extends Module {
        private final Conv conv;
        private final Adn adn;
        private final int channels;

        Unit(int dims, int in, int out, FeatureNorm kind) {
            conv = part("conv", new Conv(dims, in, out, 3, 1, true));
            adn = part("adn", new Adn(out, kind));
            channels = out;
        }

        Tensor forward(Tensor x) {
            try (Scope scope = Scope.nested()) {
                Tensor y = conv.forward(MapLayout.fastest(x, channels));
                return scope.keep(adn.norm.activated(MapLayout.fastest(y, channels), 0.1));
            }
        }
    }

    private static final class Adn extends Module {
        private final Norm norm;

        Adn(int channels, FeatureNorm kind) {
            norm = part("N", kind.layer(channels));
        }
    }
}
