package org.voco4j.corpus.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.TestData;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Expected;
import org.voco4j.volume.Foreground;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class PreprocessingTest {
    private static final HuWindow WINDOW = new HuWindow(-175, 250);
    private static final Spacing MM = Spacing.isotropic(1.5);

    @Test
    void everyStepEqualsMonai() {
        Reference reference = Reference.of("pipeline");
        Volume input = Expected.volume(reference, "input", "affine_in");
        Volume ras = Orient.toRas(input);
        Expected.assertSame(ras, step(reference, "1_ras"), 0);
        Volume spaced = Resample.to(ras, MM);
        Expected.assertSame(spaced, step(reference, "2_spacing"), 1e-6);
        Volume windowed = WINDOW.apply(spaced);
        Expected.assertSame(windowed, step(reference, "3_scale"), 2e-6);
        Volume body = Crop.apply(windowed, Foreground.box(windowed, 0).orElseThrow());
        Expected.assertSame(body, step(reference, "4_foreground"), 2e-6);
        Volume resized = Resize.trilinear(body, new Shape3(48, 48, 16), true);
        Volume expected = step(reference, "5_resize");
        Expected.assertSame(resized, expected, 1e-5);
        Volume crop = step(reference, "6_crop");
        Affine shift = expected.affine().inverse().times(crop.affine());
        Box box = Box.at(whole(shift, 0), whole(shift, 1), whole(shift, 2), crop.shape());
        Expected.assertSame(Crop.apply(resized, box), crop, 1e-5);
        Volume view = Resize.trilinear(Crop.apply(resized, box), Shape3.cube(16), true);
        Expected.assertSame(view, step(reference, "7_resize"), 1e-5);
    }

    @Test
    void slicesStayWhereThePlaneAloneIsResized() {
        Reference reference = Reference.of("pipeline");
        Volume input = Expected.volume(reference, "input", "affine_in");
        Preprocessing plane =
                new Preprocessing(MM, WINDOW, 0, Preprocessing.Cut.FOREGROUND, new GridSize(48, 48, null));
        Volume found = plane.apply(input);
        Volume body = step(reference, "4_foreground");
        assertThat(found.shape()).isEqualTo(new Shape3(48, 48, body.shape().z()));
        assertThat(found.affine().spacing().z()).isCloseTo(1.5, offset(1e-9));
        Expected.assertSame(found, Resize.trilinear(body, found.shape(), true), 1e-5);
        assertThat(plane.dims()).isEqualTo(3);
        assertThat(plane.unsized().apply(input).shape()).isEqualTo(body.shape());
    }

    @Test
    void allStepsTogetherEqualMonai() {
        Reference reference = Reference.of("pipeline");
        Volume input = Expected.volume(reference, "input", "affine_in");
        Volume found = new Preprocessing(MM, WINDOW, 0, new Shape3(48, 48, 16)).apply(input);
        Expected.assertSame(found, step(reference, "5_resize"), 1e-5);
    }

    @Test
    void aRealScanEqualsMonai() throws IOException {
        Volume scan = new Nifti().read(TestData.path("ct/totalsegmentator/example_ct.nii.gz"));
        Reference reference = Reference.of("nifti_example");
        assertSummary(reference, "0_load", scan, 0);
        Volume ras = Orient.toRas(scan);
        assertSummary(reference, "1_ras", ras, 0);
        Volume spaced = Resample.to(ras, MM);
        assertSummary(reference, "2_spacing", spaced, 1e-6);
        Volume windowed = WINDOW.apply(spaced);
        assertSummary(reference, "3_scale", windowed, 2e-6);
        Volume body = Crop.apply(windowed, Foreground.box(windowed, 0).orElseThrow());
        assertSummary(reference, "4_foreground", body, 2e-6);
        int[] shape = Arrays.stream(reference.longs("5_resize.shape"))
                .mapToInt(Math::toIntExact)
                .toArray();
        Preprocessing all = new Preprocessing(MM, WINDOW, 0, new Shape3(shape[1], shape[2], shape[3]));
        assertSummary(reference, "5_resize", all.apply(scan), 1e-5);
    }

    /** Real scans: near, far and no spacing, both thresholds of the field, any number of threads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ct/totalsegmentator/example_ct.nii.gz",
                "ct/cc-by/c3l_00189_ct.nii.gz",
                "ct/cc-by/kits_00072_18sl_ct.nii.gz",
                "formats/nifti/anatomical.nii",
                "formats/nifti/CT_pitch.nii.gz"
            })
    void planeByPlaneIsStepByStep(String file) throws IOException {
        Volume scan = new Nifti().read(TestData.path(file));
        HuWindow window = file.startsWith("ct") ? WINDOW : new HuWindow(0, 200);
        LabelMap labels = LabelMap.of(parity(scan));
        int i = 0;
        for (Spacing spacing : Arrays.asList(MM, new Spacing(3, 2, 4), null)) {
            Shape3 size = i == 1 ? null : new Shape3(96, 80, 64);
            double threshold = i == 2 ? 0.3 : 0;
            Preprocessing preprocessing = new Preprocessing(spacing, window, threshold, size);
            Preprocessing.Prepared found = preprocessing.prepare(Channels.of(scan), labels, ++i);
            Volume image = steps(scan, spacing, Interpolation.LINEAR);
            Volume windowed = window.apply(image);
            Box box = Foreground.box(windowed, threshold).orElseThrow();
            Volume body = Crop.apply(windowed, box);
            Expected.assertSame(found.image().single(), size == null ? body : Resize.trilinear(body, size, true), 0);
            Volume classes = Crop.apply(steps(labels.toVolume(), spacing, Interpolation.NEAREST), box);
            Expected.assertSame(
                    Objects.requireNonNull(found.labels()).toVolume(),
                    size == null ? classes : Resize.nearest(classes, size),
                    0);
            assertThat(found.back().box()).isEqualTo(box);
        }
    }

    private static Volume steps(Volume scan, @Nullable Spacing spacing, Interpolation interpolation) {
        Volume ras = Orient.toRas(scan);
        return spacing == null ? ras : Resample.to(ras, spacing, interpolation, false);
    }

    private static Volume parity(Volume scan) {
        float[] classes = new float[scan.voxels().length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) Math.abs(scan.voxels()[i]) % 7;
        }
        return scan.withVoxels(classes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"8x8x8|too small", "64x12x15|too small", "64x64x1|2-D", "1x64x64|2-D"})
    void smallScansAreRefused(String shape, String reason) {
        int[] size = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        Volume scan = scan(new Shape3(size[0], size[1], size[2]));
        assertThatThrownBy(() -> preprocessing().apply(scan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(shape)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"64, 12, 30", "24, 22, 7", "24, 22, 2"})
    void fewSlicesAreEnough(int x, int y, int z) {
        assertThat(preprocessing().apply(scan(new Shape3(x, y, z))).shape()).isEqualTo(Shape3.cube(32));
    }

    @Test
    void scansThatTeachNothingAreRefused() {
        Shape3 shape = Shape3.cube(20);
        float[] same = new float[8000];
        Arrays.fill(same, 40);
        assertThatThrownBy(() -> preprocessing().apply(new Volume(shape, Affine.identity(), same)))
                .hasMessageContaining("every voxel is 40.0");
        float[] air = same.clone();
        Arrays.fill(air, -1000);
        air[17] = -990;
        assertThatThrownBy(() -> preprocessing().apply(new Volume(shape, Affine.identity(), air)))
                .hasMessageContaining("above -175.0 HU, found -1000.0 … -990.0");
        float[] holes = scan(shape).voxels().clone();
        holes[3] = Float.NaN;
        holes[4] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> preprocessing().apply(new Volume(shape, Affine.identity(), holes)))
                .hasMessageContaining("2 of 8000 voxels are NaN or infinite");
    }

    @Test
    void quantisingMovesAValueByHalfALevelAtMost() {
        Volume volume = preprocessing().apply(scan(new Shape3(24, 20, 16)));
        Quantised quantised = Quantised.of(volume);
        float[] back = quantised.toVolume().voxels();
        for (int i = 0; i < back.length; i++) {
            assertThat(back[i]).isBetween(0f, 1f).isCloseTo(volume.voxels()[i], offset(0.5f / 65535 + 1e-7f));
        }
        assertThat(Quantised.of(quantised.toVolume()).toVolume().voxels()).isEqualTo(back);
        assertThat(quantised.bytes()).isEqualTo(2L * back.length);
        float[] scores = volume.voxels().clone();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 7 * scores[i] - 2;
        }
        float[] kept = Quantised.of(volume.withVoxels(scores)).toVolume().voxels();
        for (int i = 0; i < back.length; i++) {
            assertThat(kept[i]).isCloseTo(scores[i], offset(7 * 0.5f / 65535 + 1e-6f));
        }
        float[] one = {1.5f};
        Shape3 single = new Shape3(1, 1, 1);
        assertThat(Quantised.of(new Volume(single, Affine.identity(), one))
                        .toVolume()
                        .voxels())
                .isEqualTo(one);
        assertThatThrownBy(() -> Quantised.of(new Volume(single, Affine.identity(), new float[] {Float.NaN})))
                .hasMessageContaining("NaN");
    }

    private static Preprocessing preprocessing() {
        return new Preprocessing(null, WINDOW, 0, Shape3.cube(32));
    }

    private static Volume scan(Shape3 shape) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1000, 1000);
        }
        return new Volume(shape, Affine.scaling(Spacing.isotropic(2)), values);
    }

    private static Volume step(Reference reference, String name) {
        return Expected.volume(reference, name, name + ".affine");
    }

    private static int whole(Affine shift, int axis) {
        return (int) Math.rint(shift.at(axis, 3));
    }

    /** Shape, affine, mean, deviation, least and largest value, and every step-th voxel of each axis. */
    private static void assertSummary(Reference reference, String name, Volume found, double relative) {
        long[] shape = reference.longs(name + ".shape");
        assertThat(found.shape()).isEqualTo(new Shape3((int) shape[1], (int) shape[2], (int) shape[3]));
        Expected.assertSame(found.affine(), Expected.affine(reference, name + ".affine"), 1e-9);
        double sum = 0;
        double squares = 0;
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (float value : found.voxels()) {
            sum += value;
            squares += (double) value * value;
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double mean = sum / found.voxels().length;
        double[] stats = reference.doubles(name + ".stats");
        double largest = Math.max(Math.abs(stats[2]), Math.abs(stats[3]));
        assertThat(mean).isCloseTo(stats[0], offset(1e-6 * largest));
        assertThat(Math.sqrt(squares / found.voxels().length - mean * mean))
                .isCloseTo(stats[1], offset(1e-6 * largest));
        assertThat(low).isCloseTo(stats[2], offset(relative * largest));
        assertThat(high).isCloseTo(stats[3], offset(relative * largest));
        int[] sizes = reference.shape(name + ".sample");
        long[] step = reference.longs(name + ".step");
        float[] sample = new float[sizes[1] * sizes[2] * sizes[3]];
        for (int i = 0; i < sample.length; i++) {
            int x = i / (sizes[2] * sizes[3]);
            int y = i / sizes[3] % sizes[2];
            int z = i % sizes[3];
            sample[i] = found.at(x * (int) step[0], y * (int) step[1], z * (int) step[2]);
        }
        Volume samples = new Volume(new Shape3(sizes[1], sizes[2], sizes[3]), Affine.identity(), sample);
        Expected.assertSame(samples, samples.withVoxels(reference.floats(name + ".sample")), relative);
    }
}
