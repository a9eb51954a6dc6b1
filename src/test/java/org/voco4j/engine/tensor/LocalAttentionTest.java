package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.vector.TokenGroups;
import org.voco4j.engine.vector.VectorModule;

class LocalAttentionTest {
    private static final double TOLERANCE = 2e-6; // of the largest, or of 1 where all are 0 but for rounding

    private int threads;

    @BeforeEach
    void vectorsAreThere() {
        assumeTrue(VectorModule.isUsable());
        threads = Engine.threads();
    }

    @AfterEach
    void threadsAreAsBefore() {
        Engine.threads(threads);
    }

    /** Windows with random regions and paddings; the first has one region and no padding, and some are alike. */
    private record Case(int samples, int windows, int heads, int tokens, int features, int regions, double padded) {
        int[] regionOfToken() {
            SplittableRandom random = new SplittableRandom(1);
            int[] regions = new int[windows * tokens];
            for (int i = 0; i < regions.length; i++) {
                boolean alike = i / tokens >= 3;
                regions[i] = i < tokens ? 7 : alike ? regions[i - tokens] + 1 : random.nextInt(regions());
            }
            return regions;
        }

        boolean[] paddings() {
            SplittableRandom random = new SplittableRandom(2);
            boolean[] padding = new boolean[windows * tokens];
            for (int i = tokens; i < padding.length; i++) {
                padding[i] = random.nextDouble() < padded;
            }
            return padding;
        }

        TokenGroups groups() {
            return TokenGroups.of(regionOfToken(), paddings(), tokens);
        }

        Tensor qkv() {
            return random(3, 2, (long) samples * windows, tokens, 3L * heads * features);
        }

        Tensor bias() {
            return random(4, 1, heads, tokens, tokens);
        }

        /** Random, 0 for padding. */
        Tensor weights() {
            boolean[] padding = paddings();
            double[] keep = new double[padding.length];
            for (int i = 0; i < keep.length; i++) {
                keep[i] = padding[i] ? 0 : 1;
            }
            return random(5, 1, samples, windows, tokens, (long) heads * features)
                    .times(Tensor.of(keep, windows, tokens, 1))
                    .reshape((long) samples * windows, tokens, (long) heads * features);
        }

        Tensor mask() {
            int[] regions = regionOfToken();
            double[] mask = new double[windows * tokens * tokens];
            for (int i = 0; i < windows * tokens; i++) {
                for (int j = 0; j < tokens; j++) {
                    mask[i * tokens + j] = regions[i] == regions[i / tokens * tokens + j] ? 0 : -1e4;
                }
            }
            return Tensor.of(mask, windows, tokens, tokens);
        }
    }

    private static Tensor random(long seed, double size, long... shape) {
        int count = 1;
        for (long length : shape) {
            count *= (int) length;
        }
        double[] values = new SplittableRandom(seed).doubles(count, -size, size).toArray();
        for (int i = 0; i < count; i++) {
            values[i] = (float) values[i];
        }
        return Tensor.of(values, shape);
    }

    /** The result without padding, and the gradients of q, k and v together and of the bias. */
    private static List<Tensor> own(Case c, int threads) {
        Engine.threads(threads);
        Tensor qkv = c.qkv().to(DType.F32).requireGradient(true);
        Tensor bias = c.bias().to(DType.F32).requireGradient(true);
        return results(LocalAttention.of(qkv, bias, c.groups()), c.weights().to(DType.F32), qkv, bias);
    }

    private static List<Tensor> libtorch(Case c) {
        Tensor qkv = c.qkv().requireGradient(true);
        Tensor bias = c.bias().requireGradient(true);
        long[] shape = {c.samples, c.windows, c.heads, c.tokens, c.features};
        Tensor split = qkv.reshape(c.samples, c.windows, c.tokens, 3, c.heads, c.features);
        Tensor apart = Rearrange.permute(split, 3, 0, 1, 4, 2, 5);
        Tensor attended = Attention.generic(
                apart.narrow(0, 0, 1).reshape(shape),
                apart.narrow(0, 1, 1).reshape(shape),
                apart.narrow(0, 2, 1).reshape(shape),
                bias,
                c.mask());
        Tensor joined = Rearrange.permute(attended, 0, 1, 3, 2, 4)
                .reshape((long) c.samples * c.windows, c.tokens, (long) c.heads * c.features);
        return results(joined, c.weights(), qkv, bias);
    }

