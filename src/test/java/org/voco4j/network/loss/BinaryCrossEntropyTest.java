package org.voco4j.network.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

class BinaryCrossEntropyTest {

    @Test
    void isTheMeanOfEachLabelsOwnLogLoss() {
        double[] logits = {0.3, -1.2, 2.0, 0, 4.5, -3};
        double[] truth = {1, 0, 0, 1, 1, 0};
        double expected = 0;
        for (int i = 0; i < logits.length; i++) {
            double p = 1 / (1 + Math.exp(-logits[i]));
            expected -= (truth[i] * Math.log(p) + (1 - truth[i]) * Math.log(1 - p)) / logits.length;
        }
        try (Scope scope = Scope.open()) {
            Tensor loss = BinaryCrossEntropy.of(Tensor.of(logits, 2, 3), Tensor.of(truth, 2, 3));
            assertThat(loss.item()).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void staysFiniteWithItsGradientWhereTheSigmoidIsRounded() {
        try (Scope scope = Scope.open()) {
            Tensor logits = Tensor.of(new double[] {-800, 800}, 1, 2).requireGradient(true);
            Tensor loss = BinaryCrossEntropy.of(logits, Tensor.of(new double[] {1, 0}, 1, 2));
            assertThat(loss.item()).isEqualTo(800);
            loss.backward();
            assertThat(Objects.requireNonNull(logits.gradient()).toDoubles()).containsExactly(-0.5, 0.5);
        }
    }

    @Test
    void otherShapesAreRefused() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> BinaryCrossEntropy.of(
                            Tensor.of(new double[] {1, 2}, 1, 2), Tensor.of(new double[] {1, 2}, 2, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[1, 2]");
        }
    }
}
