package org.voco4j.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CountedMeanTest {
    @Test
    void theIntervalIsThatOfANormalMeanWhereThereAreManyValues() {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = new double[400];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / values.length;
        double half = 1.96 * Math.sqrt(squares / values.length - mean * mean) / Math.sqrt(values.length);
        Interval interval = Objects.requireNonNull(CountedMean.interval(values));
        // A percentile of R = 2000 normal draws has the standard error √(p(1 − p)/R)/φ(1.96) = 0.060 of theirs; three
        // of it.
        double error = 3 * Math.sqrt(0.025 * 0.975 / Bootstrap.RESAMPLES) / 0.0584;
        assertThat(interval.low()).isCloseTo(mean - half, within(error / 1.96 * half));
        assertThat(interval.high()).isCloseTo(mean + half, within(error / 1.96 * half));
    }

    @Test
    void whatIsNotDefinedDoesNotCount() {
        assertThat(CountedMean.interval(0.5, Double.NaN, 0.7, 0.9)).isEqualTo(CountedMean.interval(0.5, 0.7, 0.9));
        assertThat(CountedMean.interval(0.5, 0.7, Double.NaN)).isNull();
        assertThat(CountedMean.interval(1, 2, 3, Double.POSITIVE_INFINITY)).isNull();
    }
}
