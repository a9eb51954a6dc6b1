package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** The operations of neural networks, as pure functions of tensors. Shapes: B samples, C channels, X x Y x Z voxels. */
public final class Ops {
    private Ops() {}

    /**
     * Convolution in d = 2 or 3 dimensions. An odd kernel has (k − 1)/2 zeros beside the map, an even one none.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param weight [D, C, k, k(, k)]
     * @param bias [D] or null
     * @return [B, D, ⌈X/stride⌉, …] for odd k, [B, D, ⌊(X − k)/stride⌋ + 1, …] for even k
     */
    public static Tensor conv(Tensor x, Tensor weight, @Nullable Tensor bias, int stride) {
        return timed(x, weight, bias, Convolution.of(weight, bias, stride, false));
    }

    /**
     * Transposed convolution in d = 2 or 3 dimensions, the adjoint of a convolution that made one voxel of {@code stride}.
     *
     * <p>With k = stride the blocks that come of the voxels do not overlap.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param weight [C, D, k, k(, k)], k − stride even or k odd
     * @param bias [D] or null
     * @return [B, D, stride·X, …]
     */
    public static Tensor convTranspose(Tensor x, Tensor weight, @Nullable Tensor bias, int stride) {
        return timed(x, weight, bias, Convolution.of(weight, bias, stride, true));
    }

    /**
     * Transposed convolution whose strides are those of its kernel, so that a block of its own comes of every voxel.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param weight [C, D, s_x, s_y(, s_z)]
     * @return [B, D, s_x·X, s_y·Y(, s_z·Z)]
     */
    public static Tensor blockwise(Tensor x, Tensor weight) {
        long[] shape = weight.shape();
        long[] stride = Arrays.copyOfRange(shape, 2, shape.length);
        long[] none = new long[stride.length];
        long[] one = every(stride.length, 1);
        TensorOptional noBias = new TensorOptional();
        return LayerTimes.of(
                LayerTimes.Kind.CONVOLUTION,
                x,
                map -> new Tensor(
                        stride.length == 2
                                ? torch.conv_transpose2d(map.handle, weight.handle, noBias, stride, none, none, 1, one)
                                : torch.conv_transpose3d(
                                        map.handle, weight.handle, noBias, stride, none, none, 1, one)));
    }

    /**
     * A convolution of kernel 1 and stride 1 that leaves its result channel by channel, as losses and blending read it.
     *
     * <p>Of a map with its channels side by side it is the product W·xᵀ, which nothing has to be copied for.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param weight [D, C, 1, 1(, 1)]
     * @param bias [D] or null
     * @return [B, D, X, Y(, Z)]
     */
    public static Tensor pointwiseRowMajor(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Convolution convolution = Convolution.of(weight, bias, 1, false);
        return LayerTimes.of(LayerTimes.Kind.CONVOLUTION, x, map -> {
            if (!MapLayout.isVoxelByVoxel(map) || Bf16Convolutions.needs32Bits(map, convolution)) {
                return MapLayout.rowMajor(convolution(map, weight, bias, convolution));
            }
            long[] shape = map.shape();
            Tensor voxels = MapLayout.voxels(map).reshape(shape[0], -1, shape[1]);
            org.bytedeco.pytorch.Tensor matrices =
                    weight.handle.reshape(1, weight.size(0), shape[1]).expand(shape[0], weight.size(0), shape[1]);
            org.bytedeco.pytorch.Tensor product = bias == null
                    ? torch.bmm(matrices, voxels.handle.transpose(1, 2))
                    : torch.baddbmm(bias.handle.reshape(1, -1, 1), matrices, voxels.handle.transpose(1, 2));
            shape[1] = weight.size(0);
            return new Tensor(product).reshape(shape);
        });
    }

    private static Tensor timed(Tensor x, Tensor weight, @Nullable Tensor bias, Convolution convolution) {
        return LayerTimes.own(LayerTimes.Kind.CONVOLUTION, x, map -> convolution(map, weight, bias, convolution));
    }

    private static Tensor convolution(Tensor x, Tensor weight, @Nullable Tensor bias, Convolution convolution) {
        if (Bf16Convolutions.needs32Bits(x, convolution)) {
            return Bf16Convolutions.in32Bits(() -> new Tensor(
                    convolution.forward(x.to(DType.F32).handle, weight.to(DType.F32).handle, optional(bias))));
        }
        if (WinogradConvolution.serves(convolution, x)) {
            return WinogradConvolution.of(convolution, x, weight, bias);
        }
        if (convolution.isForOneDnn(x)) {
            return new Tensor(convolution.byOneDnn(x.handle, weight.handle, optional(bias)));
        }
        if (convolution.isPointwise() && MapLayout.isVoxelByVoxel(x)) {
            return pointwise(x, weight, bias);
        }
        if (SplitConvolution.serves(convolution, x)) {
            return SplitConvolution.of(convolution, x, weight, bias);
        }
        if (convolution.transposed() && bias != null && GradMode.is_enabled() && MapLayout.isVoxelByVoxel(x)) {
            // apart: oneDNN sums the gradient of a transposed one's bias slowly, 126 instead of 44 ms at 48³
            Tensor y = new Tensor(convolution.forward(x.handle, weight.handle, new TensorOptional()));
            return new Tensor(y.handle.add_(bias.handle.reshape(1, -1, 1, 1, 1)));
        }
        return new Tensor(convolution.forward(x.handle, weight.handle, optional(bias)));
    }

