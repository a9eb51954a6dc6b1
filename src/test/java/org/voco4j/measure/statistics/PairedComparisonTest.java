package org.voco4j.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
    /** 0.01 to 0.05: mean 0.03, sd √(0.001 / 4) = 0.0158114, error sd / √5 = 0.00707107, t₄ = 4.24264. */
    private static final double[][] FIVE_SEEDS = {{0.01}, {0.02}, {0.03}, {0.04}, {0.05}};

    @Test
    void equalsHandComputedTests() {
        PairedComparison seeds = PairedComparison.of(FIVE_SEEDS);
        assertThat(seeds.gain().mean()).isCloseTo(0.03, within(1e-15));
        assertThat(seeds.p()).isCloseTo(0.0132356, within(1e-6));
        assertThat(seeds.effect()).isCloseTo(0.03 / 0.0158113883, within(1e-7));
        // One seed, three cases: mean 2, error 1/√3, t₂ = 3.4641; P(|T₂| > t) = 1 − t/√(2 + t²).
        PairedComparison cases = PairedComparison.of(new double[][] {{1, 2, 3}});
        double t = 2 * Math.sqrt(3);
        assertThat(cases.p()).isCloseTo(1 - t / Math.sqrt(2 + t * t), within(1e-9));
        assertThat(cases.effect()).isNaN();
        assertThat(cases.seedsFor(0.02)).isEmpty();
        // 2 x 2 as in PairedGainTest: mean 2.5, half of the interval t₁ · 1.5; P(|T₁| > t) = 1 − 2/π · arctan t.
        assertThat(PairedComparison.of(new double[][] {{0, 2}, {4, 4}}).p())
                .isCloseTo(1 - 2 / Math.PI * Math.atan(2.5 / 1.5), within(1e-9));
    }

    @Test
    void saysHowManySeedsADifferenceNeeds() {
        // sd 0.0158114. n = 7: (2.446912 + 0.905703) · sd / √7 = 0.020036; n = 8: (2.364624 + 0.896030) · sd / √8 =
        // 0.018228.
        assertThat(PairedComparison.of(FIVE_SEEDS).seedsFor(0.02)).hasValue(8);
        assertThat(PairedComparison.of(FIVE_SEEDS).seedsFor(0.0201)).hasValue(7);
        assertThat(PairedComparison.of(FIVE_SEEDS).seedsFor(1e-5)).isEmpty();
    }

    @Test
    void casesThatScatterAreNotOutnumberedBySeeds() {
        // Three cases with 0.114, 0 and 0 whatever the seed: error 0.038, half of the interval t₂ · 0.038 = 0.16 with
        // any number of seeds.
        double[][] same = new double[8][];
        Arrays.setAll(same, s -> new double[] {0.114 + s * 1e-6, s * 1e-6, s * 1e-6});
        assertThat(PairedComparison.of(same).seedsFor(0.02)).isEmpty();
        assertThat(PairedComparison.of(same).needsMoreCases(0.02)).isTrue();
        assertThat(PairedComparison.of(same).seedsFor(0.25)).hasValue(2);
        double[][] alone = {{-1}, {1}, {0.5}}; // of one case a great many seeds show anything
        assertThat(PairedComparison.of(alone).seedsFor(0.001)).isEmpty();
        assertThat(PairedComparison.of(alone).needsMoreCases(0.001)).isFalse();
    }

    @Test
    void asManySeedsAsSaidShowTheDifferenceEightTimesInTen() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] pilot = drawn(random, 400, 0);
        int seeds = PairedComparison.of(pilot).seedsFor(0.5).orElseThrow();
        int shown = 0;
        for (int i = 0; i < 1000; i++) {
            shown += PairedComparison.of(drawn(random, seeds, 0.5)).p() < 0.05 ? 1 : 0;
        }
        assertThat(seeds).isBetween(20, 60);
        assertThat(shown).isBetween(760, 860);
    }

    /** Seeds and 12 cases: parts by seed and of the rest of deviation 1, none by case. */
    private static double[][] drawn(SplittableRandom random, int seeds, double gain) {
        double[][] differences = new double[seeds][12];
        for (double[] row : differences) {
            double seed = gain + random.nextGaussian();
            for (int c = 0; c < row.length; c++) {
                row[c] = seed + random.nextGaussian();
            }
        }
        return differences;
    }

    @Test
    void theEndsAreWhatTheyAre() {
        assertThat(PairedComparison.of(new double[][] {{0.5}}).p()).isEqualTo(1);
        assertThat(PairedComparison.of(new double[][] {{0, 0}, {0, 0}}).p()).isEqualTo(1);
        assertThat(PairedComparison.of(new double[][] {{1, 1}, {1, 1}}).p()).isLessThan(1e-12);
    }

    @Test
    void pIsBelowFivePercentWhereTheIntervalIsClearOfZero() {
        SplittableRandom random = new SplittableRandom(3);
        int clear = 0;
        for (int i = 0; i < 200; i++) {
            double[][] differences = new double[5][8];
            for (double[] row : differences) {
                double seed = random.nextGaussian();
                for (int c = 0; c < row.length; c++) {
                    row[c] = 1 + seed + random.nextGaussian();
                }
            }
            PairedComparison test = PairedComparison.of(differences);
            boolean isClear = !test.gain().interval().contains(0);
            assertThat(test.p() < 0.05).isEqualTo(isClear);
            clear += isClear ? 1 : 0;
        }
        assertThat(clear).isBetween(20, 180);
    }

    @Test
    void holmCorrectsInTheOrderOfP() {
        assertThat(Holm.corrected(0.01, 0.04, 0.03)).containsExactly(0.03, 0.06, 0.06);
        assertThat(Holm.corrected(0.5, 0.001, 0.7)).containsExactly(1, 0.003, 1);
        assertThat(Holm.corrected()).isEmpty();
    }
}
