package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.engine.vector.VectorModule;

class WindowAttentionTest {
    private static final double TOLERANCE = 4e-6; // of the largest: attention and two linear layers in 32 bits

    /** A map of tokens. */
    private record Map3(int dims, long x, long y, long z, boolean shifted, int channels, int heads) {}

    /** The result, and the gradients of the input and of every weight. */
    private static Map<String, double[]> run(Map3 map, DType type) {
        try (Scope scope = Scope.open()) {
            WindowAttention attention =
                    new WindowAttention(map.dims, map.channels, map.heads, WindowAttention.index(map.dims));
            Tensors.fillWithHashNumbers(attention.weights(), "");
            attention.weights().values().forEach(weight -> {
                weight.convertInPlace(Device.CPU, type);
                weight.requireGradient(true);
            });
            Windows windows = Windows.of(map.x, map.y, map.z, map.shifted);
            Tensor x =
                    numbers("input", type, 2, map.x, map.y, map.z, map.channels).requireGradient(true);
            Tensor y = attention.forward(x, windows);
            y.times(numbers("weights", type, y.shape())).sum().backward();
            Map<String, double[]> all = new LinkedHashMap<>();
            all.put("result", y.toDoubles());
            all.put("input", Objects.requireNonNull(x.gradient()).toDoubles());
            attention
                    .weights()
                    .forEach((name, weight) -> all.put(
                            name, Objects.requireNonNull(weight.gradient()).toDoubles()));
            return all;
        }
    }

    /** Numbers that 32 bits hold. */
    private static Tensor numbers(String name, DType type, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = Tensors.numbersOf(name)
                .doubles(count, -1, 1)
                .map(x -> (float) x)
                .toArray();
        return Tensor.of(values, shape).to(type);
    }

    private static void assertClose(Map<String, double[]> actual, Map<String, double[]> expected, double tolerance) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
            double[] own = Objects.requireNonNull(actual.get(name));
            for (int i = 0; i < values.length; i++) {
                assertThat(Math.abs(own[i] - values[i]))
                        .as("%s[%d]: %s, expected %s", name, i, own[i], values[i])
                        .isLessThanOrEqualTo(tolerance * largest);
            }
        });
    }

    /** In 64 bits all rows are computed, those of padding too, and whoever is kept apart is so by a mask. */
    @ParameterizedTest
    @CsvSource({
        "3, 14, 7, 7, false, 12, 3", // whole windows
        "3, 14, 14, 7, true, 12, 3",
        "3, 10, 8, 9, false, 12, 3", // padded
        "3, 10, 8, 9, true, 12, 3",
        "3, 20, 10, 7, true, 12, 3",
        "3, 5, 4, 3, false, 12, 3", // smaller than a window
        "3, 5, 4, 3, true, 12, 3",
        "3, 9, 2, 1, true, 12, 6",
        "3, 1, 1, 2, true, 12, 3",
        "2, 10, 15, 1, false, 24, 3", // two dimensions
        "2, 10, 15, 1, true, 24, 3",
        "2, 10, 6, 1, true, 48, 3",
        "3, 9, 8, 4, true, 36, 3", // heads of 12
        "3, 8, 9, 4, true, 30, 6" // of 5
    })
    void theKernelsInThirtyTwoBitsAgreeWithThatInSixtyFour(
            int dims, long x, long y, long z, boolean shifted, int channels, int heads) {
        Map3 map = new Map3(dims, x, y, z, shifted, channels, heads);
        assertClose(run(map, DType.F32), run(map, DType.F64), TOLERANCE);
    }

    @Test
    void withoutTheVectorApiLibtorchAttends() throws IOException, InterruptedException {
        assumeTrue(VectorModule.isUsable());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutVectors.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(said).isEqualTo("libtorch's kernels, right");
    }

    /** A program in a Java machine without the module. */
    static final class WithoutVectors {
        private WithoutVectors() {}

        public static void main(String[] args) {
            Map3 map = new Map3(3, 10, 8, 9, true, 12, 3);
            assertClose(run(map, DType.F32), run(map, DType.F64), TOLERANCE);
            System.out.print(Engine.facts().get("attention and norms") + ", right");
        }
    }
}