    private static List<Tensor> results(Tensor attended, Tensor weights, Tensor qkv, Tensor bias) {
        attended.times(weights).sum().backward();
        List<Tensor> all = new ArrayList<>();
        all.add(attended.times(Ops.isAbove(weights.abs(), 0))); // random weights are not 0
        all.add(Objects.requireNonNull(qkv.gradient()));
        all.add(Objects.requireNonNull(bias.gradient()));
        return all;
    }

    private static void assertSame(Case c) {
        try (Scope scope = Scope.open()) {
            List<Tensor> own = own(c, 1);
            List<Tensor> expected = libtorch(c);
            String[] names = {"result", "gradient of q, k and v", "gradient of the bias"};
            for (int i = 0; i < names.length; i++) {
                double[] values = expected.get(i).toDoubles();
                double largest = 0;
                for (double value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertThat(own.get(i).shape()).isEqualTo(expected.get(i).shape());
                if (largest == 0) { // a token that attends to itself alone has no gradient but of its value
                    largest = 1;
                }
                Tensors.assertClose(own.get(i), values, TOLERANCE * largest, names[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "8", "12", "16", "32"})
    void everyWidthOfHeadsIsWhatLibtorchDifferentiatesItself(int features) {
        assertSame(new Case(2, 5, 3, 27, features, 3, 0.3));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 4, 1, 0",
        "1, 1, 2, 2, 4, 1, 0.5",
        "3, 4, 2, 15, 4, 2, 0.2",
        "2, 6, 1, 16, 4, 4, 0.9",
        "2, 4, 3, 17, 4, 1, 0",
        "1, 7, 24, 49, 4, 2, 0.1",
        "2, 5, 3, 343, 4, 8, 0.3",
        "1, 2, 3, 343, 16, 1, 0"
    })
    void everySizeOfWindowsIsWhatLibtorchDifferentiatesItself(
            int samples, int windows, int heads, int tokens, int features, int regions, double padded) {
        assertSame(new Case(samples, windows, heads, tokens, features, regions, padded));
    }

    @Test
    void threadsAndCallsChangeNoBit() {
        Case c = new Case(4, 9, 3, 75, 6, 3, 0.2);
        try (Scope scope = Scope.open()) {
            List<Tensor> once = own(c, 1);
            for (int threads : new int[] {1, 2, 3}) {
                List<Tensor> again = own(c, threads);
                for (int i = 0; i < once.size(); i++) {
                    assertThat(again.get(i).toFloats())
                            .as("%d threads", threads)
                            .isEqualTo(once.get(i).toFloats());
                }
            }
        }
    }

    /** Sums over lanes have an order of their own: code that is interpreted at first and compiled later agrees with itself. */
    @Test
    void theFirstCallIsTheHundredth() {
        Case c = new Case(1, 4, 1, 30, 4, 2, 0.1);
        try (Scope scope = Scope.open()) {
            List<float[]> first = own(c, 1).stream().map(Tensor::toFloats).toList();
            for (int call = 0; call < 200; call++) {
                try (Scope inner = Scope.open()) {
                    List<Tensor> again = own(c, 1);
                    for (int i = 0; i < first.size(); i++) {
                        assertThat(again.get(i).toFloats()).isEqualTo(first.get(i));
                    }
                }
            }
        }
    }

    @Test
    void rowsOfPaddingAreZeroAndTheirGradientIsIgnored() {
        Case c = new Case(1, 3, 2, 10, 4, 2, 0.5);
        boolean[] padding = c.paddings();
        try (Scope scope = Scope.open()) {
            Tensor qkv = c.qkv().to(DType.F32).requireGradient(true);
            Tensor attended = LocalAttention.of(qkv, c.bias(), c.groups());
            attended.sum().backward();
            float[] values = attended.toFloats();
            float[] gradient = Objects.requireNonNull(qkv.gradient()).toFloats();
            for (int token = 0; token < padding.length; token++) {
                for (int e = 0; e < 8; e++) {
                    assertThat(values[token * 8 + e] == 0).isEqualTo(padding[token]);
                    assertThat(gradient[token * 24 + e] == 0).as("query").isEqualTo(padding[token]);
                }
            }
        }
    }

    @Test
    void scoresFarApartAndHugeOnesAreAttendedTo() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 1, 1, 20, 4, 1, 0);
            float[] expected = libtorch(c).get(0).toFloats();
            Tensor bias = c.bias().plus(30_000).to(DType.F32);
            Tensor shifted = LocalAttention.of(c.qkv().to(DType.F32), bias, c.groups());
            Tensors.assertClose(shifted, Tensor.of(expected, 80).toDoubles(), 1e-2, "what is added to all");
            Tensor wide = c.qkv().times(100).to(DType.F32);
            assertThat(LocalAttention.of(wide, c.bias(), c.groups()).toFloats()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void whatIsNoNumberIsPassedOn() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 1, 1, 20, 4, 1, 0);
            float[] values = c.qkv().toFloats();
            values[4] = Float.NaN; // a key
            Tensor attended = LocalAttention.of(Tensor.of(values, 1, 20, 12), c.bias(), c.groups());
            assertThat(attended.toFloats()).containsOnly(Float.NaN);
        }
    }

