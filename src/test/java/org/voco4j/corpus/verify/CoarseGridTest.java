package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

class CoarseGridTest {
    /** A body of smooth lumps in air; 120 mm in each direction. */
    private static Volume body(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] phase = random.doubles(9, 0, 6).toArray();
        Shape3 shape = new Shape3(60, 48, 40);
        float[] voxels = new float[(int) shape.voxels()];
        for (int x = 0, i = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++, i++) {
                    double value = 300
                            * Math.sin(x / 7.0 + phase[0])
                            * Math.sin(y / 5.0 + phase[1])
                            * Math.cos(z / 4.0 + phase[2]);
                    voxels[i] = (float) (x < 8 || y < 6 ? -1000 : value);
                }
            }
        }
        Affine affine = Affine.translation(-31, 17.3, 400).times(Affine.scaling(new Spacing(2, 2.5, 3)));
        return new Volume(shape, affine, voxels);
    }

    private static CoarseGrid blocks(Volume volume) {
        CoarseGridBuilder builder = Objects.requireNonNull(CoarseGridBuilder.of(volume.shape(), volume.affine()));
        Shape3 shape = volume.shape();
        for (int z = 0; z < shape.z(); z++) {
            float[] slice = new float[shape.x() * shape.y()];
            for (int y = 0, i = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++, i++) {
                    slice[i] = volume.at(x, y, z);
                }
            }
            builder.slice(slice, z);
        }
        return builder.build();
    }

    private static CoarseGrid.@Nullable Difference difference(Volume a, Volume b) {
        return CoarseGrid.compare(blocks(a), blocks(b));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RAS", "LPS", "SAL"})
    void cropsOfAScanAreTheSameInAnyOrientation(String codes) {
        Volume scan = body(1);
        Volume crop = Orient.to(Crop.apply(scan, new Box(5, 3, 4, 57, 45, 39)), codes);
        CoarseGrid.Difference found = Objects.requireNonNull(difference(scan, crop));
        assertThat(found.blocks()).isGreaterThan(400);
        assertThat(found.largest()).isCloseTo(0, offset(1e-3));
    }

    @Test
    void otherResolutionsOfAScanAreTheSame() {
        Volume scan = body(1);
        for (double mm : new double[] {1.3, 4}) {
            Volume other = Resample.to(scan, Spacing.isotropic(mm));
            assertThat(Objects.requireNonNull(difference(scan, other)).relative())
                    .isLessThan(0.1);
        }
    }

    @Test
    void anotherScanIsAnother() {
        CoarseGrid.Difference found = difference(body(1), body(2));
        assertThat(found == null || found.relative() > 0.3).isTrue();
    }

    @Test
    void airIsNoEvidence() {
        Volume one = body(1);
        Volume other = body(2);
        Box air = new Box(0, 0, 0, 60, 6, 40);
        assertThat(difference(one, Crop.apply(other, air))).isNull();
        assertThat(difference(
                        Crop.apply(one, new Box(0, 0, 0, 30, 30, 30)), Crop.apply(one, new Box(31, 31, 0, 60, 48, 30))))
                .isNull(); // nothing is shared
    }

    @Test
    void aGridTiltedByTheHeaderIsComparedByItsCentres() {
        Volume scan = body(1);
        double c = Math.cos(0.2);
        double s = Math.sin(0.2);
        Affine tilt = Affine.ofRows(c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0);
        Volume tilted = new Volume(scan.shape(), tilt.times(scan.affine()), scan.voxels());
        Volume crop = Crop.apply(tilted, new Box(4, 4, 4, 58, 46, 38));
        assertThat(Objects.requireNonNull(difference(tilted, crop)).relative()).isLessThan(0.1);
    }

    @Test
    void aWrongSpacingTakesNoMemory() {
        assertThat(CoarseGridBuilder.of(new Shape3(512, 512, 512), Affine.scaling(Spacing.isotropic(300))))
                .isNull();
    }
}
