package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RidgeTest {

    @Test
    void recoversALinearMap() {
        double[][] x = gaussian(60, 7, 1);
        double[][] y = mapped(x);
        Ridge.Model model = new Ridge(x, y).solve(1e-12);
        double[][] others = gaussian(20, 7, 2);
        double[][] expected = mapped(others);
        for (int i = 0; i < others.length; i++) {
            assertThat(model.predict(others[i])).containsExactly(expected[i], within(1e-8));
        }
    }

    @Test
    void primalAndDualAgree() {
        for (int dimensions : new int[] {5, 40, 90}) {
            double[][] x = gaussian(40, dimensions, 3);
            double[][] y = gaussian(40, 2, 4);
            double[] at = gaussian(1, dimensions, 5)[0];
            for (double strength : new double[] {1e-3, 1, 100}) {
                double[] primal = new Ridge(x, y, false).solve(strength).predict(at);
                double[] dual = new Ridge(x, y, true).solve(strength).predict(at);
                assertThat(primal).containsExactly(dual, within(1e-9));
            }
        }
    }

    @Test
    void equalsTheOneDimensionalFormula() {
        // x = (-1, 1) has mean 0 and sd 1: w = Σxy / (N + sN) = 4 / (2 + 2s), intercept 3.
        Ridge.Model model = new Ridge(new double[][] {{-1}, {1}}, new double[][] {{1}, {5}}).solve(0.5);
        assertThat(model.predict(new double[] {2})[0]).isCloseTo(3 + 2 * 4 / 3.0, within(1e-12));
    }

    @Test
    void aGreatStrengthLeavesTheMeanAndConstantFeaturesDoNotMatter() {
        double[][] x = {{1, 7}, {2, 7}, {3, 7}};
        double[][] y = {{1}, {2}, {6}};
        assertThat(new Ridge(x, y).solve(1e12).predict(new double[] {9, 9})[0]).isCloseTo(3, within(1e-6));
        Ridge.Model model = new Ridge(x, y).solve(0.1);
        assertThat(model.predict(new double[] {2.5, 7})).isEqualTo(model.predict(new double[] {2.5, -100}));
    }

    @Test
    void refusesWrongSizesAndStrengths() {
        assertThatThrownBy(() -> new Ridge(new double[2][1], new double[3][1])).hasMessageContaining("2 and 3");
        Ridge ridge = new Ridge(new double[][] {{1}, {2}}, new double[2][1]);
        assertThatThrownBy(() -> ridge.solve(0)).hasMessageContaining("positive");
        assertThatThrownBy(() -> ridge.solve(1).predict(new double[3])).hasMessageContaining("3 numbers, expected 1");
    }

    private static double[][] mapped(double[][] x) {
        double[][] y = new double[x.length][2];
        for (int i = 0; i < x.length; i++) {
            y[i][0] = 3;
            y[i][1] = -1;
            for (int d = 0; d < x[i].length; d++) {
                y[i][0] += (d - 2) * x[i][d];
                y[i][1] += x[i][d] / (d + 1);
            }
        }
        return y;
    }

    private static double[][] gaussian(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int d = 0; d < columns; d++) {
                row[d] = 5 + 3 * random.nextGaussian();
            }
        }
        return values;
    }
}
