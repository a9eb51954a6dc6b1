package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.vector.TokenGroups;

class LocalAttentionTest extends VectorKernelFixture {
    private static final double TOLERANCE = 2e-6; // of the largest, or of 1 where all are 0 but for rounding

    /** Windows with random regions and paddings; the first has one region and no padding, and some are alike. */
    private record Case(
            int samples,
            int windows,
            int heads,
            int tokens,
            int features,
            int regions,
            double padded,
            double size,
            double level) {
        Case(int samples, int windows, int heads, int tokens, int features, int regions, double padded) {
            this(samples, windows, heads, tokens, features, regions, padded, 2, 0);
        }

        int[] regionOfToken() {
            SplittableRandom random = new SplittableRandom(1);
            int[] regions = new int[windows * tokens];
            for (int i = 0; i < regions.length; i++) {
                boolean alike = i / tokens >= 3;
                regions[i] = i < tokens ? 7 : alike ? regions[i - tokens] + 1 : random.nextInt(regions());
            }
            return regions;
        }

        /** Where tokens lie in the map: mostly one after the other, some are swapped. */
        int[] places() {
            SplittableRandom random = new SplittableRandom(2);
            int[] places = new int[windows * tokens];
            int next = 0;
            for (int i = 0; i < places.length; i++) {
                places[i] = i >= tokens && random.nextDouble() < padded ? -1 : next++;
            }
            for (int swap = 0; swap < next / 4; swap++) {
                int one = random.nextInt(next);
                int other = random.nextInt(next);
                for (int i = 0; i < places.length; i++) {
                    places[i] = places[i] == one ? other : places[i] == other ? one : places[i];
                }
            }
            return places;
        }

        TokenGroups groups() {
            return TokenGroups.of(regionOfToken(), places(), tokens);
        }

        int channels() {
            return heads * features;
        }

        Tensor qkv() {
            return random(3, size, samples, groups().places(), 3L * channels());
        }

        Tensor padding() {
            return random(6, size, 3L * channels());
        }

        /** Tokens of the maps window by window, [B, W, n, 3·C]. */
        Tensor cut(Tensor qkv, Tensor padding) {
            int count = groups().places();
            int[] places = places();
            long[] rows = new long[samples * places.length];
            for (int i = 0; i < rows.length; i++) {
                int place = places[i % places.length];
                rows[i] = place < 0 ? (long) samples * count : (long) i / places.length * count + place;
            }
            Tensor all = Tensor.concatenate(
                    List.of(qkv.reshape((long) samples * count, 3L * channels()), padding.reshape(1, 3L * channels())),
                    0);
            return Rearrange.rows(all, Tensor.of(rows, rows.length)).reshape(samples, windows, tokens, 3L * channels());
        }

        /** What is made of tokens window by window, [B, W, H, n, d], in the order of the map without padding: [B, N, C]. */
        Tensor join(Tensor attended) {
            int count = groups().places();
            int[] places = places();
            long[] rows = new long[samples * count];
            for (int i = 0; i < samples * places.length; i++) {
                int place = places[i % places.length];
                if (place >= 0) {
                    rows[i / places.length * count + place] = i;
                }
            }
            Tensor all =
                    Rearrange.permute(attended, 0, 1, 3, 2, 4).reshape((long) samples * windows * tokens, channels());
            return Rearrange.rows(all, Tensor.of(rows, rows.length)).reshape(samples, count, channels());
        }

        /** q, k and v of tokens window by window, each [B, W, H, n, d]. */
        List<Tensor> apart(Tensor cut) {
            Tensor split = cut.reshape(samples, windows, tokens, 3, heads, features);
            Tensor apart = Rearrange.permute(split, 3, 0, 1, 4, 2, 5);
            long[] shape = {samples, windows, heads, tokens, features};
            return List.of(
                    apart.narrow(0, 0, 1).reshape(shape),
                    apart.narrow(0, 1, 1).reshape(shape),
                    apart.narrow(0, 2, 1).reshape(shape));
        }

        Tensor bias() {
            return random(4, 1, heads, tokens, tokens).plus(level);
        }

        Tensor weights() {
            return random(5, 1, samples, groups().places(), channels());
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

    /** The result, and the gradients of q, k and v together, of those of padding and of the bias. */
    private static List<Tensor> own(Case c, int threads) {
        Engine.threads(threads);
        Tensor qkv = c.qkv().to(DType.F32).requireGradient(true);
        Tensor padding = c.padding().to(DType.F32).requireGradient(true);
        Tensor bias = c.bias().to(DType.F32).requireGradient(true);
        Tensor attended = LocalAttention.of(qkv, padding, bias, c.groups());
        return results(attended, c.weights().to(DType.F32), qkv, padding, bias);
    }

    private static List<Tensor> libtorch(Case c) {
        Tensor qkv = c.qkv().requireGradient(true);
        Tensor padding = c.padding().requireGradient(true);
        Tensor bias = c.bias().requireGradient(true);
        List<Tensor> apart = c.apart(c.cut(qkv, padding));
        Tensor attended = Attention.generic(apart.get(0), apart.get(1), apart.get(2), bias, c.mask());
        return results(c.join(attended), c.weights(), qkv, padding, bias);
    }

    private static List<Tensor> results(Tensor attended, Tensor weights, Tensor... inputs) {
        attended.times(weights).sum().backward();
        List<Tensor> all = new ArrayList<>();
        all.add(attended);
        for (Tensor input : inputs) {
            all.add(Objects.requireNonNull(input.gradient()));
        }
        return all;
    }

    private static void assertSame(Case c) {
        assertSame(c, TOLERANCE);
    }

    private static void assertSame(Case c, double tolerance) {
        try (Scope scope = Scope.open()) {
            List<Tensor> own = own(c, 1);
            List<Tensor> expected = libtorch(c);
            String[] names = {"result", "gradient of q, k and v", "gradient of padding", "gradient of the bias"};
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
                Tensors.assertClose(own.get(i), values, tolerance * largest, names[i]);
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

    /** Where 2ˢ would overflow or be nothing, rows are shifted; rounding a score of 100 to 32 bits moves its weight by 4·10⁻⁶. */
    @ParameterizedTest
    @CsvSource({"6, 0, 4", "4, 60, 6", "2, -150, 4", "9, -400, 16"})
    void scoresThatNeedAShiftAreWhatLibtorchDifferentiatesItself(double size, double bias, int features) {
        assertSame(new Case(2, 5, 2, 27, features, 3, 0.3, size, bias), 4e-5);
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

    /** Its keys and values count, its query does not. */
    @Test
    void paddingIsAttendedToAndDoesNotAttend() {
        Case c = new Case(1, 3, 2, 10, 4, 2, 0.5);
        try (Scope scope = Scope.open()) {
            Tensor padding = c.padding().to(DType.F32).requireGradient(true);
            Tensor qkv = c.qkv().to(DType.F32);
            LocalAttention.of(qkv, padding, c.bias(), c.groups())
                    .times(c.weights().to(DType.F32))
                    .sum()
                    .backward();
            float[] gradient = Objects.requireNonNull(padding.gradient()).toFloats();
            for (int e = 0; e < gradient.length; e++) {
                assertThat(gradient[e] == 0).isEqualTo(e < c.channels());
            }
        }
    }

    @Test
    void scoresFarApartAndHugeOnesAreAttendedTo() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 1, 1, 20, 4, 1, 0);
            float[] expected = libtorch(c).get(0).toFloats();
            Tensor bias = c.bias().plus(30_000).to(DType.F32);
            Tensor shifted = LocalAttention.of(c.qkv().to(DType.F32), c.padding(), bias, c.groups());
            Tensors.assertClose(shifted, Tensor.of(expected, 80).toDoubles(), 1e-2, "what is added to all");
            Tensor wide = c.qkv().times(100).to(DType.F32);
            assertThat(LocalAttention.of(wide, c.padding(), c.bias(), c.groups())
                            .toFloats())
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void whatIsNoNumberIsPassedOn() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 1, 1, 20, 4, 1, 0);
            float[] values = c.qkv().toFloats();
            values[4] = Float.NaN; // a key
            Tensor attended = LocalAttention.of(Tensor.of(values, 1, 20, 12), c.padding(), c.bias(), c.groups());
            assertThat(attended.toFloats()).containsOnly(Float.NaN);
        }
    }

    @Test
    void sixteenBitsAreAttendedToInThirtyTwo() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(1, 2, 2, 30, 4, 2, 0);
            Tensor narrow = c.qkv().to(DType.BF16);
            Tensor wide = LocalAttention.of(narrow.to(DType.F32), c.padding(), c.bias(), c.groups());
            assertThat(LocalAttention.of(narrow, c.padding(), c.bias(), c.groups())
                            .toFloats())
                    .isEqualTo(wide.to(DType.BF16).toFloats());
        }
    }

    /** Libtorch's kernel is fed the same numbers of 16 bits; rounding to 16 again leaves the two a step apart at most. */
    @Test
    void ofSixteenBitsBothKernelsMakeTheSame() {
        try (Scope scope = Scope.open()) {
            Case c = new Case(2, 4, 3, 75, 4, 2, 0);
            Tensor narrow = c.qkv().to(DType.BF16);
            float[] own =
                    LocalAttention.of(narrow, c.padding(), c.bias(), c.groups()).toFloats();
            List<Tensor> apart = c.apart(c.cut(narrow, c.padding().to(DType.BF16)));
            Tensor attended = Attention.of(
                    apart.get(0), apart.get(1), apart.get(2), c.bias(), c.mask().to(DType.F32));
            float[] libtorch = c.join(attended).toFloats();
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
        assertThatThrownBy(() -> LocalAttention.of(other, c.padding(), c.bias(), c.groups()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokens");
    }
}
