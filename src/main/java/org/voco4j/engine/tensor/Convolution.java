package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.jspecify.annotations.Nullable;

/**
 * A convolution in d = 2 or 3 dimensions or a transposed one, as libtorch is asked for it.
 *
 * @param weight its shape: [D, C, k, k(, k)], or [C, D, k, k(, k)] of a transposed one
 */
record Convolution(long[] weight, int stride, boolean transposed, boolean hasBias) {
    static Convolution of(Tensor weight, @Nullable Tensor bias, int stride, boolean transposed) {
        return new Convolution(weight.shape(), stride, transposed, bias != null);
    }

    long kernel() {
        return weight[2];
    }

    /** Whether every voxel of the result is made of that voxel alone, and of several channels. */
    boolean isPointwise() {
        return kernel() == 1 && stride == 1 && !transposed && in() > 1;
    }

    /** Whether it is of 3 dimensions, and its result has as many voxels as its map. */
    boolean keepsSize() {
        return dims() == 3 && stride == 1 && !transposed && kernel() % 2 == 1;
    }

    private int dims() {
        return weight.length - 2;
    }

    /** Channels of the input. */
    long in() {
        return weight[transposed ? 0 : 1];
    }

    /** Channels of the result. */
    long out() {
        return weight[transposed ? 1 : 0];
    }

    /** Zeros beside the map: (k − 1)/2 for an odd kernel, none for an even one; of a transposed one what its adjoint has. */
    long pad() {
        if (transposed) {
            return (kernel() - stride + 1) / 2;
        }
        return kernel() % 2 == 0 ? 0 : (kernel() - 1) / 2;
    }

    private long[] more() {
        return every(transposed ? stride + 2 * pad() - kernel() : 0);
    }

    private long[] every(long number) {
        long[] same = new long[dims()];
        Arrays.fill(same, number);
        return same;
    }

    /** The spatial size of the result. */
    long[] result(long[] map) {
        return Arrays.stream(map)
                .map(size -> transposed ? stride * size : (size + 2 * pad() - kernel()) / stride + 1)
                .toArray();
    }

    org.bytedeco.pytorch.Tensor forward(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, TensorOptional bias) {
        long[] strides = every(stride);
        long[] pads = every(pad());
        long[] one = every(1);
        if (dims() == 2) { // not the one function for any number of dimensions, which autocasting does not know
            return transposed
                    ? torch.conv_transpose2d(x, w, bias, strides, pads, more(), 1, one)
                    : torch.conv2d(x, w, bias, strides, pads, one, 1);
        }
        return transposed
                ? torch.conv_transpose3d(x, w, bias, strides, pads, more(), 1, one)
                : torch.conv3d(x, w, bias, strides, pads, one, 1);
    }

    /**
     * Whether {@link #byOneDnn} serves: libtorch itself takes a much slower kernel for a single sample whose channels times planes
     * are few (96 to 48 channels at 12³ 9 instead of 3 ms, 1 to 12 at 96³ 142 instead of 62).
     */
    boolean isForOneDnn(Tensor x) {
        return x.device().isCpu()
                && x.type() == DType.F32
                && dims() == 3
                && !transposed
                && !torch.is_autocast_enabled(DeviceType.CPU)
                && !GradMode
                        .is_enabled() // the kernels of the way back, which training needs too, are libtorch's choice
                && (kernel() > 1 || (isPointwise() && MapLayout.isVoxelByVoxel(x)));
    }

    /** The same as {@link #forward}, by oneDNN whatever the size. */
    org.bytedeco.pytorch.Tensor byOneDnn(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, TensorOptional bias) {
        return torch.mkldnn_convolution(x, w, bias, every(pad()), every(stride), every(1), 1);
    }

    /** The gradients of the input, the weight and the bias that are asked for, by the kernels that autograd calls. */
    T_TensorTensorTensor_T backward(
            org.bytedeco.pytorch.Tensor gradient,
            org.bytedeco.pytorch.Tensor x,
            org.bytedeco.pytorch.Tensor w,
            boolean... wanted) {
        return backward(gradient, x, w, every(pad()), wanted);
    }

    /** The same with so many zeros beside the map along each axis. */
    T_TensorTensorTensor_T backward(
            org.bytedeco.pytorch.Tensor gradient,
            org.bytedeco.pytorch.Tensor x,
            org.bytedeco.pytorch.Tensor w,
            long[] pads,
            boolean... wanted) {
        BoolPointer mask = new BoolPointer(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            mask.put(i, wanted[i]);
        }
        return torch.convolution_backward(
                gradient,
                x,
                w,
                wanted[2] ? new LongArrayRefOptional(new long[] {gradient.size(1)}) : new LongArrayRefOptional(),
                every(stride),
                pads,
                every(1),
                transposed,
                more(),
                1,
                mask);
    }

    /** All that distinguishes it on a map, in words. */
    String on(long[] map) {
        return in() + " to " + out() + " channels, " + (transposed ? "transposed kernel " : "kernel ") + kernel()
                + ", stride " + stride + (hasBias ? ", with bias" : "") + ", map "
                + Arrays.stream(map).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }
}
