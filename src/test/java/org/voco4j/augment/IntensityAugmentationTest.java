package org.voco4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.augment.IntensityAugmentation.Change;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.volume.Shape3;

/** Changes of intensities as batchgenerators, scipy and torchvision have them, and draws that repeat. */
class IntensityAugmentationTest {
    private static final Shape3 SHAPE = new Shape3(6, 5, 4);
    private static final Change ALWAYS = new Change(1, 0.5, 0.9);

    private static void equal(double[] found, double[] wanted) {
        assertThat(found).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).isCloseTo(wanted[i], within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"low", "high"})
    void contrastAndGammaAreThoseOfBatchgenerators(String which) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("blocks-b");
            double value = expected.tensor(which + ".value").item();
            double[] contrast = expected.doubles("x");
            IntensityAugmentation.contrast(contrast, value);
            equal(contrast, expected.doubles(which + ".contrast"));
            for (int inverted = 0; inverted < 2; inverted++) {
                double sign = inverted == 0 ? 1 : -1;
                double[] curve = expected.doubles("x");
                IntensityAugmentation.multiply(curve, sign);
                double[] gamma = curve.clone();
                IntensityAugmentation.curve(curve, value);
                IntensityAugmentation.gamma(gamma, value);
                IntensityAugmentation.multiply(curve, sign);
                IntensityAugmentation.multiply(gamma, sign);
                equal(curve, expected.doubles(which + ".gamma_invert" + inverted + "_retain0"));
                equal(gamma, expected.doubles(which + ".gamma_invert" + inverted + "_retain1"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5", "1.0", "2.0"})
    void blurIsScipys(String sigma) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("blocks-b");
            double[] blurred = expected.doubles("x");
            GaussianBlur.apply(blurred, SHAPE, Double.parseDouble(sigma));
            equal(blurred, expected.doubles("blur.sigma" + sigma));
        }
    }

    @Test
    void factorsAndSolarisationAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("blocks-b");
            double[] values = expected.doubles("x");
            IntensityAugmentation.multiply(values, 1.2);
            equal(values, expected.doubles("multiply_1_2"));
            double[] solarised = expected.doubles("x");
            IntensityAugmentation.solarise(solarised, 0.5);
            equal(solarised, expected.doubles("solarise"));
        }
    }

    @Test
    void aLowerResolutionLosesDetailAndKeepsTheRest() {
        double[] same = new double[120];
        Arrays.fill(same, 0.3);
        LowResolution.apply(same, SHAPE, 0.5);
        equal(same, Arrays.stream(new double[120]).map(v -> 0.3).toArray());
        double[] values = new SplittableRandom(1).doubles(120).toArray();
        double[] whole = values.clone();
        LowResolution.apply(whole, SHAPE, 1);
        equal(whole, values);
        double[] ramp = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        LowResolution.apply(ramp, new Shape3(12, 1, 1), 0.5); // voxels 1, 3, … 11 stand at 0.5, 2.5, … 10.5
        for (int i = 3; i < 8; i++) {
            assertThat(ramp[i]).isCloseTo(i + 0.5, within(1e-9));
        }
    }

    @Test
    void aViewRepeatsAndNoneChangesNothing() {
        float[] values = {0, 0.25f, 0.5f, 1};
        Shape3 shape = new Shape3(2, 2, 1);
        IntensityAugmentation all =
                new IntensityAugmentation(ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS);
        IntensityAugmentation.View view = all.sample(new SplittableRandom(3));
        assertThat(view.apply(values, shape))
                .containsExactly(view.apply(values, shape))
                .isNotEqualTo(values);
        assertThat(IntensityAugmentation.of(0, 0, 0, 0)
                        .sample(new SplittableRandom(3))
                        .apply(values, shape))
                .containsExactly(values);
    }

    @Test
    void drawsLieInTheirRangesAndAroundOneOnBothSides() {
        Change wide = new Change(1, 0.8, 1.5);
        IntensityAugmentation changes =
                new IntensityAugmentation(ALWAYS, ALWAYS, wide, wide, ALWAYS, ALWAYS, new Change(1, 1.1, 1.5), ALWAYS);
        SplittableRandom random = new SplittableRandom(5);
        int below = 0;
        for (int i = 0; i < 400; i++) {
            IntensityAugmentation.View view = changes.sample(random);
            assertThat(view.noise()).isBetween(0.5, 0.9);
            assertThat(view.contrast()).isBetween(0.8, 1.5);
            assertThat(view.inverted()).isBetween(0.5, 0.9);
            assertThat(view.gamma()).isBetween(1.1, 1.5);
            below += view.contrast() < 1 ? 1 : 0;
        }
        assertThat(below).isBetween(160, 240);
    }

    @Test
    void rangesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Change(2, 0, 1)).hasMessageContaining("a probability in [0, 1]");
        assertThatThrownBy(() -> new Change(1, 0.5, 0.4)).hasMessageContaining("least <= most");
        Change never = Change.NEVER;
        Change wrong = new Change(0.5, 0, 2);
        assertThatThrownBy(() -> new IntensityAugmentation(never, never, never, never, wrong, never, never, never))
                .hasMessageContaining("a lower resolution has a factor in (0, 1]");
        assertThatThrownBy(() -> new IntensityAugmentation(never, wrong, never, never, never, never, never, never))
                .hasMessageContaining("a blur has a deviation above 0");
    }
}
