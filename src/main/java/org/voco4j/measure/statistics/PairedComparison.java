package org.voco4j.measure.statistics;

import java.util.OptionalInt;

/**
 * Whether one way of training differs from another, beside by how much: a paired t test over seeds and cases.
 *
 * <p>p is the chance, were there no difference, of a mean at least as far from 0; it is where the interval of {@link
 * PairedGain} of level 1 − p just reaches 0. With one case it is the paired t test over seeds, with one seed that over cases. A
 * rank test over seeds would need more of them: with five the smallest p of Wilcoxon's signed ranks is 2/2⁵ = 0.06.
 *
 * @param gain the mean difference with its interval
 * @param p two-sided; 1 where one seed was tested on one case
 * @param effect Cohen's d of pairs, the mean over the standard deviation of the seeds' means; NaN with one seed
 * @param deviation of the seeds' means; NaN with one seed
 */
public record PairedComparison(PairedGain gain, double p, double effect, double deviation) {
    private static final double POWER = 0.8;
    private static final int MOST_SEEDS = 1000;

    /**
     * Tests.
     *
     * @param differences [S][C], B minus A
     * @throws IllegalArgumentException as {@link PairedGain#of}
     */
    public static PairedComparison of(double[][] differences) {
        PairedSpread spread = PairedSpread.of(differences);
        double deviation = spread.seeds() == 1 ? Double.NaN : spread.ofSeeds() * Math.sqrt(spread.seeds());
        return new PairedComparison(PairedGain.of(differences), p(spread), spread.mean() / deviation, deviation);
    }

    private static double p(PairedSpread spread) {
        double distance = Math.abs(spread.mean());
        double low = 0;
        double high = 1;
        for (int i = 0; i < 50; i++) {
            double p = 0.5 * (low + high);
            if (spread.half(1 - p) > distance) {
                low = p;
            } else {
                high = p;
            }
        }
        return distance == 0 ? 1 : high;
    }

    /**
     * How many paired seeds would show a difference, were they to scatter as these: the smallest n with
     *
     * <pre>  (t_{n−1}(0.975) + t_{n−1}(0.8)) · sd / √n ≤ difference, </pre>
     *
     * <p>for 8 chances in 10 of a two-sided p below 0.05 on these cases.
     *
     * @param difference to be shown, above 0
     * @return empty with one seed, and where a thousand are too few
     */
    public OptionalInt seedsFor(double difference) {
        if (Double.isNaN(deviation)) {
            return OptionalInt.empty();
        }
        for (int n = 2; n <= MOST_SEEDS; n++) {
            double factor = StudentT.twoSided(0.95, n - 1) + StudentT.twoSided(2 * POWER - 1, n - 1);
            if (factor * deviation / Math.sqrt(n) <= difference) {
                return OptionalInt.of(n);
            }
        }
        return OptionalInt.empty();
    }
}
