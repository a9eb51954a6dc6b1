package org.voco4j.measure.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A mean together with the number of values it was taken over: those that are not NaN.
 *
 * @param mean NaN if there was no value
 * @param count how many values there were
 */
public record CountedMean(double mean, int count) {
    private static final long SEED = 1; // of the interval

    /** The mean of the values that are not NaN. */
    public static CountedMean of(double... values) {
        double sum = 0;
        int count = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                sum += value;
                count++;
            }
        }
        return new CountedMean(sum / count, count);
    }

    /**
     * The 95 % interval of the mean of the values that are not NaN, by the percentile bootstrap over them.
     *
     * @return null where fewer than 3 values are not NaN, or one is infinite
     */
    public static @Nullable Interval interval(double... values) {
        double[] defined =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        if (defined.length < 3 || Arrays.stream(defined).anyMatch(Double::isInfinite)) {
            return null;
        }
        double[] sorted = defined.clone();
        Arrays.sort(sorted);
        Interval widest = new Interval(sorted[0], sorted[sorted.length - 1]);
        return Bootstrap.interval(defined.length, SEED, widest, (counts, random) -> {
            double sum = 0;
            for (int i = 0; i < defined.length; i++) {
                sum += counts[i] * defined[i];
            }
            return sum / defined.length;
        });
    }
}
