package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Functions and their gradients against Java's. */
class ElementaryTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-12);

    private static void assertIs(
            UnaryOperator<Tensor> function, DoubleUnaryOperator expected, DoubleUnaryOperator derivative) {
        double[] numbers = {-1.2, -0.4, 0, 0.3, 1.1};
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(numbers, 5).requireGradient(true);
            Tensor y = function.apply(x);
            y.sum().backward();
            for (int i = 0; i < numbers.length; i++) {
                assertThat(y.toDoubles()[i]).isCloseTo(expected.applyAsDouble(numbers[i]), CLOSE);
                assertThat(Objects.requireNonNull(x.gradient()).toDoubles()[i])
                        .isCloseTo(derivative.applyAsDouble(numbers[i]), CLOSE);
            }
        }
    }

    @Test
    void anglesAreInRadians() {
        assertIs(Elementary::sin, Math::sin, Math::cos);
        assertIs(Elementary::cos, Math::cos, x -> -Math.sin(x));
        assertIs(Elementary::tan, Math::tan, x -> 1 / (Math.cos(x) * Math.cos(x)));
    }

    @Test
    void whatIsClampedGetsNoGradient() {
        assertIs(
                x -> Elementary.clamp(x, -0.5, 1), x -> Math.max(-0.5, Math.min(1, x)), x -> x < -0.5 || x > 1 ? 0 : 1);
    }
}
