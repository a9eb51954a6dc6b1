package org.voco4j.network.unet;

import org.voco4j.engine.nn.Layer;
import org.voco4j.engine.nn.PRelu;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * A convolution, instance norm without scale and shift, and a ReLU whose slope is learned, as MONAI's Convolution.
 *
 * <p>Weights are named {@code conv.weight}, {@code conv.bias}, {@code adn.A.weight}.
 */
final class PReluUnit extends Layer {
    private static final double EPSILON = 1e-5;

    private final Layer conv;
    private final PRelu activation;
    private final int channels;

    /** A unit around a convolution, plain or transposed, that makes D channels. */
    PReluUnit(Layer conv, int out) {
        channels = out;
        this.conv = part("conv", conv);
        activation = part("adn.A", new PRelu());
    }

    /** [B, C, X, Y(, Z)] → [B, D, …]. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor y = MapLayout.fastest(conv.forward(MapLayout.fastest(x, channels)), channels);
        // a channel each: instance norm
        return activation.forward(Ops.groupNorm(y, channels, null, null, EPSILON));
    }
}
