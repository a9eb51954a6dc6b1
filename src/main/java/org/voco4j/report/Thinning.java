package org.voco4j.report;

import java.util.Arrays;

/** Makes long and noisy curves drawable: fewer points that look the same, and a running mean. */
final class Thinning {
    /** More bins than a panel has pixels across would not be seen. */
    private static final int BINS = 500;

    /** Below this many points a running mean says nothing. */
    private static final int NOISY_POINTS = 60;

    private Thinning() {}

    /**
     * At most about {@code 2·BINS} points: of the points in each of BINS equal intervals of x, the lowest and the highest,
     * in their order; so no peak is lost. An interval without a number becomes a gap.
     */
    static Series thin(Series series) {
        int n = series.length();
        if (n <= 2 * BINS) {
            return series;
        }
        double[] x = new double[2 * BINS];
        double[] y = new double[2 * BINS];
        int kept = 0;
        for (int bin = 0; bin < BINS; bin++) {
            int from = (int) ((long) n * bin / BINS);
            int to = (int) ((long) n * (bin + 1) / BINS);
            int low = -1;
            int high = -1;
            for (int i = from; i < to; i++) {
                if (series.isPoint(i)) {
                    low = low < 0 || series.y(i) < series.y(low) ? i : low;
                    high = high < 0 || series.y(i) > series.y(high) ? i : high;
                }
            }
            int first = low < 0 ? from : Math.min(low, high);
            x[kept] = series.x(first);
            y[kept++] = low < 0 ? Double.NaN : series.y(first);
            if (low != high) {
                x[kept] = series.x(Math.max(low, high));
                y[kept++] = series.y(Math.max(low, high));
            }
        }
        return series.through(Arrays.copyOf(x, kept), Arrays.copyOf(y, kept));
    }

    /**
     * Whether a curve goes up and down so much that its course is better read from a mean: its steps |yᵢ₊₁ − yᵢ| sum to
     * more than six times its range.
     */
    static boolean isNoisy(Series series) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double path = 0;
        double before = Double.NaN;
        int points = 0;
        for (int i = 0; i < series.length(); i++) {
            if (series.isPoint(i)) {
                double y = series.y(i);
                low = Math.min(low, y);
                high = Math.max(high, y);
                path += points++ == 0 ? 0 : Math.abs(y - before);
                before = y;
            }
        }
        return points >= NOISY_POINTS && path > 6 * (high - low);
    }

    /**
     * The mean over a window around each point, 1/25 of the curve wide and cut at both ends symmetrically, so that the
     * ends do not lag; a peak beyond the limits counts as the limit, and gaps stay gaps.
     */
    static Series mean(Series series, Limits limits) {
        int n = series.length();
        double[] sums = new double[n + 1];
        int[] counts = new int[n + 1];
        for (int i = 0; i < n; i++) {
            boolean point = series.isPoint(i);
            sums[i + 1] = sums[i] + (point ? limits.clamp(series.y(i)) : 0);
            counts[i + 1] = counts[i] + (point ? 1 : 0);
        }
        int half = Math.max(2, n / 50);
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = series.x(i);
            int reach = Math.min(half, Math.max(half / 4, Math.min(i, n - 1 - i)));
            int from = Math.max(0, i - reach);
            int to = Math.min(n, i + reach + 1);
            int count = counts[to] - counts[from];
            y[i] = series.isPoint(i) ? (sums[to] - sums[from]) / count : Double.NaN;
        }
        return series.through(x, y);
    }
}
