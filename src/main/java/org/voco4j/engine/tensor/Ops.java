package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MaxPool3dImpl;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** The operations of neural networks, as pure functions of tensors. Shapes: B samples, C channels, X x Y x Z voxels. */
public final class Ops {
    private Ops() {}

    /**
     * 3-D convolution with padding (k − 1)/2.
     *
     * @param x [B, C, X, Y, Z]
     * @param weight [D, C, k, k, k]
     * @param bias [D] or null
     * @return [B, D, ⌈X/stride⌉, …] for odd k
     */
    public static Tensor conv3d(Tensor x, Tensor weight, @Nullable Tensor bias, int stride) {
        long pad = (weight.size(2) - 1) / 2;
        return new Tensor(torch.conv3d(
                x.handle,
                weight.handle,
                optional(bias),
                new long[] {stride, stride, stride},
                new long[] {pad, pad, pad},
                new long[] {1, 1, 1},
                1));
    }

    /** x·Wᵀ + b over the last dimension: [B, C] → [B, D] with W [D, C]. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return new Tensor(torch.linear(x.handle, weight.handle, optional(bias)));
    }

    /**
     * Instance norm, (x − μ)/√(σ² + ε)·γ + β per sample and channel over all voxels (biased variance).
     *
     * <p>Computed as a group norm of one channel per group, which gives the same values and is faster on the CPU.
     */
    public static Tensor instanceNorm(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        return new Tensor(torch.group_norm(x.handle, x.size(1), optional(gamma), optional(beta), epsilon, false));
    }

    /** Batch norm with the statistics of this very batch, (x − μ)/√(σ² + ε) per column of [B, C] (biased variance). */
    public static Tensor batchNorm(Tensor x, double epsilon) {
        TensorOptional none = new TensorOptional();
        return new Tensor(torch.batch_norm(x.handle, none, none, none, none, true, 0.1, epsilon, false));
    }

    /** x for x ≥ 0, slope·x below. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return new Tensor(torch.leaky_relu(x.handle, new Scalar(slope)));
    }

    /** The maximum of every 2 x 2 x 2 block: [B, C, X, Y, Z] → [B, C, ⌊X/2⌋, ⌊Y/2⌋, ⌊Z/2⌋]. */
    public static Tensor maxPool2(Tensor x) {
        return new Tensor(new MaxPool3dImpl(new LongPointer(2, 2, 2)).forward(x.handle));
    }

    private static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle);
    }
}
