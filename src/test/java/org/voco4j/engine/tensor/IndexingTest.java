package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Places of smallest values, and the exponential with its gradient. */
class IndexingTest {
    @Test
    void theSmallestIsOfTheLastAxis() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {3, 1, 2, 0, 5, 4, 9, 8, 7, 2, 2.5f, 1}, 2, 2, 3);
            Tensor smallest = Indexing.smallest(x);
            assertThat(smallest.shape()).containsExactly(2, 2);
            assertThat(smallest.type()).isEqualTo(DType.I64);
            assertThat(smallest.toDoubles()).containsExactly(1, 0, 2, 2);
        }
    }

    @Test
    void theExponentialIsItsOwnGradient() {
        try (Scope scope = Scope.open()) {
            double[] values = {-3, 0, 0.5, 14};
            Tensor x = Tensor.of(values, 4).requireGradient(true);
            Tensor y = Ops.exp(x);
            y.sum().backward();
            double[] gradient = Objects.requireNonNull(x.gradient()).toDoubles();
            for (int i = 0; i < values.length; i++) {
                assertThat(y.toDoubles()[i]).isCloseTo(Math.exp(values[i]), within(1e-9));
                assertThat(gradient[i]).isCloseTo(Math.exp(values[i]), within(1e-9));
            }
        }
    }
}
