package org.voco4j.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of an axis that a panel shows, {@code [low, high]}, and the highest value when it lies beyond.
 *
 * @param peak the largest value above {@code high}, or NaN when all are shown
 */
record Limits(double low, double high, double peak) {
    /** The share of values that may lie beyond the axis when they alone would flatten the rest. */
    private static final double OUTLIERS = 0.01;

    /** All x that have a value; one point alone stands in the middle. */
    static Limits ofX(List<Series> series) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Series curve : series) {
            for (int i = 0; i < curve.length(); i++) {
                if (curve.isPoint(i)) {
                    low = Math.min(low, curve.x(i));
                    high = Math.max(high, curve.x(i));
                }
            }
        }
        if (low > high) {
            return new Limits(0, 1, Double.NaN);
        }
        return low == high ? new Limits(low - 1, high + 1, Double.NaN) : new Limits(low, high, Double.NaN);
    }

    /** All values and levels, with a margin; a few values far above the others are cut off and told in {@link #peak}. */
    static Limits ofY(List<Series> series) {
        double[] values = series.stream()
                .flatMapToDouble(curve -> IntStream.range(0, curve.length()).mapToDouble(curve::y))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (values.length == 0) {
            return new Limits(0, 1, Double.NaN);
        }
        double low = values[0];
        double high = values[values.length - 1];
        double usual = values[(int) ((values.length - 1) * (1 - OUTLIERS))];
        boolean cut = values.length >= 100 && high - low > 4 * (usual - low) && usual > low;
        double shown = cut ? low + 1.25 * (usual - low) : high;
        double margin = 0.06 * (shown - low);
        // Losses, rates and norms are read against zero: where they come near it, the axis starts there.
        double floor = low >= 0 && low < 0.35 * shown ? 0 : low - margin;
        return spread(floor, shown + margin, cut ? high : Double.NaN);
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
