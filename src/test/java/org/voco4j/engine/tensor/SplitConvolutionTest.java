package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions that are computed in other ways than libtorch's own are its convolutions in 64 bits, there and back. */
class SplitConvolutionTest extends VectorKernelFixture {
    private static final double TOLERANCE = 2e-6; // of the largest

    private interface Layer {
        Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias);
    }

    /** y, ∂W, ∂b and, where it is wanted, ∂x. */
    private static List<Tensor> results(
            DType type, long[] map, long[] weights, int out, boolean ofMap, boolean voxelByVoxel, Layer layer) {
        Tensor x = drawn(1, type, map);
        x = (voxelByVoxel ? MapLayout.voxelByVoxel(x) : x).requireGradient(ofMap);
        Tensor weight = drawn(2, type, weights).requireGradient(true);
        Tensor bias = drawn(3, type, out).requireGradient(true);
        Tensor y = layer.of(x, weight, bias);
        y.times(drawn(4, type, y.shape())).sum().backward();
        List<Tensor> all = new ArrayList<>(
                List.of(y, Objects.requireNonNull(weight.gradient()), Objects.requireNonNull(bias.gradient())));
        if (ofMap) {
            all.add(Objects.requireNonNull(x.gradient()));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 12, 3, 16, 11, 9, false, true",
        "1, 5, 1, 10, 12, 13, false, true",
        "24, 24, 3, 12, 12, 12, true, true",
        "24, 24, 3, 12, 12, 12, true, false",
        "6, 10, 3, 15, 11, 12, true, true", // three pieces
        "6, 10, 5, 35, 8, 7, true, false", // five, of 7 planes
        "3, 4, 1, 14, 12, 13, true, false"
    })
    void gradientsOfPiecesAreThoseOfTheWhole(
            int in, int out, int kernel, int x, int y, int z, boolean ofMap, boolean voxelByVoxel) {
        try (Scope scope = Scope.open()) {
            long[] map = {1, in, x, y, z};
            long[] weights = {out, in, kernel, kernel, kernel};
            Convolution convolution = new Convolution(weights, 1, false, true);
            assertThat(SplitConvolution.serves(convolution, drawn(1, DType.F32, map)))
                    .isTrue();
            Layer plain = (scan, weight, bias) -> Ops.conv(scan, weight, bias, 1);
            Layer split = (scan, weight, bias) -> SplitConvolution.of(convolution, scan, weight, bias);
            List<Tensor> own = results(DType.F32, map, weights, out, ofMap, voxelByVoxel, split);
            assertAlike(own, results(DType.F64, map, weights, out, ofMap, false, plain), TOLERANCE);
            assertThat(MapLayout.isVoxelByVoxel(own.get(0))).isEqualTo(voxelByVoxel);
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // what never ends hears no interrupt
    void aMapOfOnePlaneIsNotCut() {
        try (Scope scope = Scope.open()) {
            Convolution convolution = new Convolution(new long[] {32, 32, 3, 3, 3}, 1, false, true);
            for (int x : new int[] {1, 37}) { // planes that cannot be shared out, or by 37 alone
                assertThat(SplitConvolution.serves(convolution, drawn(1, DType.F32, 1, 32, x, 8, 128)))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBiasOfATransposedConvolutionAddedApartIsTheSame(boolean voxelByVoxel) {
        try (Scope scope = Scope.open()) {
            long[] map = {2, 6, 5, 4, 3};
            long[] weights = {6, 8, 2, 2, 2};
            Layer layer = (scan, weight, bias) -> Ops.convTranspose(scan, weight, bias, 2);
            assertAlike(
                    results(DType.F32, map, weights, 8, true, voxelByVoxel, layer),
                    results(DType.F64, map, weights, 8, true, false, layer),
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "2, false"})
    void aPointwiseResultLiesChannelByChannel(int samples, boolean voxelByVoxel) {
        try (Scope scope = Scope.open()) {
            long[] map = {samples, 12, 7, 5, 6};
            long[] weights = {14, 12, 1, 1, 1};
            List<Tensor> own = results(DType.F32, map, weights, 14, true, voxelByVoxel, Ops::pointwiseRowMajor);
            assertAlike(own, results(DType.F64, map, weights, 14, true, false, Ops::pointwiseRowMajor), TOLERANCE);
            assertThat(own.get(0).handle.is_contiguous()).isTrue();
        }
    }
}
