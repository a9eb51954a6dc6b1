package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our layer norm is libtorch's in 64 bits, there and back. */
class RowNormTest extends VectorKernelFixture {
    private static final double TOLERANCE = 3e-6; // of the largest

    private static Tensor drawn(long seed, double middle, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (middle + random.nextDouble(-1, 1));
        }
        return Tensor.of(values, shape);
    }

    /** y, ∂x and, where there are γ and β, theirs. */
    private static List<Tensor> results(DType type, int rows, int features, boolean affine, double middle) {
        Tensor x = drawn(1, middle, 2, rows, features).to(type).requireGradient(true);
        Tensor gamma = affine ? drawn(2, 0, features).to(type).requireGradient(true) : null;
        Tensor beta = affine ? drawn(3, 0, features).to(type).requireGradient(true) : null;
        Tensor y = Ops.layerNorm(x, gamma, beta, 1e-5);
        y.times(drawn(4, 0, 2, rows, features).to(type)).sum().backward();
        Tensor ofX = Objects.requireNonNull(x.gradient());
        return gamma == null || beta == null
                ? List.of(y, ofX)
                : List.of(y, ofX, Objects.requireNonNull(gamma.gradient()), Objects.requireNonNull(beta.gradient()));
    }

    @ParameterizedTest
    @CsvSource({"150, 12, true, 0", "3001, 24, true, 1", "1024, 7, false, 0", "200, 384, true, 0", "5000, 6, true, 0"})
    void isLibtorchsIn64Bits(int rows, int features, boolean affine, double middle) {
        try (Scope scope = Scope.open()) {
            Tensor some = drawn(1, middle, 2, rows, features).to(DType.F32);
            assertThat(RowNorm.serves(some)).isTrue();
            List<Tensor> wanted = results(DType.F64, rows, features, affine, middle);
            List<Tensor> own = results(DType.F32, rows, features, affine, middle);
            for (int i = 0; i < wanted.size(); i++) {
                double off = largest(own.get(i).to(DType.F64).minus(wanted.get(i)));
                assertThat(off)
                        .as("result %d", i)
                        .isLessThanOrEqualTo(TOLERANCE * Math.max(1e-3, largest(wanted.get(i))));
            }
        }
    }

    @Test
    void threadsChangeNoBit() {
        try (Scope scope = Scope.open()) {
            Engine.threads(1);
            List<Tensor> one = results(DType.F32, 5001, 12, true, 0);
            for (int more = 2; more <= 3; more++) {
                Engine.threads(more);
                List<Tensor> several = results(DType.F32, 5001, 12, true, 0);
                for (int i = 0; i < one.size(); i++) {
                    assertThat(several.get(i).toFloats()).isEqualTo(one.get(i).toFloats());
                }
            }
        }
    }
}
