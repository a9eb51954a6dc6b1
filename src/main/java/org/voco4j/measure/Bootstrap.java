package org.voco4j.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap over scans: crops of one scan are not independent of each other, so whole scans are drawn
 * with replacement, the statistic is taken again, and the interval runs from the 2.5th to the 97.5th percentile.
 */
final class Bootstrap {
    static final int RESAMPLES = 2000;

    /** A statistic undefined so often in a row is undefined for these scans. */
    private static final int MOST_ATTEMPTS = 1000;

    /** A statistic of a resample; NaN where the resample does not define it (such a draw is made again). */
    interface Statistic {
        double of(int[] counts, SplittableRandom random);
    }

    private Bootstrap() {}

    /**
     * The interval of a statistic.
     *
     * @param scans how many scans there are; {@code counts[s]} says how often scan s was drawn
     * @param widest returned below 3 scans, where resampling says nothing about the variation between scans, and
     *     where the statistic is not defined
     */
    static Interval interval(int scans, long seed, Interval widest, Statistic statistic) {
        if (scans < 3) {
            return widest;
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[RESAMPLES];
        int[] counts = new int[scans];
        for (int r = 0; r < RESAMPLES; r++) {
            int attempts = 0;
            do {
                if (attempts++ == MOST_ATTEMPTS) {
                    return widest;
                }
                Arrays.fill(counts, 0);
                for (int i = 0; i < scans; i++) {
                    counts[random.nextInt(scans)]++;
                }
                values[r] = statistic.of(counts, random);
            } while (Double.isNaN(values[r]));
        }
        Arrays.sort(values);
        return new Interval(Percentile.of(values, 0.025), Percentile.of(values, 0.975));
    }

    /** The mean of matrix[a][b] over all drawn pairs of different scans; NaN if all draws are the same scan. */
    static double pairMean(double[][] matrix, int[] counts) {
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

    /** The mean of matrix[a][a] over the drawn scans. */
    static double diagonalMean(double[][] matrix, int[] counts) {
        double sum = 0;
        double weight = 0;
        for (int a = 0; a < counts.length; a++) {
            sum += counts[a] * matrix[a][a];
            weight += counts[a];
        }
        return sum / weight;
    }

    /** Every scan drawn once: the statistic of this is the estimate itself. */
    static int[] once(int scans) {
        int[] counts = new int[scans];
        Arrays.fill(counts, 1);
        return counts;
    }
}
