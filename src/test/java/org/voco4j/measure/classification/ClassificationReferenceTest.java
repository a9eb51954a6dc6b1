package org.voco4j.measure.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.measure.statistics.Interval;

/** Classification measures equal the reference's: pair counting, NaN where a class does not define one. */
class ClassificationReferenceTest {
    private static final Reference REFERENCE = Reference.of("classification_metrics");
    private static final double EXACT = 1e-12;

    private static double[][] scores(String name) {
        double[] all = REFERENCE.doubles(name + ".score");
        int classes = REFERENCE.shape(name + ".score")[1];
        double[][] rows = new double[all.length / classes][classes];
        for (int i = 0; i < all.length; i++) {
            rows[i / classes][i % classes] = all[i];
        }
        return rows;
    }

    private static int[] whole(String name) {
        return IntStream.range(0, REFERENCE.shape(name)[0])
                .map(i -> (int) REFERENCE.longs(name)[i])
                .toArray();
    }

    private static void assertEqual(String name, IntToDoubleFunction found) {
        double[] expected = REFERENCE.doubles(name);
        for (int k = 0; k < expected.length; k++) {
            if (Double.isNaN(expected[k])) {
                assertThat(found.applyAsDouble(k)).as(name + " " + k).isNaN();
            } else {
                assertThat(found.applyAsDouble(k)).as(name + " " + k).isCloseTo(expected[k], within(EXACT));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"three", "ties", "binary", "absent"})
    void everyMeasure(String name) {
        ClassificationScore score = ClassificationScore.of(scores(name), whole(name + ".truth"));
        int[] predicted = whole(name + ".pred");
        for (int i = 0; i < predicted.length; i++) {
            assertThat(score.predicted(i)).isEqualTo(predicted[i]);
        }
        int classes = score.classes();
        assertEqual(name + ".confusion", at -> score.confused(at / classes, at % classes));
        assertEqual(name + ".accuracy", at -> score.accuracy());
        assertEqual(name + ".recall", score::recall);
        assertEqual(name + ".precision", score::precision);
        assertEqual(name + ".f1", score::f1);
        assertEqual(name + ".balanced_accuracy", at -> score.balancedAccuracy().mean());
        assertEqual(name + ".auc", score::auc);
        assertEqual(name + ".auc_macro", at -> score.macroAuc().mean());
        assertEqual(name + ".auc_weighted", at -> score.weightedAuc());
        assertEqual(name + ".auc_micro", at -> score.microAuc());
    }

    @Test
    void anAbsentClassIsLeftOutOfMeansAndTheirCountSaysSo() {
        ClassificationScore score = ClassificationScore.of(scores("absent"), whole("absent.truth"));
        assertThat(score.cases(2)).isZero();
        assertThat(score.macroAuc().count()).isEqualTo(2);
        assertThat(score.balancedAccuracy().count()).isEqualTo(2);
        assertThat(score.macroF1().count()).isEqualTo(3); // predicted, so its F1 is 0
    }

    @Test
    void labelsOfWhichEachCaseHasAnyNumberGiveTheSameAreasAsClasses() {
        int[] truth = whole("ties.truth");
        boolean[][] labels = new boolean[truth.length][4];
        for (int i = 0; i < truth.length; i++) {
            labels[i][truth[i]] = true;
        }
        MultiLabelScore score = MultiLabelScore.of(scores("ties"), labels);
        assertEqual("ties.auc", score::auc);
        assertEqual("ties.auc_macro", at -> score.meanAuc().mean());
        assertThat(score.positives(1)).isEqualTo(16);
        for (boolean[] row : labels) {
            row[3] = true; // everybody has it, so nothing can be told apart
        }
        MultiLabelScore everybody = MultiLabelScore.of(scores("ties"), labels);
        assertThat(everybody.auc(3)).isNaN();
        assertThat(everybody.meanAuc().count()).isEqualTo(3);
    }

    @Test
    void intervalsHoldTheEstimateAndNarrowWithCases() {
        double[][] scores = scores("three");
        int[] truth = whole("three.truth");
        ClassificationScore once = ClassificationScore.of(scores, truth);
        assertThat(once.accuracyInterval().contains(once.accuracy())).isTrue();
        assertThat(once.macroAucInterval().contains(once.macroAuc().mean())).isTrue();
        double[][] many = new double[9 * scores.length][];
        int[] manyTruth = new int[many.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = scores[i % scores.length];
            manyTruth[i] = truth[i % scores.length];
        }
        ClassificationScore nine = ClassificationScore.of(many, manyTruth);
        assertThat(nine.macroAuc().mean()).isCloseTo(once.macroAuc().mean(), within(EXACT));
        assertThat(width(nine.accuracyInterval()) / width(once.accuracyInterval()))
                .isCloseTo(1 / 3.0, within(0.05)); // 1/√9
        assertThat(width(nine.macroAucInterval()) / width(once.macroAucInterval()))
                .isCloseTo(1 / 3.0, within(0.05));
    }

    private static double width(Interval interval) {
        return interval.high() - interval.low();
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        assertThatThrownBy(() -> ClassificationScore.of(new double[0][2], new int[0]))
                .hasMessageContaining("found 0 and 0");
        assertThatThrownBy(() -> ClassificationScore.of(new double[][] {{0, 1}}, new int[] {2}))
                .hasMessage("case 0 has class 2, expected 0 to 1");
        assertThatThrownBy(() -> ClassificationScore.of(new double[][] {{0, Double.NaN}}, new int[] {1}))
                .hasMessage("case 0 has a score that is not a number");
        assertThatThrownBy(() -> ClassificationScore.of(new double[][] {{0, 1}, {1}}, new int[] {1, 0}))
                .hasMessage("case 1 has 1 scores, case 0 has 2");
        assertThatThrownBy(() -> ClassificationScore.of(new double[][] {{1}}, new int[] {0}))
                .hasMessage("a classification has at least 2 classes, not 1");
        assertThatThrownBy(() -> MultiLabelScore.of(new double[][] {{0, 1}}, new boolean[][] {{true}}))
                .hasMessage("case 0 has 1 labels in truth and 2 scores");
    }
}
