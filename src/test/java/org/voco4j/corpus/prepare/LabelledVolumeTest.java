package org.voco4j.corpus.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.Scans;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Foreground;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** A scan and its labels stay on top of each other through all steps. */
class LabelledVolumeTest {
    private static final int CLASSES = 20;
    private static final Shape3 SHAPE = new Shape3(21, 23, 17);

    @ParameterizedTest
    @ValueSource(strings = {"RAS", "LPS", "LAS", "SPL", "IRA"})
    void labelsInAnyOrientationFollowTheImage(String codes) {
        Volume image = tissue();
        LabelMap labels = LabelMap.of(Orient.to(image, codes));
        LabelledVolume found = prepare(null, null).apply(Orient.to(image, "PIR"), labels);
        assertThat(found.image().shape()).isEqualTo(new Shape3(20, 23, 17)); // the first plane is air
        assertThat(Orient.codes(found.image().affine())).isEqualTo("RAS");
        assertThat(found.labels().affine()).isEqualTo(found.image().affine());
        assertValuesAreLabels(found);
        assertThat(found.back().stored().shape())
                .isEqualTo(Orient.to(image, "PIR").shape());
        assertThat(found.back().stored().affine())
                .isEqualTo(Orient.to(image, "PIR").affine());
    }

    @Test
    void everySecondVoxelIsTheSameForBoth() {
        LabelledVolume found = prepare(Spacing.isotropic(4), null).apply(tissue(), LabelMap.of(tissue()));
        assertThat(found.image().shape()).isEqualTo(new Shape3(10, 12, 9));
        assertValuesAreLabels(found);
    }

    @Test
    void betweenVoxelsLabelsAreNotMixed() {
        Volume halves = tissue();
        float[] two = halves.voxels().clone();
        for (int i = 0; i < two.length; i++) {
            two[i] = two[i] == 0 ? 0 : two[i] < 10 ? 1 : CLASSES;
        }
        Shape3 size = new Shape3(32, 30, 19);
        Spacing spacing = new Spacing(1.7, 3.1, 2.2);
        Preprocessing preprocessing = prepare(spacing, size);
        LabelledVolume found = preprocessing.apply(halves.withVoxels(two), LabelMap.of(halves.withVoxels(two)));
        assertThat(found.image().shape()).isEqualTo(size);
        assertThat(found.image().single().voxels())
                .isEqualTo(preprocessing.apply(halves.withVoxels(two)).voxels());
        Volume nearest = Resample.to(halves.withVoxels(two), spacing, Resample.Interpolation.NEAREST, false);
        Volume linear = Resample.to(halves.withVoxels(two), spacing);
        Volume body = Crop.apply(nearest, Foreground.box(linear, 0).orElseThrow());
        assertThat(found.labels().toVolume().voxels())
                .isEqualTo(Resize.nearest(body, size).voxels());
        for (int number : found.labels().classes()) {
            assertThat(number).isIn(0, 1, CLASSES);
        }
    }

    @Test
    void theResizeOfLabelsIsTheNearestOne() {
        Shape3 size = new Shape3(31, 16, 24);
        LabelledVolume found = prepare(null, size).apply(tissue(), LabelMap.of(tissue()));
        Volume body = Crop.apply(tissue(), new Box(1, 0, 0, 21, 23, 17));
        assertThat(found.labels().toVolume().voxels())
                .isEqualTo(Resize.nearest(body, size).voxels());
        assertThat(found.image().single().voxels())
                .isEqualTo(Resize.trilinear(new HuWindow(0, CLASSES).apply(body), size, true)
                        .voxels());
    }

