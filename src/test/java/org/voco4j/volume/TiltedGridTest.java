package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Resample.Grid;

/** Grids of scans whose axes are not those of the patient, above all those of a tilted gantry. */
class TiltedGridTest {
    private static final Shape3 SHAPE = new Shape3(40, 44, 30);
    private static final double MM = 2; // in a slice
    private static final double BETWEEN = 3; // slices
    private static final Spacing TARGET = Spacing.isotropic(1.5);

    @Test
    void everyVoxelCentreLiesInTheBox() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2000; i++) {
            Affine affine = rotation(random, 1)
                    .times(shear(random))
                    .times(rotation(random, i % 2))
                    .times(Affine.scaling(spacing(random)));
            Shape3 shape = new Shape3(random.nextInt(1, 60), random.nextInt(1, 60), random.nextInt(1, 60));
            Grid grid = Resample.grid(shape, affine, spacing(random), false);
            Affine toNew = grid.affine().inverse().times(affine);
            for (int corner = 0; corner < 8; corner++) { // what lies between them lies inside too
                double[] at = toNew.apply(
                        (corner & 1) * (shape.x() - 1),
                        (corner >> 1 & 1) * (shape.y() - 1),
                        (corner >> 2) * (shape.z() - 1));
                for (int d = 0; d < 3; d++) {
                    assertThat(at[d]).isBetween(-0.5 - 1e-6, grid.shape().along(d) - 0.5 + 1e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {5, 20, 27.5, 45})
    void tiltsOfBothSignsMirrorEachOther(double degrees) {
        Grid forward = Resample.grid(SHAPE, tilted(degrees), TARGET, false);
        Grid backward = Resample.grid(SHAPE, tilted(-degrees), TARGET, false);
        assertThat(backward.shape()).isEqualTo(forward.shape());
        // ±y of the mirrored scan runs from its last row to its first: the boxes are one but for a part of a voxel
        double extent = (SHAPE.y() - 1) * MM;
        double first = extent - forward.affine().at(1, 3);
        double last = first - (forward.shape().y() - 1) * TARGET.y();
        assertThat(backward.affine().at(1, 3)).isCloseTo(last, offset(TARGET.y() / 2 + 1e-9));
        assertThat(backward.affine().at(0, 3)).isEqualTo(forward.affine().at(0, 3));
        assertThat(backward.affine().at(2, 3)).isEqualTo(forward.affine().at(2, 3));
        Volume ahead = Resample.to(body(tilted(degrees)), TARGET);
        Volume back = Resample.to(body(tilted(-degrees)), TARGET);
        assertThat(millilitres(back)).isCloseTo(millilitres(ahead), offset(0.003 * millilitres(ahead)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-45, -20, -5, 0, 5, 20, 45})
    void theBodyKeepsItsVolume(double degrees) {
        Volume scan = body(tilted(degrees));
        double before = millilitres(scan);
        assertThat(before).isGreaterThan(20);
        assertThat(millilitres(Resample.to(scan, TARGET))).isCloseTo(before, offset(0.01 * before));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-20, 0, 20})
    void noiseInTheHeaderChangesNothing(double degrees) {
        Grid exact = Resample.grid(SHAPE, tilted(degrees), TARGET, false);
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200; i++) {
            double[] rows = new double[12];
            for (int k = 0; k < 12; k++) {
                rows[k] = tilted(degrees).at(k / 4, k % 4) + random.nextDouble(-1e-8, 1e-8);
            }
            Grid noisy = Resample.grid(SHAPE, Affine.ofRows(rows), TARGET, false);
            assertThat(noisy.shape()).isEqualTo(exact.shape());
            for (int r = 0; r < 3; r++) {
                assertThat(noisy.affine().at(r, 3)).isCloseTo(exact.affine().at(r, 3), offset(2e-6));
            }
        }
    }

    /** Voxel 0 to the last bit, in any orientation, and where the axes are turned but by rounding. */
    @Test
    void gridsAlongTheAxesBeginWhereTheyDid() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            double[] rows = new double[12];
            int turn = random.nextInt(3);
            for (int r = 0; r < 3; r++) {
                int column = (r + turn) % 3;
                rows[r * 4 + column] = random.nextDouble(0.3, 5) * (random.nextBoolean() ? 1 : -1);
                rows[r * 4 + (column + 1) % 3] = random.nextInt(3) == 0 ? (float) random.nextDouble(-1e-8, 1e-8) : 0;
                rows[r * 4 + 3] = random.nextInt(4) == 0 ? -0.0 : random.nextDouble(-300, 300);
            }
            Affine affine = Affine.ofRows(rows);
            Affine found = Resample.grid(SHAPE, affine, spacing(random), false).affine();
            double[] first = affine.apply(0, 0, 0);
            for (int r = 0; r < 3; r++) {
                assertThat(Double.doubleToRawLongBits(found.at(r, 3))).isEqualTo(Double.doubleToRawLongBits(first[r]));
            }
        }
    }

    /** Slices lean by so much out of the plane that is right-angled to the patient: each begins further along y. */
    private static Affine tilted(double degrees) {
        double angle = Math.toRadians(degrees);
        return Affine.ofRows(MM, 0, 0, 0, 0, MM, BETWEEN * Math.sin(angle), 0, 0, 0, BETWEEN * Math.cos(angle), 0);
    }

    /** An ellipsoid of 1 with a soft border amid air, in the middle of the scan's own box. */
    private static Volume body(Affine affine) {
        float[] values = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    double u = (x - 19.5) / 17;
                    double v = (y - 21.5) / 19;
                    double w = (z - 14.5) / 12;
                    double inside = (1 - Math.sqrt(u * u + v * v + w * w)) * 8;
                    values[SHAPE.index(x, y, z)] = (float) Math.min(Math.max(inside, 0), 1);
                }
            }
        }
        return new Volume(SHAPE, affine, values);
    }

    private static double millilitres(Volume volume) {
        double sum = 0;
        for (float value : volume.voxels()) {
            sum += value;
        }
        return sum * Math.abs(volume.affine().determinant()) / 1000;
    }

    private static Affine rotation(SplittableRandom random, int most) {
        double a = random.nextDouble(-0.7, 0.7) * most;
        double b = random.nextDouble(-0.7, 0.7) * most;
        Affine one = Affine.ofRows(Math.cos(a), -Math.sin(a), 0, 0, Math.sin(a), Math.cos(a), 0, 0, 0, 0, 1, 0);
        return one.times(Affine.ofRows(1, 0, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, 0, Math.sin(b), Math.cos(b), 0));
    }

    private static Affine shear(SplittableRandom random) {
        double[] rows = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
        for (int k : new int[] {1, 2, 4, 6, 8, 9}) {
            rows[k] = random.nextInt(2) * random.nextDouble(-0.4, 0.4);
        }
        return Affine.ofRows(rows);
    }

    private static Spacing spacing(SplittableRandom random) {
        return new Spacing(random.nextDouble(0.5, 4), random.nextDouble(0.5, 4), random.nextDouble(0.5, 4));
    }
}
