package org.voco4j.engine.nn;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Transposed convolution in 2 or 3 dimensions that makes s voxels of every voxel along each of them.
 *
 * <p>Initial law, as PyTorch's: weight and bias ~ U(−1/√fan, 1/√fan) with fan = D·kᵈ, the channels that go out.
 */
public final class ConvTranspose extends Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final int stride;

    /**
     * A transposed convolution of C to D channels.
     *
     * @param kernel k, at least the stride
     * @param stride s
     */
    public ConvTranspose(int dims, int in, int out, int kernel, int stride, boolean withBias) {
        this.stride = stride;
        weight = weight("weight", Conv.kernelShape(dims, in, out, kernel));
        bias = withBias ? weight("bias", out) : null;
    }

    /** [B, C, X, Y(, Z)] → [B, D, s·X, s·Y(, s·Z)]. */
    @Override
    public Tensor forward(Tensor x) {
        return Ops.convTranspose(x, weight, bias, stride);
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
