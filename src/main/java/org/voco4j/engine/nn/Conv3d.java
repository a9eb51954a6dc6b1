package org.voco4j.engine.nn;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * 3-D convolution with a cubic odd kernel and "same" padding.
 *
 * <p>Initial law, as PyTorch's: weight and bias ~ U(−1/√fan, 1/√fan) with fan = C·k³.
 */
public final class Conv3d extends Module {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final int stride;

    /** A convolution of C to D channels. */
    public Conv3d(int in, int out, int kernel, int stride, boolean withBias) {
        this.stride = stride;
        weight = weight("weight", out, in, kernel, kernel, kernel);
        bias = withBias ? weight("bias", out) : null;
    }

    /** [B, C, X, Y, Z] → [B, D, ⌈X/stride⌉, ⌈Y/stride⌉, ⌈Z/stride⌉]. */
    public Tensor forward(Tensor x) {
        return Ops.conv3d(x, weight, bias, stride);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double bound = 1 / Math.sqrt(weight.count() / (double) weight.size(0));
        initialiser.uniform("weight", weight, bound);
        if (bias != null) {
            initialiser.uniform("bias", bias, bound);
        }
    }
}
