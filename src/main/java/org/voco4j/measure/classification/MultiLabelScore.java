package org.voco4j.measure.classification;

import java.util.Arrays;
import org.voco4j.measure.statistics.Bootstrap;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;

/**
 * How well cases were labelled where each has any number of K labels: the AUC of each label by counting pairs, and their
 * mean over the labels that some cases have and some have not (ChestX-ray14 reports the mean of 14).
 */
public final class MultiLabelScore {
    private static final long SEED = 1; // of the intervals

    private final RocArea[] areas;
    private final int[] positives;
    private final int cases;

    private MultiLabelScore(RocArea[] areas, int[] positives, int cases) {
        this.areas = areas;
        this.positives = positives;
        this.cases = cases;
    }

    /**
     * Measures.
     *
     * @param scores [cases][K], larger for a likelier label
     * @param truth [cases][K], whether a case has a label
     * @throws IllegalArgumentException if there is no case or no label, a row has another length, or a score is NaN
     */
    public static MultiLabelScore of(double[][] scores, boolean[][] truth) {
        requireTable(scores, truth.length);
        int labels = scores[0].length;
        RocArea[] areas = new RocArea[labels];
        int[] positives = new int[labels];
        for (int k = 0; k < labels; k++) {
            boolean[] has = new boolean[truth.length];
            for (int i = 0; i < truth.length; i++) {
                if (truth[i].length != labels) {
                    throw new IllegalArgumentException(
                            "case " + i + " has " + truth[i].length + " labels in truth and " + labels + " scores");
                }
                has[i] = truth[i][k];
                positives[k] += has[i] ? 1 : 0;
            }
            areas[k] = new RocArea(column(scores, k), has);
        }
        return new MultiLabelScore(areas, positives, truth.length);
    }

    /** How many cases there are. */
    public int cases() {
        return cases;
    }

    /** How many cases have a label. */
    public int positives(int k) {
        return positives[k];
    }

    /** The AUC of a label; NaN if no case has it, or all have. */
    public double auc(int k) {
        return areas[k].value();
    }

    /** The mean AUC of the labels where it is defined. */
    public CountedMean meanAuc() {
        return mean(areas, Bootstrap.once(cases));
    }

    /** The 95 % interval of the mean AUC, by the percentile bootstrap over cases; from 0 to 1 below 3 cases. */
    public Interval meanAucInterval() {
        return interval(areas, cases);
    }

    static CountedMean mean(RocArea[] areas, int[] counts) {
        return CountedMean.of(
                Arrays.stream(areas).mapToDouble(area -> area.value(counts)).toArray());
    }

    static Interval interval(RocArea[] areas, int cases) {
        return Bootstrap.interval(
                cases,
                SEED,
                new Interval(0, 1),
                (counts, random) -> mean(areas, counts).mean());
    }

    static double[] column(double[][] table, int k) {
        return Arrays.stream(table).mapToDouble(row -> row[k]).toArray();
    }

    static void requireTable(double[][] scores, int cases) {
        if (cases == 0 || scores.length != cases || scores[0].length == 0) {
            throw new IllegalArgumentException(
                    "expected scores and truth for the same cases, found " + scores.length + " and " + cases);
        }
        for (int i = 0; i < cases; i++) {
            if (scores[i].length != scores[0].length) {
                throw new IllegalArgumentException(
                        "case " + i + " has " + scores[i].length + " scores, case 0 has " + scores[0].length);
            }
            for (double score : scores[i]) {
                if (Double.isNaN(score)) {
                    throw new IllegalArgumentException("case " + i + " has a score that is not a number");
                }
            }
        }
    }
}
