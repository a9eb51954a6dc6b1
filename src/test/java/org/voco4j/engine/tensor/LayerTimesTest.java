package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LayerTimesTest {
    private static final int REPEATS = 3;

    /** A convolution of 8 channels at 24³, norm, activation and its mean square, there and back. */
    private static List<float[]> step() {
        try (Scope scope = Scope.open()) {
            Tensor weight = Draws.of(3, 8, 8, 3, 3, 3).requireGradient(true);
            Tensor x = Draws.of(4, 1, 8, 24, 24, 24).requireGradient(true);
            Tensor map = Ops.conv(x, weight, null, 1);
            Tensor normed = Ops.leakyReluInPlace(Ops.groupNorm(map, 8, null, null, 1e-5), 0.01);
            Tensor result = Ops.conv(normed, weight, null, 1).reshape(8, -1);
            Tensor loss = result.square().mean();
            loss.backward();
            return List.of(
                    loss.toFloats(),
                    Objects.requireNonNull(x.gradient()).toFloats(),
                    Objects.requireNonNull(weight.gradient()).toFloats());
        }
    }

    @Test
    void timesAddUpAndChangeNoBit() {
        List<float[]> without = step();
        List<LayerTimes.Row> rows;
        double seconds;
        try (LayerTimes times = LayerTimes.open()) {
            long began = System.nanoTime();
            for (int i = 0; i < REPEATS; i++) {
                List<float[]> with = step();
                for (int j = 0; j < with.size(); j++) {
                    assertThat(with.get(j)).isNotEmpty().isEqualTo(without.get(j));
                }
            }
            seconds = (System.nanoTime() - began) / 1e9;
            rows = times.rows(seconds);
        }
        assertThat(rows.stream().map(LayerTimes.Row::kind))
                .containsExactlyInAnyOrder("convolution", "norm", "activation", "copying", "everything else")
                .endsWith("everything else");
        assertThat(row(rows, "convolution").calls()).isEqualTo(2 * REPEATS);
        assertThat(row(rows, "norm").calls()).isEqualTo(REPEATS);
        assertThat(rows).allSatisfy(row -> assertThat(row.forward()).isNotNegative());
        assertThat(rows).allSatisfy(row -> assertThat(row.backward()).isNotNegative());
        assertThat(rows.stream().mapToDouble(LayerTimes.Row::seconds).sum()).isCloseTo(seconds, withPercentage(0.01));
        assertThat(row(rows, "convolution").backward())
                .isGreaterThan(row(rows, "norm").backward());
        assertThat(row(rows, "norm").backward()).isPositive();
        assertThat(row(rows, "activation").backward()).isPositive();
    }

    private static LayerTimes.Row row(List<LayerTimes.Row> rows, String kind) {
        return rows.stream().filter(row -> row.kind().equals(kind)).findFirst().orElseThrow();
    }

    @Test
    void nothingIsTimedAfterwards() {
        LayerTimes closed = LayerTimes.open();
        closed.close();
        step();
        assertThat(closed.rows(0)).hasSize(1);
    }
}