    @Test
    void anotherGridIsNoticed() {
        Volume image = tissue();
        Preprocessing preprocessing = prepare(null, null);
        Affine affine = image.affine();
        assertThatThrownBy(() -> preprocessing.apply(image, labelsAt(affine.times(Affine.translation(0, 0.01, 0)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the labels lie on another grid than the image: 21x23x17 voxels of")
                .hasMessageContaining("first voxel lies (0.000, 0.020, 0.000) mm");
        // a spacing that is off shows itself in the last voxel
        Affine wider = affine.times(Affine.scaling(new Spacing(1, 1, 1.001)));
        assertThatThrownBy(() -> preprocessing.apply(image, labelsAt(wider)))
                .hasMessageContaining("first voxel lies (0.000, 0.000, 0.000) mm and their last (0.000, 0.000, 0.032)");
        // what float32 headers do is let pass, and the result has the image's affine
        Affine rounded = affine.times(Affine.translation(0, 0, 0.0009));
        assertThat(preprocessing.apply(image, labelsAt(rounded)).labels().affine())
                .isEqualTo(preprocessing.apply(image).affine());
    }

    @Test
    void aRealMaskOfTheUncroppedScanIsRefusedWithItsOffset() {
        LabelledCase heart = new LabelledCase(
                "heart",
                TestData.path("ct/totalsegmentator/pulmonary_crop/ct_cropped.nii.gz"),
                TestData.path("ct/totalsegmentator/pulmonary_crop/heart.nii.gz"),
                "cta");
        LabelSchema schema = LabelSchema.of(Map.of("heart", List.of(1)), new TreeMap<>());
        Preprocessing preprocessing = new Preprocessing(null, new HuWindow(-175, 250), 0, null);
        assertThatThrownBy(() -> heart.read(new Nifti(), preprocessing, schema))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(heart.image().toString())
                .hasMessageContaining(heart.label().toString())
                .hasMessageContaining("233x167x191 voxels of 1.5 x 1.5 x 1.5 mm against 122x102x112")
                .hasMessageContaining("first voxel lies (-58.500, -78.000, -36.000) mm");
    }

    @Test
    void aRealLabelMapInAnotherOrientationFitsItsTwin() throws IOException {
        Volume las = new Nifti().read(TestData.path("ct/totalsegmentator/example_seg_dicom.nii.gz"));
        Volume lps = new Nifti().read(TestData.path("ct/totalsegmentator/example_seg_dicom_reoriented.nii.gz"));
        assertThat(Orient.codes(las.affine()) + Orient.codes(lps.affine())).isEqualTo("LASLPS");
        Preprocessing preprocessing = new Preprocessing(null, new HuWindow(0, 255), 0, null);
        LabelledVolume found = preprocessing.apply(lps, LabelMap.of(las));
        for (int i = 0; i < found.image().single().voxels().length; i++) {
            if (Math.round(found.image().single().voxels()[i] * 255)
                    != found.labels().at(i)) {
                assertThat(found.labels().at(i))
                        .as("voxel %d", i)
                        .isEqualTo(found.image().single().voxels()[i] * 255);
            }
        }
    }

    @Test
    void theFaultyFileIsNamed(@TempDir Path folder) throws IOException {
        Volume same = tissue().withVoxels(new float[(int) SHAPE.voxels()]);
        Path flat = Scans.write(same, folder.resolve("flat.nii"), Stored.UINT8);
        Path scan = Scans.write(tissue(), folder.resolve("scan.nii"), Stored.UINT8);
        Volume soft = Resize.trilinear(Resize.trilinear(tissue(), Shape3.cube(40), true), SHAPE, true);
        Path mixed = Scans.write(soft, folder.resolve("mixed.nii"), Stored.FLOAT32);
        LabelSchema schema = LabelSchema.of(Map.of("one", List.of(1)), new TreeMap<>());
        assertThatThrownBy(() -> new LabelledCase("a", scan, mixed, "a").read(new Nifti(), prepare(null, null), schema))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(mixed + ": the label at voxel (")
                .hasMessageEndingWith("expected a whole number");
        assertThatThrownBy(() -> new LabelledCase("a", flat, scan, "a").read(new Nifti(), prepare(null, null), schema))
                .isInstanceOf(IOException.class)
                .hasMessage(flat + " with the labels " + scan + ": every voxel is 0.0, expected a scan");
    }

    @Test
    void aPairOnTwoGridsCannotBeMade() {
        Volume image = tissue();
        LabelMap other = labelsAt(Affine.identity());
        Resample.Grid grid = new Resample.Grid(SHAPE, image.affine());
        InversePreprocessing back = new InversePreprocessing(grid, grid, Box.of(SHAPE), grid);
        assertThatThrownBy(() -> new LabelledVolume(Channels.of(image), other, back))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different grids");
    }

    /** The image's values are the classes, divided by their number. */
    private static void assertValuesAreLabels(LabelledVolume found) {
        float[] values = found.image().single().voxels();
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i] * CLASSES - found.labels().at(i)) > 1e-5 * CLASSES) {
                assertThat(values[i] * CLASSES)
                        .as("voxel %d", i)
                        .isEqualTo(found.labels().at(i));
            }
        }
    }

    private static Preprocessing prepare(@Nullable Spacing spacing, @Nullable Shape3 size) {
        return new Preprocessing(spacing, new HuWindow(0, CLASSES), 0, size);
    }

    private static LabelMap labelsAt(Affine affine) {
        return new LabelMap(SHAPE, affine, LabelMap.of(tissue()).classes());
    }

    /** Noise of 1…20 with a plane of zeros at the left, whose values are classes as well. */
    private static Volume tissue() {
        SplittableRandom random = new SplittableRandom(11);
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = random.nextInt(1, CLASSES + 1);
        }
        Arrays.fill(voxels, 0, SHAPE.y() * SHAPE.z(), 0);
        Affine affine = Affine.translation(-30, 12, 700).times(Affine.scaling(Spacing.isotropic(2)));
        return new Volume(SHAPE, affine, voxels);
    }
}
