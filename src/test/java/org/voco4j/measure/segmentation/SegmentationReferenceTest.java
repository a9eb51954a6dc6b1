package org.voco4j.measure.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Overlap;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/** Overlap and surface measures of three cases equal MONAI's, with its NaN and infinities. */
class SegmentationReferenceTest {
    private static final Reference REFERENCE = Reference.of("seg_metrics");
    private static final Shape3 SHAPE = new Shape3(24, 28, 20);
    private static final int CASES = 3;
    private static final int CLASSES = 5;
    private static final double[] TOLERANCES = {1, 2, 1.5, 3}; // mm, of the classes 1 to 4
    private static final double EXACT = 1e-6;

    private static LabelMap map(String name, int image) {
        double[] all = REFERENCE.doubles(name);
        byte[] classes = new byte[(int) SHAPE.voxels()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) all[image * classes.length + i];
        }
        return new LabelMap(SHAPE, Affine.identity(), classes);
    }

    private static Overlap overlap(int image, int label) {
        return Confusion.of(map("pred", image), map("target", image), CLASSES).overlap(label);
    }

    /** A measure of all cases and of the classes from {@code first} on, in the reference's order. */
    private static double[] table(int first, ToDoubleFunction<Overlap> measure) {
        double[] values = new double[CASES * (CLASSES - first)];
        for (int image = 0; image < CASES; image++) {
            for (int label = first; label < CLASSES; label++) {
                values[image * (CLASSES - first) + label - first] = measure.applyAsDouble(overlap(image, label));
            }
        }
        return values;
    }

    private static void assertEqual(String name, double[] found) {
        double[] expected = REFERENCE.doubles(name);
        assertThat(found).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            if (Double.isFinite(expected[i])) {
                assertThat(found[i]).as(name + " " + i).isCloseTo(expected[i], within(EXACT * expected[i]));
            } else {
                assertThat(found[i]).as(name + " " + i).isEqualTo(Double.valueOf(expected[i])); // NaN equals NaN
            }
        }
    }

    /** MONAI leaves a class out whenever truth lacks it, predicted or not. */
    private static double leftOutWithoutTruth(Overlap overlap, double value) {
        return overlap.truth() == 0 ? Double.NaN : value;
    }

    @Test
    void overlaps() {
        assertEqual("dice.include_bg", table(0, o -> leftOutWithoutTruth(o, o.dice())));
        assertEqual("dice.exclude_bg", table(1, o -> leftOutWithoutTruth(o, o.dice())));
        assertEqual("iou.include_bg", table(0, o -> leftOutWithoutTruth(o, o.iou())));
        assertEqual("dice.keep_empty", table(0, o -> Double.isNaN(o.dice()) ? 1 : o.dice()));
    }

    @Test
    void meansAndCounts() {
        double[] dice = table(1, o -> leftOutWithoutTruth(o, o.dice()));
        CountedMean[] ofImages = new CountedMean[CASES];
        for (int image = 0; image < CASES; image++) {
            ofImages[image] =
                    CountedMean.of(dice[image * 4], dice[image * 4 + 1], dice[image * 4 + 2], dice[image * 4 + 3]);
        }
        CountedMean all = CountedMean.of(ofImages[0].mean(), ofImages[1].mean(), ofImages[2].mean());
        assertEqual("dice_metric.mean", new double[] {all.mean()});
        assertEqual("dice_metric.mean.not_nans", new double[] {all.count()});
        double[] means = new double[4];
        double[] counts = new double[4];
        for (int c = 0; c < 4; c++) {
            CountedMean ofClass = CountedMean.of(dice[c], dice[4 + c], dice[8 + c]);
            means[c] = ofClass.mean();
            counts[c] = ofClass.count();
        }
        assertEqual("dice_metric.mean_batch", means);
        assertEqual("dice_metric.mean_batch.not_nans", counts);
    }

    /**
     * The 95th percentile in the reference's arithmetic: it holds the place among the n distances in single precision, so
     * the share of the way to the next distance is only good to some 1e-5. Ours is double all through.
     */
    private static float percentile95(double[] sorted) {
        if (sorted.length == 0) {
            return Float.NaN;
        }
        float place = 0.95f * (sorted.length - 1);
        int below = (int) place;
        float low = (float) sorted[below];
        return low + (place - below) * ((float) sorted[below + 1] - low);
    }

    @ParameterizedTest
    @CsvSource({"iso1, 1, 1, 1", "iso1.5, 1.5, 1.5, 1.5", "aniso, 0.8, 1.2, 3"})
    void surfaces(String name, double x, double y, double z) {
        double[][] found = new double[6][CASES * 4];
        double[] exact = new double[CASES * 4];
        for (int image = 0; image < CASES; image++) {
            for (int label = 1; label < CLASSES; label++) {
                SurfaceDistances surfaces =
                        SurfaceDistances.of(map("pred", image), map("target", image), label, new Spacing(x, y, z));
                int at = image * 4 + label - 1;
                found[0][at] = Math.max(percentile95(surfaces.fromPrediction), percentile95(surfaces.fromTruth));
                exact[at] = surfaces.hausdorff95();
                found[1][at] = surfaces.hausdorff();
                found[2][at] = surfaces.surfaceDice(TOLERANCES[label - 1]);
                found[3][at] = surfaces.surfaceDice(1);
                found[4][at] = surfaces.mean();
                found[5][at] = surfaces.symmetricMean();
            }
        }
        assertEqual("hd95." + name, found[0]);
        assertThat(exact).containsExactly(found[0], within(1e-4));
        assertEqual("hd100." + name, found[1]);
        assertEqual("nsd." + name, found[2]);
        assertEqual("nsd1mm." + name, found[3]);
        assertEqual("asd." + name, found[4]);
        assertEqual("assd." + name, found[5]);
    }

    @Test
    void theScoreOfACaseHoldsTheSameNumbersAndCountsWhatIsMissing() {
        // Case 1: class 4 is predicted and absent in truth. Case 2: class 2 is absent in both, class 3 is missed.
        Spacing spacing = new Spacing(0.8, 1.2, 3);
        SegmentationScore invented = SegmentationScore.of(map("pred", 1), map("target", 1), CLASSES, spacing, 1);
        assertThat(invented.invented()).isEqualTo(1);
        assertThat(invented.missed()).isZero();
        assertThat(invented.classes().get(3).dice()).isZero();
        assertThat(invented.classes().get(3).nsd()).isZero();
        SegmentationScore missed = SegmentationScore.of(map("pred", 2), map("target", 2), CLASSES, spacing, 1);
        assertThat(missed.missed()).isEqualTo(1);
        assertThat(missed.invented()).isZero();
        assertThat(missed.mean(ClassScore::dice).count()).isEqualTo(3);
        assertThat(missed.mean(ClassScore::dice).mean()).isCloseTo((0.7047752 + 0 + 0.8563177) / 3, within(1e-6));
        assertThat(missed.mean(ClassScore::dice))
                .isEqualTo(
                        Confusion.of(map("pred", 2), map("target", 2), CLASSES).meanDice());
        assertThat(missed.mean(ClassScore::hd95).count()).isEqualTo(2);
        ClassScore first = missed.classes().get(0);
        assertThat(first.label()).isEqualTo(1);
        assertThat(first.hd95()).isCloseTo(6.470218, within(1e-5));
        assertThat(first.nsd()).isCloseTo(0.7462597, within(1e-6));
        assertThat(first.iou()).isCloseTo(0.5441335, within(1e-6));
        assertThat(first.truthMl()).isCloseTo(3280 * 0.8 * 1.2 * 3 / 1000, within(1e-9)); // 3280 voxels
        assertThat(first.predictionMl()).isCloseTo(2458 * 0.8 * 1.2 * 3 / 1000, within(1e-9));
    }
}