    @Test
    void sixteenBitsAreAttendedToInThirtyTwo() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 2, 2, 30, 4, 2, 0);
            Tensor narrow = c.qkv().to(DType.BF16);
            Tensor wide = LocalAttention.of(narrow.to(DType.F32), c.bias(), c.groups());
            assertThat(LocalAttention.of(narrow, c.bias(), c.groups()).toFloats())
                    .isEqualTo(wide.to(DType.BF16).toFloats());
        }
    }

    /** Libtorch's kernel is fed the same numbers of 16 bits; rounding to 16 again leaves the two a step apart at most. */
    @Test
    void ofSixteenBitsBothKernelsMakeTheSame() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(2, 4, 3, 75, 4, 2, 0);
            Tensor narrow = c.qkv().to(DType.BF16);
            float[] own = LocalAttention.of(narrow, c.bias(), c.groups()).toFloats();
            long[] shape = {c.samples, c.windows, c.heads, c.tokens, c.features};
            Tensor apart = Rearrange.permute(
                    narrow.reshape(c.samples, c.windows, c.tokens, 3, c.heads, c.features), 3, 0, 1, 4, 2, 5);
            Tensor attended = Attention.of(
                    apart.narrow(0, 0, 1).reshape(shape),
                    apart.narrow(0, 1, 1).reshape(shape),
                    apart.narrow(0, 2, 1).reshape(shape),
                    c.bias(),
                    c.mask().to(DType.F32));
            float[] libtorch = Rearrange.permute(attended, 0, 1, 3, 2, 4).toFloats();
            assertThat(attended.type()).isEqualTo(DType.BF16);
            int others = 0;
            for (int i = 0; i < own.length; i++) {
                assertThat((double) own[i]).isCloseTo(libtorch[i], within(0.008 * Math.abs(libtorch[i]) + 1e-6));
                others += own[i] == libtorch[i] ? 0 : 1;
            }
            assertThat(others).isLessThan(own.length / 500);
        }
    }

    @Test
    void whatIsSavedForTheWayBackIsReleasedAfterIt() throws InterruptedException {
        Tensors.collectGarbage();
        long before = 0;
        for (int i = 0; i < 6; i++) {
            try (Scope scope = Scope.open()) {
                own(new Case(2, 3, 2, 8, 2, 2, 0.1), 1);
            }
            if (i == 0) {
                before = Engine.nativeObjects();
            }
        }
        assertThat(Engine.nativeObjects()).isEqualTo(before);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Case c = new Case(1, 3, 2, 10, 4, 2, 0.5);
        Tensor other = random(1, 1, 3, 11, 24);
        assertThatThrownBy(() -> LocalAttention.of(other, c.bias(), c.groups()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 tokens");
    }
}
