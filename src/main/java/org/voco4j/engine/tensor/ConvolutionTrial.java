package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A convolution in 16-bit brain floats beside the same in 32 bits, there and back, on random values.
 *
 * <p>Every number of the result and of the gradients takes part, but the 32-bit side is computed only of random mixtures of
 * the channels, which is as many times less work as there are channels. With y = w ∗ x, a gradient g of y, and r, s drawn for
 * the channels of y and x:
 *
 * <pre>
 *   Σ_d r_d·y_d = (Σ_d r_d·w_d) ∗ x      Σ_d r_d·∂w_d = ∂w(Σ_d r_d·g_d, x)      Σ_c s_c·∂x_c = ∂x(g, Σ_c s_c·w_c)
 * </pre>
 *
 * <p>Independent errors stay the share of the value that they are: mixing adds both alike.
 */
final class ConvolutionTrial {
    private static final int DRAWN = 65_537; // numbers that all values are taken from; a prime, which no stride divides
    private static final int BLOCKS = 64;
    private static final long BLOCK = (1 << 17) - 64;

    private final Convolution convolution;
    private final org.bytedeco.pytorch.Tensor drawn;

    private ConvolutionTrial(Convolution convolution) {
        this.convolution = convolution;
        Random random = new Random(DRAWN); // not libtorch's generator, whose state belongs to others
        float[] numbers = new float[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        drawn = Tensor.of(numbers, DRAWN).handle.to(ScalarType.BFloat16);
    }

    /**
     * The largest ‖difference‖/‖value‖ of result and gradients; NaN where one holds a number that is none.
     *
     * @param voxelByVoxel whether channels lie side by side, which takes other kernels
     */
    static double distance(Convolution convolution, long[] map, boolean voxelByVoxel) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            return new ConvolutionTrial(convolution).distance(map, voxelByVoxel);
        }
    }

    private double distance(long[] map, boolean voxelByVoxel) {
        boolean bias = convolution.hasBias();
        int in = convolution.transposed() ? 0 : 1;
        int out = 1 - in;
        org.bytedeco.pytorch.Tensor x = laid(values(0, shape(convolution.in(), map)), voxelByVoxel);
        org.bytedeco.pytorch.Tensor w = values(20_000, convolution.weight());
        org.bytedeco.pytorch.Tensor b = values(30_000, convolution.out());
        org.bytedeco.pytorch.Tensor g =
                laid(values(40_000, shape(convolution.out(), convolution.result(map))), voxelByVoxel);
        TensorOptional none = new TensorOptional();
        litter();
        org.bytedeco.pytorch.Tensor y = convolution.forward(x, w, bias ? new TensorOptional(b) : none);
        litter();
        T_TensorTensorTensor_T back = convolution.backward(g, x, w, true, true, bias);
        org.bytedeco.pytorch.Tensor fx = x.to(ScalarType.Float);
        org.bytedeco.pytorch.Tensor fg = g.to(ScalarType.Float);
        org.bytedeco.pytorch.Tensor wOut = mixed(w, out);
        org.bytedeco.pytorch.Tensor exact =
                convolution.forward(fx, wOut, bias ? new TensorOptional(mixed(b, 0)) : none);
        double most = distance(mixed(y, 1), exact);
        most = Math.max(
                most,
                distance(
                        mixed(back.get0(), 1),
                        convolution
                                .backward(fg, fx.narrow(1, 0, 1), mixed(w, in), true, false, false)
                                .get0()));
        most = Math.max(
                most,
                distance(
                        mixed(back.get1(), out),
                        convolution
                                .backward(mixed(g, 1), fx, wOut, false, true, false)
                                .get1()));
        return bias
                ? Math.max(
                        most,
                        distance(back.get2(), fg.transpose(0, 1).flatten(1, -1).sum(1)))
                : most;
    }

    private static org.bytedeco.pytorch.Tensor laid(org.bytedeco.pytorch.Tensor map, boolean voxelByVoxel) {
        return voxelByVoxel ? MapLayout.voxelByVoxel(new Tensor(map)).handle : map;
    }

    private static long[] shape(long channels, long[] map) {
        long[] shape = new long[map.length + 2];
        shape[0] = 2; // a single sample's single channel does not say how it lies
        shape[1] = channels;
        System.arraycopy(map, 0, shape, 2, map.length);
        return shape;
    }

    private org.bytedeco.pytorch.Tensor values(long from, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return drawn.repeat((from + count) / DRAWN + 1).narrow(0, from, count).reshape(shape);
    }

    /** The sum over a dimension, which stays, with a drawn factor for each place along it. */
    private org.bytedeco.pytorch.Tensor mixed(org.bytedeco.pytorch.Tensor t, int dimension) {
        long[] factors = new long[(int) t.dim()];
        Arrays.fill(factors, 1);
        factors[dimension] = t.size(dimension);
        return t.to(ScalarType.Float)
                .mul(values(50_000, factors))
                .sum(new long[] {dimension}, true, new ScalarTypeOptional());
    }

    private static double distance(org.bytedeco.pytorch.Tensor rough, org.bytedeco.pytorch.Tensor exact) {
        return rough.to(ScalarType.Float).sub(exact).norm().item_double()
                / exact.norm().item_double();
    }

    /** Leaves NaN in memory that is free: a kernel that reads what nobody wrote does not get away with what lies there. */
    private static void litter() {
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < BLOCKS; i++) { // all of them at once, then all free
                torch.full(new long[] {BLOCK}, new Scalar(Double.NaN));
            }
        }
    }
}
