package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A body with lungs, an arm beside it, and a table below that it touches. */
class BodyBoxTest {
    private static final Shape3 SHAPE = new Shape3(120, 100, 40);

    /** At 2 mm: the body's ellipse spans x 20…79 and y 30…69, the table y 24…29, the arm x 90…105. */
    private static Volume scan(double mm, int lastSlice) {
        float[] values = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    boolean body = ellipse(x, y, 50, 50, 30, 20) && z >= 4 && z <= lastSlice;
                    boolean lung = ellipse(x, y, 38, 50, 8, 12) || ellipse(x, y, 62, 50, 8, 12);
                    boolean table = y >= 28 && y < 31 && x >= 5 && x < 110;
                    boolean arm = ellipse(x, y, 98, 60, 8, 8);
                    values[SHAPE.index(x, y, z)] = (body && !lung) || table || arm ? 1 : 0;
                }
            }
        }
        return new Volume(SHAPE, Affine.scaling(Spacing.isotropic(mm)), values);
    }

    private static boolean ellipse(int x, int y, double cx, double cy, double rx, double ry) {
        double dx = (x + 0.5 - cx) / rx;
        double dy = (y + 0.5 - cy) / ry;
        return dx * dx + dy * dy <= 1;
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void tableAndArmsAreLeftOut(int threads) {
        Planes planes = Planes.of(scan(2, 35));
        Box all = planes.foreground(0, threads).orElseThrow();
        assertThat(all).isEqualTo(new Box(5, 28, 0, 110, 70, 40));
        Box body = planes.body(0, threads).orElseThrow();
        assertThat(body.isInside(all)).isTrue();
        Box truth = new Box(20, 30, 4, 80, 70, 36);
        for (int axis = 0; axis < 3; axis++) { // the lattice is as wide as two voxels, its points off by one
            assertThat(body.low(axis)).as("low end of axis " + axis).isBetween(truth.low(axis) - 4, truth.low(axis));
            assertThat(body.high(axis))
                    .as("high end of axis " + axis)
                    .isBetween(truth.high(axis), truth.high(axis) + 4);
        }
    }

    @Test
    void nothingButThinThingsIsTheBoxOfAll() {
        Volume scan = scan(2, 3); // no slice has a body
        for (int i = 0; i < scan.voxels().length; i++) {
            int x = i / (SHAPE.y() * SHAPE.z());
            scan.voxels()[i] = x > 85 ? 0 : scan.voxels()[i]; // nor the arm
        }
        Planes planes = Planes.of(scan);
        assertThat(planes.body(0, 1)).isEqualTo(planes.foreground(0, 1));
        assertThat(Planes.of(new Volume(SHAPE, scan.affine(), new float[scan.voxels().length]))
                        .body(0, 1))
                .isEmpty();
    }

    @Test
    void aScanThatShowsLessThanTheBodyKeepsItsBorders() {
        float[] ones = new float[(int) SHAPE.voxels()];
        Arrays.fill(ones, 1);
        Volume inside = new Volume(SHAPE, Affine.scaling(Spacing.isotropic(2)), ones);
        assertThat(Planes.of(inside).body(0, 1)).contains(Box.of(SHAPE));
    }
}
