package org.voco4j.pretext.part.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Shape3;

/** Tilted crops are read where they should be. */
class TiltTest {
    private static final double[] SAME = {1, 1, 1};
    private static final double[] STRAIGHT = {0, 0, 0};

    private static float[] numbers(Shape3 shape) {
        float[] crop = new float[(int) shape.voxels()];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < crop.length; i++) {
            crop[i] = (float) random.nextDouble();
        }
        return crop;
    }

    @Test
    void noTiltLeavesACropAsItIs() {
        Shape3 shape = new Shape3(5, 4, 3);
        assertThat(new Tilt(SAME, STRAIGHT).of(numbers(shape), shape)).isEqualTo(numbers(shape));
    }

    @Test
    void aQuarterTurnIsATurn() {
        Shape3 shape = new Shape3(5, 5, 5);
        float[] crop = numbers(shape);
        double[][] angles = {{0, 0, Math.PI / 2}, {0, -Math.PI / 2, 0}, {Math.PI / 2, 0, 0}};
        for (int plane = 0; plane < 3; plane++) {
            float[] expected = Turn.of(crop, shape, 3 * plane + 1);
            assertThat(new Tilt(SAME, angles[plane]).of(crop, shape)).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void anImageOfOneSliceTurnsInItsPlane() {
        Shape3 shape = new Shape3(5, 5, 1);
        float[] crop = numbers(shape);
        assertThat(new Tilt(new double[] {1, 1, 0.5}, new double[] {1, 2, Math.PI / 2}).of(crop, shape))
                .containsExactly(Turn.of(crop, shape, 1), within(1e-5f));
    }

    @Test
    void whatGrowsIsReadBetweenVoxelsAndWhatShrinksIsSurroundedByTheSmallestValue() {
        Shape3 shape = new Shape3(5, 1, 1);
        float[] crop = {1, 2, 3, 4, 5};
        assertThat(new Tilt(new double[] {2, 1, 1}, STRAIGHT).of(crop, shape)).containsExactly(2, 2.5f, 3, 3.5f, 4);
        assertThat(new Tilt(new double[] {0.5, 1, 1}, STRAIGHT).of(crop, shape)).containsExactly(1, 1, 3, 5, 1);
    }

    @Test
    void drawnTiltsAreSmall() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            Tilt tilt = Tilt.draw(random);
            for (int axis = 0; axis < 3; axis++) {
                assertThat(tilt.scale()[axis]).isBetween(0.9, 1.1);
                assertThat(Math.toDegrees(tilt.angle()[axis])).isBetween(-10.0, 10.0);
            }
        }
    }
}
