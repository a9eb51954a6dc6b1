package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.volume.Resample.Interpolation;

class ResampleTest {
    private static final Reference REFERENCE = Reference.of("spacing");

    @ParameterizedTest
    @ValueSource(
            strings = {"ras", "lps", "lai", "perm_sra", "oblique", "oblique_flip", "fine", "aniso5", "already", "near"})
    void imageAndLabelEqualMonai(String name) {
        Volume image = Expected.volume(REFERENCE, "image", name + ".affine_in");
        Spacing mm = Spacing.isotropic(1.5);
        Expected.assertSame(
                Resample.to(image, mm), Expected.volume(REFERENCE, name + ".image", name + ".affine_out"), 1e-6);
        Volume label = Expected.volume(REFERENCE, "label", name + ".affine_in");
        assertSameLabels(
                label,
                Resample.to(label, mm, Interpolation.NEAREST, false),
                Expected.volume(REFERENCE, name + ".label", name + ".affine_out"));
    }

    /** Equal but where a sample falls exactly between two voxels: rounding may take either (see the vectors' notes). */
    private static void assertSameLabels(Volume label, Volume found, Volume expected) {
        Affine map = label.affine().inverse().times(expected.affine());
        Shape3 shape = expected.shape();
        float[] compared = found.voxels().clone();
        for (int i = 0; i < compared.length; i++) {
            int x = i / (shape.y() * shape.z());
            int y = i / shape.z() % shape.y();
            double[] at = map.apply(x, y, i % shape.z());
            for (int d = 0; d < 3; d++) {
                if (Math.abs(at[d] - Math.floor(at[d]) - 0.5) < 1e-9) {
                    compared[i] = expected.voxels()[i];
                }
            }
        }
        Expected.assertSame(found.withVoxels(compared), expected, 0);
    }

    @ParameterizedTest
    @CsvSource({"pix1x1x3,1,1,3,false", "keep_z,1.5,1.5,-1,false", "scale_extent,1.5,1.5,1.5,true"})
    void otherSettingsEqualMonai(String name, double x, double y, double z, boolean scaleExtent) {
        Volume image = Expected.volume(REFERENCE, "image", name + ".affine_in");
        Spacing mm = new Spacing(x, y, z < 0 ? image.affine().spacing().z() : z); // MONAI says -1 for "keep"
        Expected.assertSame(
                Resample.to(image, mm, Interpolation.LINEAR, scaleExtent),
                Expected.volume(REFERENCE, name + ".image", name + ".affine_out"),
                1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"already", "near"})
    void aSpacingThatIsRightIsNotTouched(String name) {
        Volume image = Expected.volume(REFERENCE, "image", name + ".affine_in");
        assertThat(Resample.to(image, Spacing.isotropic(1.5))).isSameAs(image);
    }

    @Test
    void theFastPathEqualsTheGeneralOne() {
        Volume image = Expected.volume(REFERENCE, "image", "lps.affine_in");
        Resample.Grid grid = Resample.grid(image.shape(), image.affine(), new Spacing(0.7, 1.3, 2.1), false);
        Affine map = image.affine().inverse().times(grid.affine());
        for (Interpolation interpolation : Interpolation.values()) {
            Volume fast = Resample.onto(image, grid, interpolation);
            float[] general = new float[fast.voxels().length];
            Resample.oblique(image, map, grid.shape(), interpolation, general);
            Expected.assertSame(fast, fast.withVoxels(general), 1e-7);
        }
    }

    /**
     * MONAI's {@code align_corners=True} is not offered: it reads index (N − 1)/N·(x + ½) where it should read x. That
     * this is the whole difference is shown by reading there.
     */
    @Test
    void alignedCornersOfMonaiAreTheSameMapReadElsewhere() {
        Volume image = Expected.volume(REFERENCE, "image", "pix2x2x2_ac.affine_in");
        Volume expected = Expected.volume(REFERENCE, "pix2x2x2_ac.image", "pix2x2x2_ac.affine_out");
        Resample.Grid grid = Resample.grid(image.shape(), image.affine(), Spacing.isotropic(2), false);
        assertThat(grid.shape()).isEqualTo(expected.shape());
        Expected.assertSame(grid.affine(), expected.affine(), 1e-9);
        double[] before = new double[12];
        double[] after = new double[12];
        for (int d = 0; d < 3; d++) {
            double in = image.shape().along(d);
            double out = expected.shape().along(d);
            before[d * 4 + d] = out / (out - 1);
            before[d * 4 + 3] = -0.5;
            after[d * 4 + d] = (in - 1) / in;
            after[d * 4 + 3] = 0.5 * (in - 1) / in;
        }
        Affine map = image.affine().inverse().times(grid.affine());
        Affine read = Affine.ofRows(after).times(map).times(Affine.ofRows(before));
        Resample.Grid elsewhere = new Resample.Grid(grid.shape(), image.affine().times(read));
        float[] found = Resample.onto(image, elsewhere, Interpolation.LINEAR).voxels();
        Expected.assertSame(expected.withVoxels(found), expected, 1e-6);
    }

    @Test
    void aLinearRampStaysOneInsideTheVolume() {
        Shape3 shape = new Shape3(9, 8, 7);
        Affine affine = Affine.scaling(new Spacing(2, 3, 4));
        float[] ramp = new float[(int) shape.voxels()];
        for (int i = 0; i < ramp.length; i++) { // x + y − z in millimetres
            int x = i / (8 * 7);
            int y = i / 7 % 8;
            ramp[i] = 2 * x + 3 * y - 4 * (i % 7);
        }
        Volume out = Resample.to(new Volume(shape, affine, ramp), Spacing.isotropic(1.25));
        Shape3 size = out.shape();
        for (int x = 0; x < size.x() - 1; x++) {
            for (int y = 0; y < size.y() - 1; y++) {
                for (int z = 0; z < size.z() - 1; z++) {
                    double[] p = out.affine().apply(x, y, z);
                    assertThat((double) out.at(x, y, z)).isCloseTo(p[0] + p[1] - p[2], offset(1e-5));
                }
            }
        }
    }
}
