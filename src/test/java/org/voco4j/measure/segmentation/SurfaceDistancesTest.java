package org.voco4j.measure.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.measure.statistics.Percentile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

class SurfaceDistancesTest {
    private static final Shape3 SHAPE = new Shape3(20, 22, 24);
    private static final Spacing MM = new Spacing(0.7, 1.5, 4);

    private static LabelMap box(Box box) {
        byte[] classes = new byte[(int) SHAPE.voxels()];
        for (int x = box.x0(); x < box.x1(); x++) {
            for (int y = box.y0(); y < box.y1(); y++) {
                for (int z = box.z0(); z < box.z1(); z++) {
                    classes[SHAPE.index(x, y, z)] = 1;
                }
            }
        }
        return new LabelMap(SHAPE, Affine.identity(), classes);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 11, 13, 0.02",
        "1, 11, 13, 0.05",
        "9, 1, 13, 0.05",
        "9, 11, 1, 0.05",
        "17, 5, 7, 0.5",
        "6, 7, 8, 0.003"
    })
    void distancesEqualThoseOfEverySingleVoxel(int x, int y, int z, double density) {
        Shape3 shape = new Shape3(x, y, z);
        byte[] flags = new byte[(int) shape.voxels()];
        SplittableRandom random = new SplittableRandom(x * 31L + z);
        for (int i = 0; i < flags.length; i++) {
            flags[i] = (byte) ((random.nextDouble() < density ? 1 : 0) + (random.nextDouble() < 0.3 ? 2 : 0));
        }
        flags[flags.length / 2] |= 1;
        double[] found = new DistanceTransform(flags, shape, MM).between(2, 1);
        int at = 0;
        for (int i = 0; i < flags.length; i++) {
            if ((flags[i] & 2) == 0) {
                continue;
            }
            double nearest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < flags.length; j++) {
                if ((flags[j] & 1) != 0) {
                    double dx = MM.x() * (i / (y * z) - j / (y * z));
                    double dy = MM.y() * (i / z % y - j / z % y);
                    double dz = MM.z() * (i % z - j % z);
                    nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy + dz * dz));
                }
            }
            assertThat(found[at++]).isCloseTo(nearest, within(1e-12 * nearest));
        }
        assertThat(at).isEqualTo(found.length);
        assertThat(new DistanceTransform(flags, shape, MM).between(2, 4)).containsOnly(Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0, 2.1", "0, 2, 0, 3", "0, 0, 1, 4"})
    void aShiftedBoxIsAsFarAwayAsItWasShifted(int dx, int dy, int dz, double mm) {
        LabelMap truth = box(new Box(4, 4, 4, 10, 12, 16));
        LabelMap moved = box(new Box(4 + dx, 4 + dy, 4 + dz, 10 + dx, 12 + dy, 16 + dz));
        SurfaceDistances surfaces = SurfaceDistances.of(moved, truth, 1, MM);
        assertThat(surfaces.hausdorff()).isCloseTo(mm, within(1e-12));
        assertThat(surfaces.surfaceDice(mm)).isEqualTo(1); // rounding does not count
        assertThat(surfaces.surfaceDice(0.999 * mm)).isBetween(0.3, 0.95);
        assertThat(surfaces.mean()).isBetween(0.1, mm);
        assertThat(surfaces.symmetricMean()).isCloseTo(surfaces.mean(), within(1e-12)); // the shapes are the same
        SurfaceDistances swapped = SurfaceDistances.of(truth, moved, 1, MM);
        assertThat(swapped.hausdorff95()).isEqualTo(surfaces.hausdorff95());
    }

    @Test
    void theWholeGridHasItsBorderAsSurface() {
        LabelMap whole = box(Box.of(SHAPE));
        LabelMap inner = box(new Box(1, 1, 1, 19, 21, 23));
        assertThat(SurfaceDistances.of(whole, whole, 1, MM).hausdorff()).isZero();
        // A corner voxel is one step along every axis away from the nearest corner of the inner box.
        assertThat(SurfaceDistances.of(whole, inner, 1, MM).hausdorff())
                .isCloseTo(Math.sqrt(0.49 + 2.25 + 16), within(1e-12));
    }

    @Test
    void onlyOneVoxelTwoDiagonalStepsAway() {
        LabelMap a = box(new Box(2, 2, 2, 3, 3, 3));
        LabelMap b = box(new Box(4, 4, 2, 5, 5, 3));
        SurfaceDistances surfaces = SurfaceDistances.of(a, b, 1, MM);
        double distance = 2 * Math.sqrt(0.49 + 2.25);
        assertThat(surfaces.hausdorff()).isCloseTo(distance, within(1e-12));
        assertThat(surfaces.hausdorff95()).isCloseTo(distance, within(1e-12));
        assertThat(surfaces.surfaceDice(3)).isZero();
        assertThat(surfaces.surfaceDice(4)).isEqualTo(1);
        assertThatThrownBy(() -> surfaces.surfaceDice(-1)).hasMessageContaining("-1");
    }

    @Test
    void percentilesInterpolate() {
        assertThat(Percentile.of(new double[] {1, 2, 4}, 0.75)).isEqualTo(3);
        assertThat(Percentile.of(new double[] {1, 2, 4}, 1)).isEqualTo(4);
        assertThat(Percentile.of(new double[] {7}, 0.95)).isEqualTo(7);
        assertThat(Percentile.of(new double[0], 0.95)).isNaN();
    }

    @Test
    void theSurfaceOfAMaskInAnImageIsItsOutline() {
        Shape3 image = new Shape3(12, 10, 1);
        byte[] large = new byte[120];
        byte[] small = new byte[120];
        for (int x = 2; x < 9; x++) {
            for (int y = 2; y < 8; y++) {
                large[image.index(x, y, 0)] = 1; // 7 x 6 voxels, 22 of them at its edge
                small[image.index(x, y, 0)] = (byte) (x > 2 && x < 8 && y > 2 && y < 7 ? 1 : 0);
            }
        }
        SurfaceDistances surfaces = SurfaceDistances.of(
                new LabelMap(image, Affine.identity(), small),
                new LabelMap(image, Affine.identity(), large),
                1,
                new Spacing(1, 1, 1));
        assertThat(surfaces.fromTruth).hasSize(22);
        assertThat(surfaces.fromPrediction).hasSize(14).containsOnly(1.0); // every point is one voxel from the outline
    }
}
