package org.voco4j.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The part of an axis that a panel shows, {@code [low, high]}, and the highest value when it lies beyond.
 *
 * @param peak the largest value above {@code high}, or NaN when all are shown
 */
record Limits(double low, double high, double peak) {
    /** The share of values that may lie beyond the axis when they alone would flatten the rest. */
    private static final double OUTLIERS = 0.01;

    private static final int SAMPLE = 2000;

    /** All x, those without a value too, so that one sees where a run went astray; one point stands in the middle. */
    static Limits ofX(List<Series> series) {
        DoubleSummaryStatistics range = range(series, curve -> curve::x);
        if (range.getCount() == 0) {
            return new Limits(0, 1, Double.NaN);
        }
        double low = range.getMin();
        double high = range.getMax();
        return low == high ? new Limits(low - 1, high + 1, Double.NaN) : new Limits(low, high, Double.NaN);
    }

    /** All values and levels, with a margin; a few values far above the others are cut off and told in {@link #peak}. */
    static Limits ofY(List<Series> series) {
        DoubleSummaryStatistics range = range(series, curve -> curve::y);
        if (range.getCount() == 0) {
            return new Limits(0, 1, Double.NaN);
        }
        double low = range.getMin();
        double high = range.getMax();
        double[] values = sample(series);
        double usual = values.length < 100 ? high : values[(int) ((values.length - 1) * (1 - OUTLIERS))];
        boolean cut = high - low > 4 * (usual - low) && usual > low;
        double shown = cut ? low + 1.25 * (usual - low) : high;
        double margin = 0.06 * (shown - low);
        // Losses, rates and norms are read against zero: where they come near it, the axis starts there.
        double floor = low >= 0 && low < 0.35 * shown ? 0 : low - margin;
        return spread(floor, shown + margin, cut ? high : Double.NaN);
    }

    /** The finite values of one coordinate. */
    private static DoubleSummaryStatistics range(
            List<Series> series, Function<Series, IntToDoubleFunction> coordinate) {
        return series.stream()
                .flatMapToDouble(curve -> IntStream.range(0, curve.length()).mapToDouble(coordinate.apply(curve)))
                .filter(Double::isFinite)
                .summaryStatistics();
    }

    /** Some thousand of the values, evenly taken and sorted: enough to know what is usual. */
    private static double[] sample(List<Series> series) {
        return series.stream()
                .flatMapToDouble(curve -> {
                    int every = 1 + curve.length() / SAMPLE;
                    return IntStream.range(0, (curve.length() + every - 1) / every)
                            .mapToDouble(i -> curve.y(i * every));
                })
                .filter(Double::isFinite)
                .sorted()
                .toArray();
    }

    private static Limits spread(double low, double high, double peak) {
        if (high > low) {
            return new Limits(low, high, peak);
        }
        double half = low == 0 ? 1 : Math.abs(low) / 2;
        return new Limits(low - half, high + half, peak);
    }

    /** The value moved into the limits. */
    double clamp(double value) {
        return Double.isFinite(value) ? Math.min(high, Math.max(low, value)) : Double.NaN;
    }
}
