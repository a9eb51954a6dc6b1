package org.voco4j.network.block;

import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.GroupNorm;
import org.voco4j.engine.nn.Layer;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** A convolution, a norm and a leaky ReLU, the unit of U-Nets: y = relu(N(W * x)). */
public final class ActivatedConvolution {
    private ActivatedConvolution() {}

    /**
     * Applies the three; norms of each sample by itself with the ReLU in one pass, where the map lies so.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param slope of the ReLU below 0
     * @return [B, D, X, Y(, Z)]
     */
    public static Tensor of(Tensor x, Conv conv, Layer norm, double slope) {
        return norm instanceof GroupNorm group
                ? group.activated(conv.forward(MapLayout.fastest(x, group.channels())), slope)
                : Ops.leakyRelu(norm.forward(conv.forward(x)), slope);
    }
}
