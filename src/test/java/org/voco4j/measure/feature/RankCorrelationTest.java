package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {

    @Test
    void ranksOfTiesAreTheirMean() {
        assertThat(RankCorrelation.ranks(new double[] {3, 1, 3, 2, 3})).containsExactly(4, 1, 4, 2, 4);
    }

    @Test
    void equalsHandComputedValues() {
        // Without ties ρ = 1 − 6 Σd² / (n(n² − 1)): d = (-1, 1, -1, 1, 0), Σd² = 4, n = 5.
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3, 4, 5}, new double[] {20, 10, 40, 30, 50}))
                .isCloseTo(1 - 6 * 4.0 / (5 * 24), within(1e-12));
        // Ranks (1, 2.5, 2.5, 4) and (1, 2, 3, 4): Σ = 4.5, variations 4.5 and 5.
        assertThat(RankCorrelation.spearman(new double[] {0, 1, 1, 2}, new double[] {1, 2, 3, 4}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    }

    @Test
    void isOneForAnyMonotoneMapAndMinusOneForItsReverse() {
        double[] u = {0.3, -2, 7, 1, 4};
        double[] cube = new double[u.length];
        double[] reverse = new double[u.length];
        for (int i = 0; i < u.length; i++) {
            cube[i] = u[i] * u[i] * u[i];
            reverse[i] = -u[i];
        }
        assertThat(RankCorrelation.spearman(u, cube)).isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.spearman(u, reverse)).isCloseTo(-1, within(1e-12));
    }

    @Test
    void isZeroForAConstantListAndRefusesDifferentLengths() {
        assertThat(RankCorrelation.spearman(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isZero();
        assertThatThrownBy(() -> RankCorrelation.spearman(new double[2], new double[3]))
                .hasMessageContaining("2 and 3");
    }
}
