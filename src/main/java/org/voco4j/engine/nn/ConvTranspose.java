package org.voco4j.engine.nn;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Transposed convolution in 2 or 3 dimensions that makes s voxels of every voxel along each of them; s may differ
 * where it is the kernel too.
 *
 * <p>Initial law, as PyTorch's: weight and bias ~ U(−1/√fan, 1/√fan) with fan = D·kᵈ (the product of all k), the channels that go out.
 */
public final class ConvTranspose extends Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final List<Integer> stride;

    /**
     * A transposed convolution of C to D channels.
     *
     * @param kernel k, at least the stride
     * @param stride s
     */
    public ConvTranspose(int dims, int in, int out, int kernel, int stride, boolean withBias) {
        this.stride = Collections.nCopies(dims, stride);
        weight = weight("weight", Conv.kernelShape(dims, in, out, kernel));
        bias = withBias ? weight("bias", out) : null;
    }

    /**
     * A transposed convolution of C to D channels without a bias, whose kernel is its stride.
     *
     * @param stride s along each axis
     */
    public ConvTranspose(int in, int out, List<Integer> stride) {
        this.stride = List.copyOf(stride);
        long[] shape = new long[2 + stride.size()];
        shape[0] = in;
        shape[1] = out;
        for (int axis = 0; axis < stride.size(); axis++) {
            shape[2 + axis] = stride.get(axis);
        }
        weight = weight("weight", shape);
        bias = null;
    }

    /** [B, C, X, Y(, Z)] → [B, D, s·X, s·Y(, s·Z)]. */
    @Override
    public Tensor forward(Tensor x) {
        return stride.stream().distinct().count() == 1
                ? Ops.convTranspose(x, weight, bias, stride.get(0))
                : Ops.blockwise(x, weight);
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
