package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our norm of maps whose channels lie side by side is libtorch's in 64 bits, there and back. */
class ActivatedNormTest extends VectorKernelFixture {
    private static final double TOLERANCE = 3e-6; // of the largest
    /** A map whose channels have means of up to {@code offset} standard deviations. */
    private record Case(
            int samples,
            int channels,
            int groups,
            int edge,
            boolean affine,
            boolean shortcut,
            double slope,
            double offset) {
        Tensor map(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int voxels = edge * edge * (edge + 1);
            double[] values = new double[samples * channels * voxels];
            double mean = 0;
            for (int i = 0; i < values.length; i++) {
                mean = i % voxels == 0 ? offset * random.nextDouble(-1, 1) : mean;
                values[i] = (float) (mean + random.nextDouble(-1, 1));
            }
            return Tensor.of(values, samples, channels, edge, edge, edge + 1);
        }

        @Nullable
        Tensor perChannel(long seed) {
            return affine
                    ? Tensor.of(
                            new SplittableRandom(seed).doubles(channels, -2, 2).toArray(), channels)
                    : null;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(2, 12, 12, 9, false, false, 0.01, 2),
                new Case(3, 12, 12, 9, false, true, 0.01, 2),
                new Case(1, 24, 3, 10, true, true, 0.1, 2),
                new Case(5, 7, 7, 5, true, false, 1, 2),
                new Case(2, 13, 1, 4, true, true, 0, 2),
                new Case(2, 192, 24, 3, true, false, 0.01, 2),
                new Case(1, 2, 2, 70, true, true, 0.01, 30)); // more than a slice
    }

    private static List<Tensor> wanted(Case c) {
        Tensor x = c.map(1).requireGradient(true);
        Tensor s = c.map(2).requireGradient(true);
        Tensor gamma = c.perChannel(3);
        Tensor beta = c.perChannel(4);
        if (gamma != null && beta != null) {
            gamma.requireGradient(true);
            beta.requireGradient(true);
        }
        Tensor y = Ops.libtorchGroupNorm(x, c.groups, gamma, beta, 1e-5);
        y = c.shortcut ? y.plus(s) : y;
        y = c.slope == 0 ? y.relu() : Ops.leakyRelu(y, c.slope);
        return results(y, c.map(5), x, c.shortcut ? s : null, gamma, beta);
    }

    private static Tensor voxelByVoxel(Tensor map) {
        return new Tensor(map.to(DType.F32).handle.contiguous(MemoryFormat.ChannelsLast3d)).requireGradient(true);
    }

    private static List<Tensor> own(Case c, int threads) {
        Engine.threads(threads);
        Tensor x = voxelByVoxel(c.map(1));
        Tensor s = c.map(2).to(DType.F32).requireGradient(true); // where channels lie is for the map to say
        Tensor gamma = inFloats(c.perChannel(3));
        Tensor beta = inFloats(c.perChannel(4));
        Tensor y = new ActivatedNorm(c.groups, gamma, beta, 1e-5, c.slope).of(x, c.shortcut ? s : null);
        assertThat(MapLayout.isVoxelByVoxel(y)).isTrue();
        return results(y, c.map(5).to(DType.F32), x, c.shortcut ? s : null, gamma, beta);
    }

    private static @Nullable Tensor inFloats(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.to(DType.F32).requireGradient(true);
    }