    /** A convolution of kernel 1 of a map whose channels lie side by side. */
    private static Tensor pointwise(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor matrix = weight.reshape(weight.size(0), weight.size(1));
        return Rearrange.permute(linear(MapLayout.voxels(x), matrix, bias), 0, 4, 1, 2, 3);
    }

    private static int spatial(Tensor weight) {
        return weight.shape().length - 2;
    }

    private static long[] every(int dims, long number) {
        long[] same = new long[dims];
        Arrays.fill(same, number);
        return same;
    }

    /** x·Wᵀ + b over the last dimension: [B, C] → [B, D] with W [D, C]. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return LayerTimes.of(
                LayerTimes.Kind.LINEAR,
                x,
                rows -> new Tensor(torch.linear(rows.handle, weight.handle, optional(bias))));
    }

    /**
     * Group norm, (x − μ)/√(σ² + ε)·γ + β per sample over all voxels of a group of neighbouring channels (biased variance).
     *
     * <p>One channel per group is instance norm, which is faster so on the CPU than by libtorch's own function.
     */
    public static Tensor groupNorm(
            Tensor x, int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        return new ActivatedNorm(groups, gamma, beta, epsilon, 1).of(x, null);
    }

    /** The same by libtorch, whose kernel for the CPU is slow and less exact where channels lie side by side. */
    static Tensor libtorchGroupNorm(
            Tensor x, int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        return norm(x, map -> {
            org.bytedeco.pytorch.Tensor rows = map.device().isCpu() ? map.handle.contiguous() : map.handle;
            return torch.group_norm(rows, groups, optional(gamma), optional(beta), epsilon, false);
        });
    }

    /** Batch norm with the statistics of this very batch, (x − μ)/√(σ² + ε) per column of [B, C] (biased variance). */
    public static Tensor batchNorm(Tensor x, double epsilon) {
        TensorOptional none = new TensorOptional();
        return norm(x, rows -> torch.batch_norm(rows.handle, none, none, none, none, true, 0.1, epsilon, false));
    }

    private static Tensor norm(Tensor x, Function<Tensor, org.bytedeco.pytorch.Tensor> norm) {
        return LayerTimes.of(LayerTimes.Kind.NORM, x, map -> new Tensor(norm.apply(map)));
    }

    /**
     * Batch norm per channel over samples and voxels, (x − μ)/√(σ² + ε)·γ + β.
     *
     * @param x [B, C, …]
     * @param mean [C], running average; in training it becomes (1 − momentum)·mean + momentum·μ
     * @param variance [C], likewise, of the unbiased σ²
     * @param training whether μ and σ² (biased) are those of the batch, else they are the running averages
     */
    public static Tensor batchNorm(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor mean,
            Tensor variance,
            boolean training,
            double momentum,
            double epsilon) {
        return norm(
                x,
                map -> torch.batch_norm(
                        map.handle,
                        optional(gamma),
                        optional(beta),
                        optional(mean),
                        optional(variance),
                        training,
                        momentum,
                        epsilon,
                        false));
    }

    /** Layer norm over the last dimension, (x − μ)/√(σ² + ε)·γ + β (biased variance); without γ and β only the quotient. */
    public static Tensor layerNorm(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        if (RowNorm.serves(x)) {
            return LayerTimes.own(LayerTimes.Kind.NORM, x, rows -> RowNorm.of(rows, gamma, beta, epsilon));
        }
        return norm(
                x,
                rows -> torch.layer_norm(
                        rows.handle, new long[] {x.size(-1)}, optional(gamma), optional(beta), epsilon, false));
    }

    /** x·Φ(x) with the normal distribution's Φ (Hendrycks and Gimpel 2016), exact. */
    public static Tensor gelu(Tensor x) {
        return activation(x, torch::gelu);
    }

    /** x for x ≥ 0, slope·x below. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return activation(x, map -> torch.leaky_relu(map, new Scalar(slope)));
    }

    private static Tensor activation(Tensor x, UnaryOperator<org.bytedeco.pytorch.Tensor> activation) {
        return LayerTimes.of(LayerTimes.Kind.ACTIVATION, x, map -> new Tensor(activation.apply(map.handle)));
    }

    /** The same, put in the place of x, whose values are lost: for a map that nothing else needs. */
    public static Tensor leakyReluInPlace(Tensor x, double slope) {
        return LayerTimes.inPlace(LayerTimes.Kind.ACTIVATION, x, map -> {
            torch.leaky_relu_(map.handle, new Scalar(slope));
            return map;
        });
    }

