package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Round numbers, limits and running means. */
final class AxisTest {

    @Test
    void ticksAreFewRoundAndInside() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            double low = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-6, 7));
            double high = low + Math.pow(10, random.nextDouble(-6, 7));
            int most = random.nextInt(2, 9);
            List<Double> ticks = Ticks.between(low, high, most);
            assertThat(ticks).hasSizeBetween(1, most).isSorted();
            assertThat(ticks.get(0)).isGreaterThanOrEqualTo(low - 1e-6 * (high - low));
            assertThat(ticks.get(ticks.size() - 1)).isLessThanOrEqualTo(high + 1e-6 * (high - low));
        }
        assertThat(Ticks.between(0, 1, 5)).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        assertThat(Ticks.whole(0, 2, 6)).containsExactly(0.0, 1.0, 2.0);
    }

    @Test
    void oneAxisHasOneManner() {
        assertThat(Ticks.labels(Ticks.between(0, 1e-3, 5))).containsExactly("0", "2.5e−4", "5e−4", "7.5e−4", "1e−3");
        assertThat(Ticks.labels(Ticks.between(-1, 1, 5))).containsExactly("−1", "−0.5", "0", "0.5", "1");
    }

    @Test
    void numbersAreShort() {
        assertThat(Numbers.compact(0.211499, 3)).isEqualTo("0.211");
        assertThat(Numbers.compact(1e-4, 3)).isEqualTo("1e−4");
        assertThat(Numbers.compact(-123456, 3)).isEqualTo("−1.23e5");
        assertThat(Numbers.compact(9.9996e-4, 3)).isEqualTo("1e−3");
        assertThat(Numbers.compact(0, 3)).isEqualTo("0");
        assertThat(Numbers.compact(Double.NaN, 3)).isEqualTo("NaN");
        assertThat(Numbers.compact(Double.NEGATIVE_INFINITY, 3)).isEqualTo("−∞");
        assertThat(Numbers.steps(500)).isEqualTo("500");
        assertThat(Numbers.steps(12_500)).isEqualTo("12.5k");
        assertThat(Numbers.steps(250_000)).isEqualTo("250k");
        assertThat(Numbers.steps(1_500_000)).isEqualTo("1.5M");
    }

    @Test
    void oneSpikeDoesNotFlattenTheCurve() {
        double[] y = ramp(1000);
        y[500] = 1e6;
        Limits limits = Limits.ofY(List.of(Series.solid("norm", ramp(1000), y)));
        assertThat(limits.high()).isBetween(1.0, 1.5);
        assertThat(limits.peak()).isEqualTo(1e6);
        assertThat(limits.clamp(1e6)).isEqualTo(limits.high());
        assertThat(Limits.ofY(List.of(Series.solid("norm", ramp(1000), ramp(1000))))
                        .peak())
                .isNaN();
    }

    @Test
    void limitsHoldEveryValueAndLevel() {
        Series curve = Series.solid("loss", new double[] {3, 9}, new double[] {0.5, Double.NaN});
        Limits y = Limits.ofY(List.of(curve, Series.level("chance", -0.25)));
        assertThat(y.low()).isLessThan(-0.25);
        assertThat(y.high()).isGreaterThan(0.5);
        assertThat(Limits.ofX(List.of(curve, Series.level("chance", -0.25)))).isEqualTo(new Limits(3, 9, Double.NaN));
        Series point = Series.solid("loss", new double[] {3}, new double[] {0.5});
        assertThat(Limits.ofX(List.of(point))).isEqualTo(new Limits(2, 4, Double.NaN));
        assertThat(Limits.ofY(List.of())).isEqualTo(new Limits(0, 1, Double.NaN));
    }

    @Test
    void onlyANoisyCurveGetsAMean() {
        int n = 1000;
        double[] noisy = ramp(n);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < n; i++) {
            noisy[i] += random.nextDouble() - 0.5;
        }
        noisy[400] = Double.NaN;
        Series series = Series.solid("loss", ramp(n), noisy);
        assertThat(Thinning.isNoisy(series)).isTrue();
        assertThat(Thinning.isNoisy(Series.solid("rate", ramp(n), ramp(n)))).isFalse();
        Series mean = Thinning.mean(series, new Limits(-10, 10, Double.NaN));
        for (int i = 100; i < n - 100; i++) {
            assertThat(i == 400 || Math.abs(mean.y(i) - i / (n - 1.0)) < 0.2).isTrue();
        }
        assertThat(mean.y(400)).isNaN();
        assertThat(mean.last()).isEqualTo(1, within(0.3));
    }

    @Test
    void longGapsStayGaps() {
        double[] y = ramp(50_000);
        for (int i = 20_000; i < 30_000; i++) {
            y[i] = Double.NaN;
        }
        Series thin = Thinning.thin(Series.solid("loss", ramp(50_000), y));
        int gaps = 0;
        for (int i = 0; i < thin.length(); i++) {
            gaps += thin.isPoint(i) ? 0 : 1;
        }
        assertThat(gaps).isBetween(90, 110);
    }

    /** n numbers from 0 to 1. */
    private static double[] ramp(int n) {
        double[] ramp = new double[n];
        for (int i = 0; i < n; i++) {
            ramp[i] = i / (n - 1.0);
        }
        return ramp;
    }
}
