package org.voco4j.measure.statistics;

/** Percentiles by linear interpolation between the two nearest of the sorted values. */
public final class Percentile {
    private Percentile() {}

    /**
     * The value below which a share of the values lies: that at the place share·(n − 1).
     *
     * @param sorted ascending
     * @param share from 0 to 1
     * @return NaN if there are no values, or if it lies beside an infinite one
     */
    public static double of(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
