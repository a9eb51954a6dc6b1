package org.voco4j.network.block;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.ActivatedNorm;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * Two convolutions and a shortcut, as in MONAI's UnetResBlock.
 *
 * <pre>  y = relu(N(W₂ * relu(N(W₁ * x))) + s)     s = x, or N(W₃ * x) where the channels differ </pre>
 *
 * <p>W₁ and W₂ are 3 voxels wide, W₃ is 1, none has a bias; N is instance norm without scale and shift, relu leaks 0.01.
 * Weights are named {@code conv1.conv.weight}, …
 */
public final class ResidualUnit extends Module {
    private static final double LEAK = 0.01;
    private static final double EPSILON = 1e-5;

    private final Conv conv1;
    private final Conv conv2;
    private final @Nullable Conv conv3;
    private final int channels;
    private final long multiplyAddsPerVoxel;

    /** A unit of C to D channels. */
    public ResidualUnit(int dims, int in, int out) {
        conv1 = part("conv1.conv", new Conv(dims, in, out, 3, 1, false));
        conv2 = part("conv2.conv", new Conv(dims, out, out, 3, 1, false));
        conv3 = in == out ? null : part("conv3.conv", new Conv(dims, in, out, 1, 1, false));
        channels = out;
        multiplyAddsPerVoxel = (dims == 2 ? 9L : 27L) * out * (in + out) + (in == out ? 0 : (long) in * out);
    }

    /** [B, C, X, Y(, Z)] → [B, D, X, Y(, Z)]. */
    public Tensor forward(Tensor x) {
        try (Scope scope = Scope.nested()) {
            Tensor map = MapLayout.fastest(x, channels);
            Tensor y = norm(conv1.forward(map), null, LEAK);
            Tensor shortcut = conv3 == null ? map : norm(conv3.forward(map), null, 1);
            return scope.keep(norm(conv2.forward(y), shortcut, LEAK));
        }
    }

    /** Multiply–adds for one voxel. */
    public long multiplyAddsPerVoxel() {
        return multiplyAddsPerVoxel;
    }

    private Tensor norm(Tensor x, @Nullable Tensor shortcut, double slope) {
        // a channel each: instance norm; the map of a single sample's single channel did not say how its result should
        // lie
        return new ActivatedNorm(channels, null, null, EPSILON, slope).over(MapLayout.fastest(x, channels), shortcut);
    }
}
