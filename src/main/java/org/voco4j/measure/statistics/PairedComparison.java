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
 * @param spread what all of these rest on
 */
public record PairedComparison(PairedGain gain, double p, double effect, PairedSpread spread) {
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
        return new PairedComparison(PairedGain.of(differences), p(spread), spread.mean() / deviation, spread);
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
     * How many paired seeds would show a difference on these cases, were they to scatter as these: the smallest n with
     *
     * <pre>  half₀.₉₅(n) + half₀.₆(n) ≤ difference, </pre>
     *
     * <p>where half is that of the interval of {@link PairedGain} with n seeds and a level; with one case it is Student's factor times
     * sd/√n. That is for 8 chances in 10 of a two-sided p below 0.05, before any correction for several comparisons.
     *
     * @param difference to be shown, above 0
     * @return empty with one seed, and where a thousand are too few
     */
    public OptionalInt seedsFor(double difference) {
        if (spread.seeds() == 1) {
            return OptionalInt.empty();
        }
        for (int n = 2; n <= MOST_SEEDS; n++) {
            if (shows(spread.withSeeds(n), difference)) {
                return OptionalInt.of(n);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether no number of seeds would show a difference on these cases, which scatter too much by themselves. */
    public boolean needsMoreCases(double difference) {
        return spread.seeds() > 1 && !shows(spread.ofCasesAlone(), difference);
    }

    private static boolean shows(PairedSpread spread, double difference) {
        return spread.half(0.95) + spread.half(2 * POWER - 1) <= difference;
    }
}
