package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
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

    /**
     * Transposed 3-D convolution whose kernel is as wide as its stride, so that blocks of k³ voxels do not overlap.
     *
     * @param x [B, C, X, Y, Z]
     * @param weight [C, D, k, k, k]
     * @param bias [D]
     * @return [B, D, k·X, k·Y, k·Z]
     */
    public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias) {
        long k = weight.size(2);
        return new Tensor(torch.conv_transpose3d(
                x.handle,
                weight.handle,
                optional(bias),
                new long[] {k, k, k},
                new long[] {0, 0, 0},
                new long[] {0, 0, 0},
                1,
                new long[] {1, 1, 1}));
    }

    /** x·Wᵀ + b over the last dimension: [B, C] → [B, D] with W [D, C]. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return new Tensor(torch.linear(x.handle, weight.handle, optional(bias)));
    }

    /**
     * Group norm, (x − μ)/√(σ² + ε)·γ + β per sample over all voxels of a group of neighbouring channels (biased variance).
     *
     * <p>One channel per group is instance norm, which is faster so on the CPU than by libtorch's own function.
     */
    public static Tensor groupNorm(
            Tensor x, int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        return new Tensor(torch.group_norm(x.handle, groups, optional(gamma), optional(beta), epsilon, false));
    }

    /** Batch norm with the statistics of this very batch, (x − μ)/√(σ² + ε) per column of [B, C] (biased variance). */
    public static Tensor batchNorm(Tensor x, double epsilon) {
        TensorOptional none = new TensorOptional();
        return new Tensor(torch.batch_norm(x.handle, none, none, none, none, true, 0.1, epsilon, false));
    }

    /** Layer norm over the last dimension, (x − μ)/√(σ² + ε)·γ + β (biased variance); without γ and β only the quotient. */
    public static Tensor layerNorm(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        return new Tensor(
                torch.layer_norm(x.handle, new long[] {x.size(-1)}, optional(gamma), optional(beta), epsilon, false));
    }

    /** x·Φ(x) with the normal distribution's Φ (Hendrycks and Gimpel 2016), exact. */
    public static Tensor gelu(Tensor x) {
        return new Tensor(torch.gelu(x.handle));
    }

    /** x for x ≥ 0, slope·x below. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return new Tensor(torch.leaky_relu(x.handle, new Scalar(slope)));
    }

    /** The same, put in the place of x, whose values are lost: for a map that nothing else needs. */
    public static Tensor leakyReluInPlace(Tensor x, double slope) {
        torch.leaky_relu_(x.handle, new Scalar(slope));
        return x;
    }

    /** 1 where the value equals the number, else 0, in the format of x. */
    public static Tensor isEqualTo(Tensor x, double number) {
        return new Tensor(x.handle.eq(new Scalar(number)).to(x.type().scalar()));
    }

    /** 1 where the value is above the number, else 0, in the format of x. */
    public static Tensor isAbove(Tensor x, double number) {
        return new Tensor(x.handle.gt(new Scalar(number)).to(x.type().scalar()));
    }

    /** The maximum of every 2 x 2 x 2 block: [B, C, X, Y, Z] → [B, C, ⌊X/2⌋, ⌊Y/2⌋, ⌊Z/2⌋]. */
    public static Tensor maxPool2(Tensor x) {
        return new Tensor(new MaxPool3dImpl(new LongPointer(2, 2, 2)).forward(x.handle));
    }

    /** exp x_k / Σ exp x_j over one dimension. */
    public static Tensor softmax(Tensor x, int dimension) {
        return new Tensor(x.handle.softmax(dimension));
    }

    /** x_k − log Σ exp x_j over one dimension: the logarithm of the softmax, also where the softmax is rounded to 0. */
    public static Tensor logSoftmax(Tensor x, int dimension) {
        return new Tensor(x.handle.log_softmax(dimension));
    }

    /** 1/(1 + exp(−x)). */
    public static Tensor sigmoid(Tensor x) {
        return new Tensor(x.handle.sigmoid());
    }

    /**
     * Classes as indicators: 1 at the class of a voxel, 0 at the others.
     *
     * <p>A class outside throws on the CPU and ends the process's use of the GPU on CUDA: label maps are checked when read.
     *
     * @param classes [B, 1, X, Y, Z], whole numbers from 0 to K − 1 in any format
     * @param like [B, K, X, Y, Z], whose format and device the result has
     * @return [B, K, X, Y, Z], no part of any graph
     */
    public static Tensor oneHot(Tensor classes, Tensor like) {
        return new Tensor(
                torch.zeros_like(like.handle.detach()).scatter_(1, classes.to(DType.I64).handle, new Scalar(1)));
    }

    private static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle);
    }

    /**
     * A view of a tensor's memory: element (i₀, i₁, …) is number offset + Σ iₖ·stridesₖ of it.
     *
     * <p>Nothing is copied; with a stride of 0 one number stands for many.
     */
    public static Tensor strided(Tensor memory, long[] shape, long[] strides, long offset) {
        return new Tensor(memory.handle.as_strided(shape, strides, new LongOptional(offset)));
    }
}
