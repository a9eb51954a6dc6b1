package org.voco4j.engine.nn;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Convolution in 2 or 3 dimensions with a kernel as wide along each of them, padded as {@link Ops#conv} says.
 *
 * <p>Initial law, as PyTorch's: weight and bias ~ U(−1/√fan, 1/√fan) with fan = C·kᵈ. A network whose original draws
 * otherwise says so with a {@link ConvLaw}.
 */
public final class Conv extends Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final int stride;
    private final ConvLaw law;

    /** A convolution of C to D channels. */
    public Conv(int dims, int in, int out, int kernel, int stride, boolean withBias) {
        this(dims, in, out, kernel, stride, withBias, ConvLaw.UNIFORM);
    }

    /** A convolution of C to D channels whose weight is drawn by a law of its own. */
    public Conv(int dims, int in, int out, int kernel, int stride, boolean withBias, ConvLaw law) {
        this.stride = stride;
        this.law = law;
        weight = weight("weight", kernelShape(dims, out, in, kernel));
        bias = withBias ? weight("bias", out) : null;
    }

    /** [first, second, k, k(, k)]. */
    static long[] kernelShape(int dims, int first, int second, int kernel) {
        return dims == 2
                ? new long[] {first, second, kernel, kernel}
                : new long[] {first, second, kernel, kernel, kernel};
    }

    /** [B, C, X, Y(, Z)] → [B, D, …]. */
    @Override
    public Tensor forward(Tensor x) {
        return Ops.conv(x, weight, bias, stride);
    }

    /** The same of a kernel of 1 with stride 1, the result channel by channel, as losses and blending read it. */
    public Tensor pointwiseRowMajor(Tensor x) {
        return Ops.pointwiseRowMajor(x, weight, bias);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double fan = weight.count() / (double) weight.size(0);
        law.draw(initialiser, weight, fan);
        if (bias != null) {
            initialiser.uniform("bias", bias, 1 / Math.sqrt(fan));
        }
    }
}
