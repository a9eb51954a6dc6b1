package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Places between voxels, and cubes around them, against plain loops in 64 bits. */
class SamplingTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-12);
    private static final int[] SIZE = {3, 4, 3};
    private static final double STEP = 1e-6;

    private static double[] drawn(long seed, int count, double low, double high) {
        return new SplittableRandom(seed).doubles(count, low, high).toArray();
    }

    private static double voxel(double[] map, int x, int y, int z) {
        boolean inside = x >= 0 && y >= 0 && z >= 0 && x < SIZE[0] && y < SIZE[1] && z < SIZE[2];
        return inside ? map[(x * SIZE[1] + y) * SIZE[2] + z] : 0;
    }

    private static double linear(double[] map, double x, double y, double z) {
        double sum = 0;
        for (int i = 0; i < 8; i++) {
            int atX = (int) Math.floor(x) + i / 4;
            int atY = (int) Math.floor(y) + i / 2 % 2;
            int atZ = (int) Math.floor(z) + i % 2;
            double weight = (1 - Math.abs(x - atX)) * (1 - Math.abs(y - atY)) * (1 - Math.abs(z - atZ));
            sum += weight * voxel(map, atX, atY, atZ);
        }
        return sum;
    }

    private static void assertDerivative(double[] at, double[] gradient, ToDoubleFunction<double[]> of) {
        for (int i = 0; i < at.length; i++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[i] += STEP;
            down[i] -= STEP;
            double expected = (of.applyAsDouble(up) - of.applyAsDouble(down)) / (2 * STEP);
            assertThat(gradient[i]).isCloseTo(expected, Offset.offset(1e-7));
        }
    }

    @Test
    void placesAreReadBetweenVoxelsAndFadeBeyondTheBorder() {
        double[] map = drawn(1, 36, -1, 1);
        double[] places = drawn(2, 3 * 10, -1.4, 3.4); // some beyond each border
        double[] weights = drawn(3, 10, -1, 1);
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(map, 1, 1, 3, 4, 3).requireGradient(true);
            Tensor p = Tensor.of(places, 1, 5, 2, 1, 3).requireGradient(true);
            Tensor read = Sampling.at(x, p); // [1, 1, 5, 2, 1]
            for (int i = 0; i < 10; i++) {
                assertThat(read.toDoubles()[i])
                        .isCloseTo(linear(map, places[3 * i], places[3 * i + 1], places[3 * i + 2]), CLOSE);
            }
            read.times(Tensor.of(weights, 1, 1, 5, 2, 1)).sum().backward();
            assertDerivative(
                    map, Objects.requireNonNull(x.gradient()).toDoubles(), some -> weighted(some, places, weights));
            assertDerivative(
                    places, Objects.requireNonNull(p.gradient()).toDoubles(), some -> weighted(map, some, weights));
        }
    }

    private static double weighted(double[] map, double[] places, double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * linear(map, places[3 * i], places[3 * i + 1], places[3 * i + 2]);
        }
        return sum;
    }

    @Test
    void eachSampleAndChannelIsReadAtTheSamplesOwnPlaces() {
        try (Scope scope = Scope.open()) {
            Tensor map = Tensor.of(drawn(4, 2 * 2 * 36, 0, 1), 2, 2, 3, 4, 3);
            Tensor places = Tensor.of(new double[] {2, 3, 2, 0, 1, 0}, 2, 1, 1, 1, 3);
            double[] read = Sampling.at(map, places).toDoubles();
            double[] all = map.toDoubles();
            assertThat(read).containsExactly(new double[] {all[35], all[36 + 35], all[72 + 3], all[108 + 3]}, CLOSE);
        }
    }

    @Test
    void meansAroundVoxelsCountZerosBeyondTheBorder() {
        double[] map = drawn(5, 36, -1, 1);
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(map, 1, 1, 3, 4, 3).requireGradient(true);
            Tensor mean = Sampling.meanAround(x, 3);
            for (int i = 0; i < 36; i++) {
                assertThat(mean.toDoubles()[i]).isCloseTo(mean(map, i / 12, i / 3 % 4, i % 3), CLOSE);
            }
            double[] weights = drawn(6, 36, -1, 1);
            mean.times(Tensor.of(weights, 1, 1, 3, 4, 3)).sum().backward();
            double[] gradient = Objects.requireNonNull(x.gradient()).toDoubles();
            for (int i = 0; i < 36; i++) { // the filter is symmetric
                assertThat(gradient[i]).isCloseTo(mean(weights, i / 12, i / 3 % 4, i % 3), CLOSE);
            }
        }
    }

    private static double mean(double[] map, int x, int y, int z) {
        double sum = 0;
        for (int i = 0; i < 27; i++) {
            sum += voxel(map, x + i / 9 - 1, y + i / 3 % 3 - 1, z + i % 3 - 1);
        }
        return sum / 27;
    }
}
