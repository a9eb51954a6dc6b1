package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions in 16 bits stay near those in 32, gradients included, whatever the size of the map. */
class Bf16ConvolutionsTest {
    private static final double TOLERANCE = 0.02;

    @ParameterizedTest
    @CsvSource({"1, 8", "1, 16", "1, 48", "2, 8", "2, 16", "2, 48"})
    void gradientsOfEverySizeAreNearThoseIn32Bits(int stride, int channels) {
        Random random = new Random(7);
        for (long x = 1; x <= 9; x++) {
            for (long y = 1; y <= 9; y += 2 - x % 2) {
                for (long z = 1 + (x + y) % 2; z <= 9; z += 2) {
                    try (Scope scope = Scope.open()) {
                        compare(random, stride, channels, x, y, z);
                    }
                }
            }
        }
    }

    private static void compare(Random random, int stride, int channels, long x, long y, long z) {
        Tensor in = Draws.of(random.nextLong(), 2, channels, x, y, z);
        Tensor weight = Draws.of(random.nextLong(), channels, channels, 3, 3, 3);
        Tensor[] exact = thereAndBack(in, weight, stride, Precision.FP32);
        Tensor[] rough = thereAndBack(in, weight, stride, Precision.BF16);
        for (int i = 0; i < exact.length; i++) {
            double distance = rough[i].to(DType.F32).minus(exact[i]).norm().item();
            assertThat(distance / exact[i].norm().item())
                    .as("%s of %dx%dx%d, stride %d", i == 0 ? "input" : "weight", x, y, z, stride)
                    .isLessThan(TOLERANCE);
        }
    }

    private static Tensor[] thereAndBack(Tensor in, Tensor weight, int stride, Precision precision) {
        Tensor x = Tensor.of(in.toFloats(), in.shape()).requireGradient(true);
        Tensor w = Tensor.of(weight.toFloats(), weight.shape()).requireGradient(true);
        Tensor y;
        try (Autocast cast = Autocast.open(Device.CPU, precision)) {
            y = Ops.conv(x, w, null, stride);
        }
        y.to(DType.F32).times(y.to(DType.F32)).sum().backward();
        return new Tensor[] {Objects.requireNonNull(x.gradient()), Objects.requireNonNull(w.gradient())};
    }
}