    private static List<Tensor> results(Tensor y, Tensor weights, @Nullable Tensor... inputs) {
        y.times(weights).sum().backward();
        List<Tensor> all = new ArrayList<>(List.of(y));
        for (Tensor input : inputs) {
            if (input != null) {
                all.add(Objects.requireNonNull(input.gradient()));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isLibtorchsIn64Bits(Case c) {
        try (Scope scope = Scope.open()) {
            List<Tensor> wanted = wanted(c);
            List<Tensor> own = own(c, 2);
            assertThat(own).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                double largest = largest(wanted.get(i));
                double off = largest(own.get(i).to(DType.F64).minus(wanted.get(i)));
                // numbers that lie far from 0 are themselves held that much less exactly
                assertThat(off).as("%s, result %d", c, i).isLessThan(TOLERANCE * largest * Math.max(1, c.offset / 3));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void threadsChangeNoBit(Case c) {
        try (Scope scope = Scope.open()) {
            List<Tensor> one = own(c, 1);
            for (int more = 2; more <= 3; more++) {
                List<Tensor> several = own(c, more);
                for (int i = 0; i < one.size(); i++) {
                    assertThat(several.get(i).toFloats()).isEqualTo(one.get(i).toFloats());
                }
            }
        }
    }

    /** Brain floats in and out are rounded, and nothing else differs from the same values of 32 bits. */
    @ParameterizedTest
    @MethodSource("cases")
    void brainFloatsAreRoundedOnly(Case c) {
        try (Scope scope = Scope.open()) {
            Tensor x = voxelByVoxel(c.map(1)).to(DType.BF16).detach();
            Tensor s = c.shortcut ? voxelByVoxel(c.map(2)).to(DType.BF16).detach() : null;
            Tensor g = voxelByVoxel(c.map(5)).to(DType.BF16).detach();
            List<List<Tensor>> all = new ArrayList<>();
            for (DType type : List.of(DType.F32, DType.BF16)) {
                Tensor map = x.to(type).detach().requireGradient(true);
                Tensor shortcut = s == null ? null : s.to(type).detach().requireGradient(true);
                Tensor y = new ActivatedNorm(c.groups, null, null, 1e-5, c.slope).of(map, shortcut);
                assertThat(y.type()).isEqualTo(type);
                y.backward(g.to(type));
                all.add(List.of(y, Objects.requireNonNull(map.gradient())));
            }
            for (int i = 0; i < 2; i++) {
                Tensor rounded = all.get(0).get(i).to(DType.BF16).to(DType.F64);
                Tensor off = all.get(1).get(i).to(DType.F64).minus(rounded);
                // a sign that rounding to 0 hid changes single gradients
                assertThat(off.norm().item()).isLessThan(1e-3 * rounded.norm().item());
            }
        }
    }

    @Test
    void aScopeThatWasClosedBeforeTheWayBackIsSaid() {
        Tensor x = voxelByVoxel(cases().findFirst().orElseThrow().map(1));
        Tensor y;
        try (Scope scope = Scope.open()) {
            y = scope.keep(new ActivatedNorm(12, null, null, 1e-5, 1).of(x, null));
        }
        Tensor sum = y.times(y).sum();
        assertThatThrownBy(sum::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Scope");
    }

    @Test
    void notANumberStaysNone() {
        try (Scope scope = Scope.open()) {
            Tensor x = voxelByVoxel(new Case(1, 12, 12, 9, false, false, 1, 2).map(1));
            Tensor wrong = new Tensor(x.detach().handle.div(new org.bytedeco.pytorch.Scalar(0.0))).to(DType.BF16);
            Tensor y = new ActivatedNorm(12, null, null, 1e-5, 0.01).of(wrong, null);
            for (float value : y.toFloats()) {
                assertThat(value).isNaN();
            }
        }
    }

    @Test
    void withoutAGradientToComputeNothingIsKept() {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor y = new ActivatedNorm(12, null, null, 1e-5, 1)
                    .of(voxelByVoxel(cases().findFirst().orElseThrow().map(1)), null);
            assertThat(y.handle.requires_grad()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theResultLiesInTheMapsPlaceWhereNoGradientsAreRecorded(Case c) {
        try (Scope scope = Scope.open()) {
            Tensor gamma = c.perChannel(2);
            Tensor beta = c.perChannel(3);
            ActivatedNorm norm = new ActivatedNorm(
                    c.groups,
                    gamma == null ? null : gamma.to(DType.F32),
                    beta == null ? null : beta.to(DType.F32),
                    1e-5,
                    c.slope);
            Tensor shortcut = c.shortcut ? voxelByVoxel(c.map(4)) : null;
            Tensor x = voxelByVoxel(c.map(1));
            float[] before = x.toFloats();
            float[] apart = norm.of(x, shortcut).toFloats();
            assertThat(norm.over(x, shortcut).toFloats()).isEqualTo(apart);
            assertThat(x.toFloats()).isEqualTo(before); // gradients are recorded
            try (NoGrad none = NoGrad.open()) {
                norm.of(x, shortcut);
                assertThat(x.toFloats()).isEqualTo(before);
                assertThat(norm.over(x, shortcut).toFloats()).isEqualTo(apart);
                assertThat(x.toFloats()).isEqualTo(apart);
            }
        }
    }

    /** The gradient of a convolution is the same wherever its map's channels lie. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aConvolutionIsTheSameWhereverChannelsLie(int kernel) {
        try (Scope scope = Scope.open()) {
            Case c = new Case(2, 12, 12, 8, false, false, 1, 2);
            double[] values = new SplittableRandom(9)
                    .doubles(20L * 12 * kernel * kernel * kernel, -1, 1)
                    .toArray();
            List<List<Tensor>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // 64 bits, channel by channel, voxel by voxel
                Tensor x = i == 2
                        ? voxelByVoxel(c.map(1))
                        : c.map(1).to(i == 0 ? DType.F64 : DType.F32).requireGradient(true);
                Tensor w = Tensor.of(values, 20, 12, kernel, kernel, kernel)
                        .to(x.type())
                        .requireGradient(true);
                Tensor y = Ops.conv(x, w, null, kernel == 2 ? 2 : 1);
                y.times(y).sum().backward();
                all.add(List.of(y, Objects.requireNonNull(x.gradient()), Objects.requireNonNull(w.gradient())));
            }
            for (int i = 0; i < 3; i++) {
                for (int j = 1; j < 3; j++) {
                    Tensor off =
                            all.get(j).get(i).to(DType.F64).minus(all.get(0).get(i));
                    assertThat(largest(off))
                            .isCloseTo(0, within(1e-5 * largest(all.get(0).get(i))));
                }
            }
        }
    }
}
