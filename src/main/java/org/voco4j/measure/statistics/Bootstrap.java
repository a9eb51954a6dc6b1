package org.voco4j.measure.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap over patients: crops of one scan, and scans of one patient, are not independent of each other, so
 * whole patients are drawn with replacement, the statistic is taken again, and the interval runs from the 2.5th to the 97.5th percentile.
 */
public final class Bootstrap {
    static final int RESAMPLES = 2000;

    /** Below, resampling says nothing about the variation between patients. */
    public static final int LEAST = 3;

    /** A statistic undefined so often in a row is undefined for these scans. */
    private static final int MOST_ATTEMPTS = 1000;

    /** A statistic of a resample; NaN where the resample does not define it (such a draw is made again). */
    public interface Statistic {
        double of(int[] counts, SplittableRandom random);
    }

    private Bootstrap() {}

    /**
     * The interval of a statistic.
     *
     * @param patients how many there are; {@code counts[p]} says how often patient p was drawn
     * @param widest returned below {@link #LEAST} patients, and where the statistic is not defined
     */
    public static Interval interval(int patients, long seed, Interval widest, Statistic statistic) {
        if (patients < LEAST) {
            return widest;
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[RESAMPLES];
        int[] counts = new int[patients];
        for (int r = 0; r < RESAMPLES; r++) {
            int attempts = 0;
            do {
                if (attempts++ == MOST_ATTEMPTS) {
                    return widest;
                }
                Arrays.fill(counts, 0);
                for (int i = 0; i < patients; i++) {
                    counts[random.nextInt(patients)]++;
                }
                values[r] = statistic.of(counts, random);
            } while (Double.isNaN(values[r]));
        }
        Arrays.sort(values);
        return new Interval(Percentile.of(values, 0.025), Percentile.of(values, 0.975));
    }

    /** The mean of matrix[a][b] over all drawn pairs of different patients; NaN if all draws are the same one. */
    public static double pairMean(double[][] matrix, int[] counts) {
        double sum = 0;
        double weight = 0;
        for (int a = 0; a < counts.length; a++) {
            for (int b = 0; b < counts.length; b++) {
                if (a != b) {
                    double times = (double) counts[a] * counts[b];
                    sum += times * matrix[a][b];
                    weight += times;
                }
            }
        }
        return sum / weight;
    }

    /** The mean of matrix[a][a] over the drawn patients. */
    public static double diagonalMean(double[][] matrix, int[] counts) {
        double sum = 0;
        double weight = 0;
        for (int a = 0; a < counts.length; a++) {
            sum += counts[a] * matrix[a][a];
            weight += counts[a];
        }
        return sum / weight;
    }

    /** Every patient drawn once: the statistic of this is the estimate itself. */
    public static int[] once(int patients) {
        int[] counts = new int[patients];
        Arrays.fill(counts, 1);
        return counts;
    }
}
