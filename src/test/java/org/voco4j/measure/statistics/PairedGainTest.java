package org.voco4j.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedGainTest {
    private static final int STUDIES = 2000;

    /** Differences gain + seed_s + case_c + rest_sc with normal parts of the given deviations. */
    private static double[][] study(
            SplittableRandom random, int seeds, int cases, double gain, double seed, double ofCase, double rest) {
        double[] caseParts =
                random.doubles(cases, 0, 1).map(unused -> random.nextGaussian()).toArray();
        double[][] differences = new double[seeds][cases];
        for (double[] row : differences) {
            double seedPart = random.nextGaussian();
            for (int c = 0; c < cases; c++) {
                row[c] = gain + seed * seedPart + ofCase * caseParts[c] + rest * random.nextGaussian();
            }
        }
        return differences;
    }

    @ParameterizedTest
    @CsvSource({
        "3, 10, 1, 0.3, 0.3",
        "3, 30, 1, 1, 1",
        "3, 20, 0, 1, 0.2",
        "3, 12, 0.2, 0.2, 1",
        "2, 20, 1, 1, 1",
        "5, 12, 0.5, 1, 0.3",
        "1, 12, 0, 1, 1",
        "6, 1, 1, 0, 1",
    })
    void coversTheTruthInAtLeast95Percent(int seeds, int cases, double seed, double ofCase, double rest) {
        SplittableRandom random = new SplittableRandom(7);
        int covered = 0;
        int certain = 0;
        for (int i = 0; i < STUDIES; i++) {
            PairedGain gain = PairedGain.of(study(random, seeds, cases, 0, seed, ofCase, rest));
            covered += gain.interval().contains(0) ? 1 : 0;
            certain += gain.isCertain() ? 1 : 0;
        }
        double share = covered / (double) STUDIES;
        assertThat(share).isBetween(0.94, 0.999); // 0.95 less two standard errors of the simulation
        assertThat(certain).isLessThan(STUDIES * 4 / 100);
    }

    @Test
    void oneSeedSaysNothingAboutOthers() {
        SplittableRandom random = new SplittableRandom(8);
        int covered = 0;
        for (int i = 0; i < STUDIES; i++) {
            covered += PairedGain.of(study(random, 1, 20, 0, 1, 0.5, 0.5))
                            .interval()
                            .contains(0)
                    ? 1
                    : 0;
        }
        assertThat(covered).isLessThan(STUDIES / 2);
        assertThat(PairedGain.of(study(random, 1, 20, 0, 1, 1, 1)).covers()).startsWith("other cases only");
        assertThat(PairedGain.of(study(random, 3, 20, 0, 1, 1, 1)).covers()).isEqualTo("other seeds and other cases");
        assertThat(PairedGain.of(study(random, 3, 1, 0, 1, 1, 1)).covers()).startsWith("other seeds only");
        assertThat(PairedGain.of(new double[][] {{0.5}}).covers()).startsWith("nothing");
        assertThat(PairedGain.of(new double[][] {{0.5}}).isCertain()).isFalse();
    }

    @Test
    void aShiftMovesMeanAndIntervalAndAClearOneIsCertain() {
        double[][] differences = study(new SplittableRandom(9), 3, 20, 0.05, 0.004, 0.02, 0.01);
        PairedGain gain = PairedGain.of(differences);
        assertThat(gain.mean()).isBetween(0.03, 0.07);
        assertThat(gain.isCertain()).isTrue();
        assertThat(gain.interval().contains(0.05)).isTrue();
        double[][] shifted = new double[3][20];
        for (int s = 0; s < 3; s++) {
            for (int c = 0; c < 20; c++) {
                shifted[s][c] = differences[s][c] - 0.05;
            }
        }
        PairedGain less = PairedGain.of(shifted);
        assertThat(less.mean()).isCloseTo(gain.mean() - 0.05, within(1e-12));
        assertThat(less.interval().low()).isCloseTo(gain.interval().low() - 0.05, within(1e-12));
        assertThat(less.interval().high()).isCloseTo(gain.interval().high() - 0.05, within(1e-12));
    }

    @Test
    void equalsHandComputedIntervals() {
        // One seed: mean 2, sd 1, t₂ = 4.302653, half = 4.302653 / √3.
        PairedGain oneSeed = PairedGain.of(new double[][] {{1, 2, 3}});
        assertThat(oneSeed.interval().high()).isCloseTo(2 + 4.302652730 / Math.sqrt(3), within(1e-8));
        // Seeds alone differ: means 1, 2, 3, no other part.
        PairedGain seeds = PairedGain.of(new double[][] {{1, 1}, {2, 2}, {3, 3}});
        assertThat(seeds.interval().low()).isCloseTo(2 - 4.302652730 / Math.sqrt(3), within(1e-8));
        // 2 x 2 with d = (0 2; 4 4): means of seeds 1, 4, of cases 2, 3, mean 2.5; rests ∓½, s² = 1, t₁ = 12.706205:
        // half² = t₁² (4.5/2 + 0.5/2 − 1/4) = t₁² 2.25.
        PairedGain both = PairedGain.of(new double[][] {{0, 2}, {4, 4}});
        assertThat(both.mean()).isEqualTo(2.5);
        assertThat(both.interval().high()).isCloseTo(2.5 + 12.70620474 * 1.5, within(1e-7));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 12.706204736",
        "2, 4.302652730",
        "3, 3.182446305",
        "10, 2.228138852",
        "30, 2.042272456",
        "100, 1.983971519",
        "100000, 1.959987708",
    })
    void studentsFactorsAreThoseOfTheTables(int freedom, double expected) {
        assertThat(StudentT.twoSided(0.95, freedom)).isCloseTo(expected, within(1e-9 * expected));
    }

    @Test
    void refusesRaggedAndMissingNumbers() {
        assertThatThrownBy(() -> PairedGain.of(new double[0][])).hasMessageContaining("at least 1 seed");
        assertThatThrownBy(() -> PairedGain.of(new double[][] {{1, 2}, {1}})).hasMessageContaining("on 2 and on 1");
        assertThatThrownBy(() -> PairedGain.of(new double[][] {{Double.NaN}})).hasMessageContaining("NaN");
    }
}