    /** max(x, 0), put in the place of x, whose values are lost: for a map that nothing else needs. */
    public static Tensor reluInPlace(Tensor x) {
        return LayerTimes.inPlace(LayerTimes.Kind.ACTIVATION, x, map -> {
            torch.relu_(map.handle);
            return map;
        });
    }

    /** 1 where the value equals the number, else 0, in the format of x. */
    public static Tensor isEqualTo(Tensor x, double number) {
        return new Tensor(x.handle.eq(new Scalar(number)).to(x.type().scalar()));
    }

    /** 1 where the value is above the number, else 0, in the format of x. */
    public static Tensor isAbove(Tensor x, double number) {
        return new Tensor(x.handle.gt(new Scalar(number)).to(x.type().scalar()));
    }

    /** The largest value over some dimensions, which stay with size 1. */
    public static Tensor largest(Tensor x, long... dimensions) {
        return new Tensor(x.handle.amax(dimensions, true));
    }

    /** Where the largest value over a dimension is, the first among equals; the dimension stays with size 1. */
    public static Tensor indexOfLargest(Tensor x, int dimension) {
        return new Tensor(x.handle.argmax(new LongOptional(dimension), true));
    }

    /** The maximum of every block of 2 voxels along each axis: [B, C, X, Y(, Z)] → [B, C, ⌊X/2⌋, ⌊Y/2⌋(, ⌊Z/2⌋)]. */
    public static Tensor maxPool2(Tensor x) {
        return maxPool(x, 2, 0);
    }

    /** The maximum around every second voxel, 3 voxels along each axis: [B, C, X, …] → [B, C, ⌈X/2⌉, …]. */
    public static Tensor maxPool3(Tensor x) {
        return maxPool(x, 3, 1);
    }

    private static Tensor maxPool(Tensor x, long kernel, long pad) {
        int dims = spatial(x);
        long[] k = every(dims, kernel);
        long[] stride = every(dims, 2);
        long[] padding = every(dims, pad);
        long[] dilation = every(dims, 1);
        return pooling(
                x,
                map -> dims == 2
                        ? torch.max_pool2d(map, k, stride, padding, dilation, false)
                        : torch.max_pool3d(map, k, stride, padding, dilation, false));
    }

    /** The mean of every block of 2 voxels along each axis: [B, C, X, Y(, Z)] → [B, C, ⌊X/2⌋, ⌊Y/2⌋(, ⌊Z/2⌋)]. */
    public static Tensor averagePool2(Tensor x) {
        long[] two = every(spatial(x), 2);
        return pooling(x, map -> two.length == 2 ? torch.avg_pool2d(map, two) : torch.avg_pool3d(map, two));
    }

    /**
     * The means of cells that share out every axis: of n voxels the i-th of g cells has those from ⌊i·n/g⌋ to ⌈(i + 1)·n/g⌉.
     *
     * @param x [B, C, X, Y, Z]
     * @param grid cells along x, y and z
     * @return [B, C, grid]
     */
    public static Tensor averageCells(Tensor x, long... grid) {
        return pooling(x, map -> torch.adaptive_avg_pool3d(map, grid));
    }

    private static Tensor pooling(Tensor x, UnaryOperator<org.bytedeco.pytorch.Tensor> pooling) {
        return LayerTimes.of(LayerTimes.Kind.POOLING, x, map -> new Tensor(pooling.apply(map.handle)));
    }

    /** x for x ≥ 0, slope·x below, with a slope [1] that is learned (He et al. 2015). */
    public static Tensor parametricRelu(Tensor x, Tensor slope) {
        return activation(x, map -> torch.prelu(map, slope.handle));
    }

    /** exp x_k / Σ exp x_j over one dimension. */
    public static Tensor softmax(Tensor x, int dimension) {
        return new Tensor(x.handle.softmax(dimension));
    }

    /** x_k − log Σ exp x_j over one dimension: the logarithm of the softmax, also where the softmax is rounded to 0. */
    public static Tensor logSoftmax(Tensor x, int dimension) {
        return new Tensor(x.handle.log_softmax(dimension));
    }

    /** exp x. */
    public static Tensor exp(Tensor x) {
        return new Tensor(x.handle.exp());
    }

    /** 1/(1 + exp(−x)). */
    public static Tensor sigmoid(Tensor x) {
        return new Tensor(x.handle.sigmoid());
    }

    /** log 1/(1 + exp(−x)), also where the sigmoid is rounded to 0. */
    public static Tensor logSigmoid(Tensor x) {
        return new Tensor(torch.log_sigmoid(x.handle));
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

    static TensorOptional optional(@Nullable Tensor tensor) {
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
