package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

final class InkTest {
    /** Rows of the linear RGB matrices of Viénot, Brettel and Mollon (1999). */
    private static final double[][] PROTAN = {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}};

    private static final double[][] DEUTAN = {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}};
    private static final double[][] NORMAL = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    @Test
    void linesAreToldApartByColourBlindReaders() {
        for (double[][] eye : new double[][][] {NORMAL, PROTAN, DEUTAN}) {
            for (int i = 0; i < Ink.lines(); i++) {
                for (int j = 0; j < i; j++) {
                    // About 2.3 is just noticeable side by side.
                    assertThat(distance(Ink.line(i), Ink.line(j), eye))
                            .as("lines %d and %d", i, j)
                            .isGreaterThan(12);
                }
            }
        }
    }

    @Test
    void linesAndTextsStandOutFromThePaper() {
        for (int i = 0; i < Ink.lines(); i++) {
            assertThat(contrast(Ink.line(i))).as("line %d", i).isGreaterThan(3);
            assertThat(contrast(Ink.asText(Ink.line(i))))
                    .as("name of line %d", i)
                    .isGreaterThan(4.5);
        }
        assertThat(contrast(Ink.CONTROL)).isGreaterThan(3);
        assertThat(contrast(Ink.SOFT)).isGreaterThan(4.5);
        assertThat(contrast(Ink.TEXT)).isGreaterThan(7);
    }

    /** WCAG 2 against white. */
    private static double contrast(Color color) {
        double[] rgb = linear(color);
        return 1.05 / (0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] + 0.05);
    }

    /** CIE76 between the two colours as the eye sees them. */
    private static double distance(Color a, Color b, double[][] eye) {
        double[] p = lab(a, eye);
        double[] q = lab(b, eye);
        return Math.sqrt(Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2));
    }

    private static double[] lab(Color color, double[][] eye) {
        double[] rgb = linear(color);
        double[] seen = new double[3];
        for (int r = 0; r < 3; r++) {
            double sum = eye[r][0] * rgb[0] + eye[r][1] * rgb[1] + eye[r][2] * rgb[2];
            seen[r] = Math.min(1, Math.max(0, sum));
        }
        double x = f((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.9505);
        double y = f(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
        double z = f((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.089);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    private static double[] linear(Color color) {
        int[] bytes = {color.getRed(), color.getGreen(), color.getBlue()};
        double[] linear = new double[3];
        for (int c = 0; c < 3; c++) {
            double v = bytes[c] / 255.0;
            linear[c] = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        }
        return linear;
    }
}
