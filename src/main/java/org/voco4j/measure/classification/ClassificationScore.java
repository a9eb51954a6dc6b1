package org.voco4j.measure.classification;

import java.util.stream.IntStream;
import org.voco4j.measure.statistics.Bootstrap;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.measure.statistics.Overlap;

/**
 * How well cases were classified where each is of exactly one of K classes.
 *
 * <p>The predicted class is the one with the highest score, the first of them at ties. With n_tp the number of cases of
 * class t that were predicted as p,
 *
 * <pre>  accuracy  = Σ_k n_kk / Σ_tp n_tp
 *  recall_k    = n_kk / Σ_p n_kp       precision_k = n_kk / Σ_t n_tk
 *  F1_k        = 2 n_kk / (Σ_p n_kp + Σ_t n_tk) </pre>
 *
 * <p>and AUC_k is the area under the ROC curve of class k against all others, by counting pairs. What a class does not
 * define is NaN and left out of means: recall where no case is of it, precision where none was predicted, AUC where no
 * case is of it or all are. Source of the last: Hand and Till, A Simple Generalisation of the Area Under the ROC Curve,
 * 2001.
 */
public final class ClassificationScore {
    private static final long SEED = 1; // of the intervals

    private final int classes;
    private final int[] truth;
    private final int[] predicted;
    private final RocArea[] areas;
    private final RocArea together;

    private ClassificationScore(int classes, int[] truth, int[] predicted, RocArea[] areas, RocArea together) {
        this.classes = classes;
        this.truth = truth;
        this.predicted = predicted;
        this.areas = areas;
        this.together = together;
    }

    /**
     * Measures.
     *
     * @param scores [cases][K], larger for a likelier class
     * @param truth [cases], 0 to K − 1
     * @throws IllegalArgumentException if there is no case, a case has another number of scores or one that is NaN, there
     *     is one class only, or a class lies outside
     */
    public static ClassificationScore of(double[][] scores, int[] truth) {
        MultiLabelScore.requireTable(scores, truth.length);
        int classes = scores[0].length;
        if (classes < 2) {
            throw new IllegalArgumentException("a classification has at least 2 classes, not " + classes);
        }
        int[] predicted = new int[truth.length];
        double[] entries = new double[truth.length * classes];
        boolean[] hits = new boolean[entries.length];
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] < 0 || truth[i] >= classes) {
                throw new IllegalArgumentException(
                        "case " + i + " has class " + truth[i] + ", expected 0 to " + (classes - 1));
            }
            for (int k = 0; k < classes; k++) {
                predicted[i] = scores[i][k] > scores[i][predicted[i]] ? k : predicted[i];
                entries[i * classes + k] = scores[i][k];
            }
            hits[i * classes + truth[i]] = true;
        }
        RocArea[] areas = new RocArea[classes];
        for (int k = 0; k < classes; k++) {
            boolean[] ofClass = new boolean[truth.length];
            for (int i = 0; i < truth.length; i++) {
                ofClass[i] = truth[i] == k;
            }
            areas[k] = new RocArea(MultiLabelScore.column(scores, k), ofClass);
        }
        return new ClassificationScore(classes, truth.clone(), predicted, areas, new RocArea(entries, hits));
    }

    /** How many cases there are. */
    public int cases() {
        return truth.length;
    }

    /** K. */
    public int classes() {
        return classes;
    }

    /** The predicted class of a case. */
    public int predicted(int at) {
        return predicted[at];
    }

    /** How many cases of class {@code t} were predicted as class {@code p}. */
    public int confused(int t, int p) {
        return (int) IntStream.range(0, truth.length)
                .filter(i -> truth[i] == t && predicted[i] == p)
                .count();
    }

    /** Cases of the class and predictions of it, as masks overlap: F1 is their Dice. */
    private Overlap overlap(int k) {
        int both = 0;
        int predictions = 0;
        int cases = 0;
        for (int i = 0; i < truth.length; i++) {
            both += truth[i] == k && predicted[i] == k ? 1 : 0;
            predictions += predicted[i] == k ? 1 : 0;
            cases += truth[i] == k ? 1 : 0;
        }
        return new Overlap(both, predictions, cases);
    }

    /** How many cases are of a class. */
    public int cases(int k) {
        return (int) overlap(k).truth();
    }

    /** The share of the cases of a class that were predicted as such; NaN if there is none. */
    public double recall(int k) {
        Overlap overlap = overlap(k);
        return (double) overlap.both() / overlap.truth();
    }

    /** The share of the predictions of a class that are right; NaN if there is none. */
    public double precision(int k) {
        Overlap overlap = overlap(k);
        return (double) overlap.both() / overlap.prediction();
    }

    /** The harmonic mean of recall and precision; NaN if the class is neither there nor predicted. */
    public double f1(int k) {
        return overlap(k).dice();
    }

    /** The AUC of a class against the others; NaN if no case is of it, or all are. */
    public double auc(int k) {
        return areas[k].value();
    }

    /** The share of cases that were predicted right. */
    public double accuracy() {
        return accuracy(Bootstrap.once(truth.length));
    }

    private double accuracy(int[] counts) {
        double right = 0;
        double all = 0;
        for (int i = 0; i < truth.length; i++) {
            right += truth[i] == predicted[i] ? counts[i] : 0;
            all += counts[i];
        }
        return right / all;
    }

    /** The 95 % interval of the accuracy, by the percentile bootstrap over cases; from 0 to 1 below 3 cases. */
    public Interval accuracyInterval() {
        return Bootstrap.interval(truth.length, SEED, new Interval(0, 1), (counts, random) -> accuracy(counts));
    }

    /** The mean recall of the classes that have cases. */
    public CountedMean balancedAccuracy() {
        return CountedMean.of(
                IntStream.range(0, classes).mapToDouble(this::recall).toArray());
    }

    /** The mean F1 of the classes that are there or predicted. */
    public CountedMean macroF1() {
        return CountedMean.of(IntStream.range(0, classes).mapToDouble(this::f1).toArray());
    }

    /** The mean AUC of the classes where it is defined. */
    public CountedMean macroAuc() {
        return MultiLabelScore.mean(areas, Bootstrap.once(truth.length));
    }

    /** The 95 % interval of the mean AUC, by the percentile bootstrap over cases; from 0 to 1 below 3 cases. */
    public Interval macroAucInterval() {
        return MultiLabelScore.interval(areas, truth.length);
    }

    /** The mean AUC, each class counting as often as it has cases. */
    public double weightedAuc() {
        double sum = 0;
        double weights = 0;
        for (int k = 0; k < classes; k++) {
            double auc = auc(k);
            if (!Double.isNaN(auc)) {
                sum += cases(k) * auc;
                weights += cases(k);
            }
        }
        return sum / weights;
    }

    /** The AUC over all pairs of case and class together: whether scores of true pairs lie above those of false ones. */
    public double microAuc() {
        return together.value();
    }
}
