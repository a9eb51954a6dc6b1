package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.vector.VectorModule;

/** Minimal filtering is libtorch's convolution in 64 bits, there and back. */
class WinogradConvolutionTest extends VectorKernelFixture {
    private static final double TOLERANCE = 2e-6; // of the largest

    /** y, ∂x, ∂W and, where there is one, ∂b. */
    private static List<Tensor> results(DType type, int out, boolean withBias, long... map) {
        Tensor x = MapLayout.voxelByVoxel(drawn(1, type, map)).requireGradient(true);
        Tensor weight = drawn(2, type, out, map[1], 3, 3, 3).requireGradient(true);
        Tensor bias = withBias ? drawn(3, type, out).requireGradient(true) : null;
        Tensor y = Ops.conv(x, weight, bias, 1);
        y.times(drawn(4, type, y.shape())).sum().backward();
        List<Tensor> all = new ArrayList<>(
                List.of(y, Objects.requireNonNull(x.gradient()), Objects.requireNonNull(weight.gradient())));
        if (bias != null) {
            all.add(Objects.requireNonNull(bias.gradient()));
        }
        return all;
    }

    private static boolean isServed(int out, long... map) {
        Convolution convolution = new Convolution(new long[] {out, map[1], 3, 3, 3}, 1, false, false);
        return WinogradConvolution.serves(convolution, MapLayout.voxelByVoxel(drawn(1, DType.F32, map)));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 32, 32, 16, 16, 16, true",
        "2, 48, 32, 17, 18, 19, false", // odd edges: the last tiles leave the map
        "1, 48, 96, 22, 21, 34, true", // more than a block of tiles along Z
        "3, 64, 80, 16, 17, 16, false",
        "2, 32, 112, 16, 16, 35, true"
    })
    void isLibtorchsIn64Bits(int samples, int in, int out, int x, int y, int z, boolean withBias) {
        assumeTrue(VectorModule.lanes() == 16);
        try (Scope scope = Scope.open()) {
            long[] map = {samples, in, x, y, z};
            assertThat(isServed(out, map)).isTrue();
            List<Tensor> own = results(DType.F32, out, withBias, map);
            assertAlike(own, results(DType.F64, out, withBias, map), TOLERANCE);
            assertThat(MapLayout.isVoxelByVoxel(own.get(0))).isTrue();
        }
    }

    @Test
    void threadsChangeNoBitNorDoOtherSamples() {
        assumeTrue(VectorModule.lanes() == 16);
        try (Scope scope = Scope.open()) {
            Engine.threads(1);
            List<Tensor> one = results(DType.F32, 48, true, 2, 48, 21, 22, 23);
            for (int more = 2; more <= 3; more++) {
                Engine.threads(more);
                List<Tensor> several = results(DType.F32, 48, true, 2, 48, 21, 22, 23);
                for (int i = 0; i < 2; i++) { // what is ours
                    assertThat(several.get(i).toFloats()).isEqualTo(one.get(i).toFloats());
                }
            }
            try (NoGrad none = NoGrad.open()) {
                Tensor x = MapLayout.voxelByVoxel(drawn(1, DType.F32, 2, 48, 21, 22, 23));
                Tensor weight = drawn(2, DType.F32, 48, 48, 3, 3, 3).requireGradient(true);
                Tensor second = MapLayout.voxelByVoxel(x.narrow(0, 1, 1));
                assertThat(Ops.conv(second, weight, drawn(3, DType.F32, 48), 1).toFloats())
                        .isEqualTo(one.get(0).narrow(0, 1, 1).toFloats());
            }
        }
    }

    @Test
    void othersAreLeftToLibtorch() {
        try (Scope scope = Scope.open()) {
            assertThat(isServed(40, 2, 32, 16, 16, 16)).as("half a vector").isFalse();
            assertThat(isServed(32, 2, 16, 16, 16, 16)).as("one vector").isFalse();
            assertThat(isServed(32, 2, 32, 16, 15, 16)).as("a short edge").isFalse();
            Convolution strided = new Convolution(new long[] {32, 32, 3, 3, 3}, 2, false, false);
            Convolution wider = new Convolution(new long[] {32, 32, 5, 5, 5}, 1, false, false);
            Tensor rowMajor = drawn(1, DType.F32, 2, 32, 16, 16, 16);
            Convolution plain = new Convolution(new long[] {32, 32, 3, 3, 3}, 1, false, false);
            assertThat(WinogradConvolution.serves(plain, rowMajor)).isFalse();
            Tensor x = MapLayout.voxelByVoxel(rowMajor);
            assertThat(WinogradConvolution.serves(strided, x)).isFalse();
            assertThat(WinogradConvolution.serves(wider, x)).isFalse();
            assertThat(WinogradConvolution.serves(plain, x.to(DType.BF16))).isFalse();
        }
    }
}
