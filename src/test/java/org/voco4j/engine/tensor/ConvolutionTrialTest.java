package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.TensorOptional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the mixtures of channels say is what a comparison of all channels says, of right kernels and of wrong ones. */
class ConvolutionTrialTest {
    /** Three of 2x2x2 voxels, whose weight gradient is wrong on processors without AMX, and others. */
    @ParameterizedTest
    @CsvSource({
        "3, 48, 48, 3, 1, false, false, 2",
        "3, 32, 64, 3, 1, false, false, 2",
        "3, 48, 48, 3, 2, false, false, 4",
        "3, 1, 48, 3, 1, false, false, 17",
        "3, 48, 48, 3, 1, false, true, 9",
        "3, 16, 48, 3, 2, false, false, 8",
        "3, 1, 16, 7, 2, false, true, 15",
        "3, 1, 24, 2, 2, false, true, 8",
        "3, 32, 16, 2, 2, true, false, 5",
        "3, 16, 16, 3, 2, true, true, 4",
        "2, 16, 32, 3, 1, false, false, 21",
        "2, 32, 16, 2, 2, true, true, 6",
    })
    void agreesWithAllChannels(
            int dims, long in, long out, long kernel, int stride, boolean transposed, boolean bias, long edge) {
        long[] weight = edges(dims, transposed ? in : out, transposed ? out : in, kernel);
        long[] map = new long[dims];
        Arrays.fill(map, edge);
        assertAgrees(new Convolution(weight, stride, transposed, bias), map, false);
        if (dims == 3) {
            assertAgrees(new Convolution(weight, stride, transposed, bias), map, true);
        }
    }

    private static void assertAgrees(Convolution convolution, long[] map, boolean voxelByVoxel) {
        double trial = ConvolutionTrial.distance(convolution, map, voxelByVoxel);
        long[] input = edges(map.length, 2, convolution.in(), map[0]);
        double all = distance(
                new Convolution(convolution.weight(), convolution.stride(), convolution.transposed(), false),
                input,
                voxelByVoxel);
        if (all <= Bf16Convolutions.TOLERANCE) {
            assertThat(trial).isBetween(all / 2, all * 2);
        } else {
            assertThat(trial <= Bf16Convolutions.TOLERANCE).isFalse(); // NaN too
        }
    }

    private static long[] edges(int dims, long first, long second, long edge) {
        long[] shape = new long[dims + 2];
        Arrays.fill(shape, edge);
        shape[0] = first;
        shape[1] = second;
        return shape;
    }

    /** The largest distance of result and gradients, with autograd and with all channels in 32 bits. */
    private static double distance(Convolution convolution, long[] input, boolean voxelByVoxel) {
        try (Scope scope = Scope.open()) {
            Tensor x = Draws.of(1, input).to(DType.BF16);
            Tensor w = Draws.of(2, convolution.weight()).to(DType.BF16);
            long[] result = convolution.result(Arrays.copyOfRange(input, 2, input.length));
            long[] fed = new long[input.length];
            fed[0] = input[0];
            fed[1] = convolution.out();
            System.arraycopy(result, 0, fed, 2, result.length);
            Tensor g = Draws.of(3, fed).to(DType.BF16);
            Tensor[] rough = thereAndBack(convolution, x, w, g, DType.BF16, voxelByVoxel);
            Tensor[] exact = thereAndBack(convolution, x, w, g, DType.F32, false);
            double most = 0;
            for (int i = 0; i < exact.length; i++) {
                double off = rough[i].to(DType.F32).minus(exact[i]).norm().item()
                        / exact[i].norm().item();
                most = Math.max(most, off);
            }
            return most;
        }
    }

    private static Tensor[] thereAndBack(
            Convolution convolution, Tensor x, Tensor w, Tensor g, DType type, boolean voxelByVoxel) {
        Tensor rows = x.to(type).detach().copy();
        Tensor in = (voxelByVoxel ? MapLayout.voxelByVoxel(rows) : rows).requireGradient(true);
        Tensor kernel = w.to(type).detach().copy().requireGradient(true);
        Tensor y = new Tensor(convolution.forward(in.handle, kernel.handle, new TensorOptional()));
        y.backward(g.to(type));
        return new Tensor[] {
            y.detach(), Objects.requireNonNull(in.gradient()), Objects.requireNonNull(kernel.gradient())
        };
    }
}
