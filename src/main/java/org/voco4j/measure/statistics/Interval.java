package org.voco4j.measure.statistics;

/**
 * A 95 % interval [low, high].
 *
 * @param low the lower end
 * @param high the upper end, at least {@code low}
 */
public record Interval(double low, double high) {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException unless low ≤ high
     */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("an interval needs low <= high, not [" + low + ", " + high + "]");
        }
    }

    /** Whether a value lies inside, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
