package org.voco4j.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.Tensor;

class AdamWTest {
    private static final double[] START = {0.5, -1.5, 2};

    /** ∂/∂x of Σ a·x²/2 with a = 1, 2, 3, plus a kink in time so that amsgrad matters. */
    private static Tensor loss(Tensor x, int step) {
        Tensor a = Tensor.of(new double[] {1, 2, 3}, 3);
        return x.square().times(a).sum().times(step < 3 ? 5 : 0.05);
    }

    private static Tensor weight() {
        return Tensor.of(START.clone(), 3).persist().requireGradient(true);
    }

    private static void train(Tensor x, Optimizer optimizer, int from, int to) {
        for (int step = from; step < to; step++) {
            loss(x, step).backward();
            optimizer.step(0.1 / (step + 1));
            optimizer.clearGradients();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalsItsFormula(boolean amsgrad) {
        Tensor x = weight();
        Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.99, 1e-8, amsgrad)).add(Map.of("x", x), 0.5, 0.02);
        train(x, optimizer, 0, 8);

        double[] expected = START.clone();
        double[] m = new double[3];
        double[] v = new double[3];
        double[] greatest = new double[3];
        for (int step = 0; step < 8; step++) {
            double rate = 0.5 * 0.1 / (step + 1);
            for (int i = 0; i < 3; i++) {
                double g = 2 * expected[i] * (i + 1) * (step < 3 ? 5 : 0.05);
                expected[i] -= rate * 0.02 * expected[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.99 * v[i] + 0.01 * g * g;
                greatest[i] = Math.max(greatest[i], v[i]);
                double second = (amsgrad ? greatest[i] : v[i]) / (1 - Math.pow(0.99, step + 1));
                expected[i] -= rate * m[i] / (1 - Math.pow(0.9, step + 1)) / (Math.sqrt(second) + 1e-8);
            }
        }
        double[] actual = x.toDoubles();
        for (int i = 0; i < 3; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-9));
        }
    }

    @Test
    void takenUpAgainEqualsUninterruptedBitForBit() {
        AdamW.Settings settings = new AdamW.Settings(0.9, 0.999, 1e-8, true);
        Tensor whole = weight();
        train(whole, new AdamW(settings).add(Map.of("x", whole), 1, 0.01), 0, 6);

        Tensor first = weight();
        Optimizer before = new AdamW(settings).add(Map.of("x", first), 1, 0.01);
        train(first, before, 0, 3);
        Tensor second = first.detach().copy().persist().requireGradient(true);
        Optimizer after = new AdamW(settings).add(Map.of("x", second), 1, 0.01);
        after.load(before.state());
        train(second, after, 3, 6);
        assertThat(second.toDoubles()).isEqualTo(whole.toDoubles());
        assertThat(after.state().keySet()).containsExactly("x.exp_avg", "x.exp_avg_sq", "x.max_exp_avg_sq", "x.step");
        assertThatThrownBy(() -> after.load(new HashMap<>())).hasMessageContaining("x.exp_avg");
    }

    @Test
    void gradientNormSpansAllWeightsAndClips() {
        Tensor a = Tensor.of(new double[] {3}, 1).requireGradient(true);
        Tensor b = Tensor.of(new double[] {4}, 1).requireGradient(true);
        a.square().sum().plus(b.square().sum()).times(0.5).backward();
        var weights = java.util.List.of(a, b);
        double norm = GradientNorm.of(weights);
        assertThat(norm).isEqualTo(5);
        GradientNorm.clip(weights, norm, 1);
        assertThat(GradientNorm.of(weights)).isCloseTo(1, within(1e-12));
    }
}
