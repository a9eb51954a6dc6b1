package org.voco4j.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

class SmoothFieldTest {
    private static final Shape3 SHAPE = new Shape3(120, 90, 70);

    @Test
    void hasAboutTheGivenDeviation() {
        float[] field = SmoothField.sample(new PhantomRandom(1), SHAPE, new Spacing(4, 4, 5), 24, 10);
        double squares = 0;
        for (float value : field) {
            squares += (double) value * value / field.length;
        }
        assertThat(Math.sqrt(squares)).isCloseTo(10, within(1.5));
    }

    @Test
    void isSmooth() {
        // The slope of a cubic B-spline is at most the largest difference of neighbouring coefficients per knot.
        float[] field = SmoothField.sample(new PhantomRandom(2), SHAPE, new Spacing(4, 4, 5), 80, 8);
        double largest = 0;
        for (int i = 1; i < SHAPE.x(); i++) {
            for (int j = 0; j < SHAPE.y(); j++) {
                for (int k = 0; k < SHAPE.z(); k++) {
                    largest =
                            Math.max(largest, Math.abs(field[SHAPE.index(i, j, k)] - field[SHAPE.index(i - 1, j, k)]));
                }
            }
        }
        assertThat(largest).isBetween(0.1, 4.0 / 80 * 3 * 8 * 2 * 3.5);
    }
}
