package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Resample.Interpolation;

/** Plane by plane = step by step, to the last bit. */
class PlanesTest {
    private static final HuWindow WINDOW = new HuWindow(-175, 250);
    private static final Intensity.Curve CURVE = (values, begin, end) -> WINDOW.scale(values, begin, end, 0, 1, true);

    @Test
    void anyScanInAnyOrientationIsWhatTheStepsMakeOfIt() {
        SplittableRandom random = new SplittableRandom(11);
        int boxes = 0;
        for (int i = 0; i < 400; i++) {
            Volume scan = blob(random);
            boolean oblique = random.nextInt(4) == 0;
            scan = new Volume(scan.shape(), oblique ? turned(scan.affine(), random) : scan.affine(), scan.voxels());
            scan = Orient.to(scan, codes(random));
            Spacing spacing = random.nextInt(5) == 0 ? null : spacing(random);
            double threshold = random.nextInt(3) == 0 ? random.nextDouble(0.9) : 0;
            Shape3 size = random.nextInt(4) == 0 ? null : shape(random, 1, 30);
            int threads = 1 + random.nextInt(4);

            Volume spaced = Orient.toRas(scan);
            spaced = spacing == null ? spaced : Resample.to(spaced, spacing);
            Intensity law = law(random);
            Intensity.Curve curve = law.curves(Channels.of(scan)).get(0);
            Volume windowed = changed(spaced, curve);
            if (law instanceof HuWindow window) {
                assertBits(window.apply(spaced), windowed);
            }
            Optional<Box> box = Foreground.box(windowed, threshold);

            Planes planes = Planes.of(scan);
            planes = spacing == null ? planes : planes.spaced(spacing, Interpolation.LINEAR);
            assertBits(planes.volume(threads), spaced);
            planes = planes.valued(curve);
            assertBits(planes.volume(threads), windowed);
            assertThat(planes.foreground(threshold, threads)).isEqualTo(box);
            if (box.isPresent()) {
                boxes += box.get().equals(Box.of(windowed.shape())) ? 0 : 1;
                Volume body = Crop.apply(windowed, box.get());
                planes = planes.cropped(box.get());
                assertBits(planes.volume(threads), body);
                if (size != null) {
                    planes = planes.resized(size, Interpolation.LINEAR);
                    assertBits(planes.volume(threads), Resize.trilinear(body, size, true));
                }
            }
        }
        assertThat(boxes).isGreaterThan(100); // many scans have air around them
    }

    @Test
    void labelsGoTheSameWay() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100; i++) {
            Volume scan = Orient.to(blob(random), codes(random));
            byte[] classes = new byte[scan.voxels().length];
            for (int k = 0; k < classes.length; k++) {
                classes[k] = (byte) random.nextInt(256);
            }
            LabelMap labels = new LabelMap(scan.shape(), scan.affine(), classes);
            Spacing spacing = spacing(random);
            Volume spaced = Resample.to(Orient.toRas(labels.toVolume()), spacing, Interpolation.NEAREST, false);
            Box box = Box.of(spaced.shape());
            box = new Box(box.x1() / 3, box.y1() / 4, box.z1() / 2, box.x1(), box.y1(), box.z1());
            Shape3 size = shape(random, 1, 30);
            LabelMap found = Planes.of(labels)
                    .spaced(spacing, Interpolation.NEAREST)
                    .cropped(box)
                    .resized(size, Interpolation.NEAREST)
                    .labels(1 + random.nextInt(3));
            assertBits(found.toVolume(), Resize.nearest(Crop.apply(spaced, box), size));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ras", "lps", "lai", "perm_sra", "oblique", "oblique_flip", "fine", "aniso5", "already", "near"})
    void spacingEqualsMonai(String name) {
        Reference reference = Reference.of("spacing");
        Volume image = Expected.volume(reference, "image", name + ".affine_in");
        Planes ras = Planes.of(image);
        Volume steps = Resample.to(Orient.toRas(image), Spacing.isotropic(1.5));
        Volume found = ras.spaced(Spacing.isotropic(1.5), Interpolation.LINEAR).volume(2);
        assertBits(found, steps);
        if (image.affine().equals(ras.grid().affine())) { // the reference did not turn its input first
            Expected.assertSame(found, Expected.volume(reference, name + ".image", name + ".affine_out"), 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ras", "lps", "las", "lai", "perm_sra", "perm_ips_flip", "perm_asr", "oblique", "oblique_flip"})
    void orientationEqualsMonai(String name) {
        Reference reference = Reference.of("orientation");
        Volume found = Planes.of(Expected.volume(reference, "input", name + ".affine_in"))
                .volume(2);
        Expected.assertSame(found, Expected.volume(reference, name + ".output", name + ".affine_out"), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foreground.positive", "foreground.over0.3"})
    void foregroundEqualsMonai(String name) {
        Reference reference = Reference.of("geometry");
        Planes planes = unturned(Expected.volume(reference, "foreground.input", "foreground.affine_in"));
        Box box = planes.foreground(name.endsWith("0.3") ? 0.3 : 0, 2).orElseThrow();
        Volume found = planes.cropped(box).volume(2);
        Volume expected = Expected.volume(reference, name, name + ".affine_out");
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertThat(found.voxels()).isEqualTo(expected.voxels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"up_ac", "down_ac", "one_ac", "same", "nearest"})
    void resizeEqualsMonai(String name) {
        Reference reference = Reference.of("geometry");
        Volume expected = Expected.volume(reference, "resize." + name, "resize." + name + ".affine_out");
        Interpolation interpolation = name.equals("nearest") ? Interpolation.NEAREST : Interpolation.LINEAR;
        Volume found = unturned(Expected.volume(reference, "resize.input", "resize.affine_in"))
                .resized(expected.shape(), interpolation)
                .volume(2);
        assertThat(found.shape()).isEqualTo(expected.shape());
        Expected.assertSame(found, found.withVoxels(expected.voxels()), name.equals("nearest") ? 0 : 1e-6);
    }

    /** The reference file's grids are not in RAS+, and these steps alone do not turn them. */
    private static Planes unturned(Volume volume) {
        return Planes.of(new Volume(volume.shape(), Affine.identity(), volume.voxels()));
    }

    @Test
    void whatLiesInsideTheBoxIsNotMadeToFindIt() {
        Shape3 shape = new Shape3(40, 50, 30);
        float[] values = new float[(int) shape.voxels()];
        Arrays.fill(values, 100);
        Volume full = new Volume(shape, Affine.identity(), values);
        BoundingBox extent = new BoundingBox(shape);
        int[] made = new int[1];
        Planes.Cursor counting = (x, y0, y1, out, at) -> {
            made[0] += y1 - y0;
            StridedVoxels.of(full).rows(x, y0, y1, out, at);
        };
        float[] rows = new float[50 * 30];
        for (int x : new int[] {0, 39, 1, 2, 3, 38, 20}) {
            extent.look(counting, x, rows, 0);
        }
        assertThat(made[0]).isEqualTo(2 * 50);
        assertThat(extent.box()).contains(Box.of(shape));
    }

    @Test
    void aFailureOfOneThreadIsTheCallersAndStopsTheOthers() {
        for (int threads : List.of(1, 3)) {
            assertThatThrownBy(() -> ParallelRange.each(1000, threads, () -> i -> {
                        if (i == 500) {
                            throw new IllegalArgumentException("piece 500");
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("piece 500");
        }
    }

    @Test
    void aGridIsChangedFirst() {
        Planes planes = Planes.of(blob(new SplittableRandom(1))).valued(CURVE);
        assertThatThrownBy(() -> planes.spaced(Spacing.isotropic(1), Interpolation.LINEAR))
                .isInstanceOf(IllegalStateException.class);
    }

    private static void assertBits(Volume found, Volume expected) {
        assertThat(new Grid(found.shape(), found.affine())).isEqualTo(new Grid(expected.shape(), expected.affine()));
        assertThat(found.voxels()).isEqualTo(expected.voxels()); // bits, by Float.compare
    }

    /** Air with a box of noise in it. */
    private static Volume blob(SplittableRandom random) {
        Shape3 shape = shape(random, 2, 24);
        int[] low = new int[3];
        int[] high = new int[3];
        for (int d = 0; d < 3; d++) {
            low[d] = random.nextInt(shape.along(d));
            high[d] = low[d] + random.nextInt(shape.along(d) - low[d] + 1);
        }
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            int x = i / (shape.y() * shape.z());
            int y = i / shape.z() % shape.y();
            int z = i % shape.z();
            boolean body = x >= low[0] && x < high[0] && y >= low[1] && y < high[1] && z >= low[2] && z < high[2];
            values[i] = (float) (body ? random.nextDouble(-400, 600) : random.nextDouble(-1100, -900));
        }
        Affine affine =
                Affine.translation(random.nextDouble(-300, 300), -40, 77).times(Affine.scaling(spacing(random)));
        return new Volume(shape, affine, values);
    }

    private static Affine turned(Affine affine, SplittableRandom random) {
        double a = random.nextDouble(-0.6, 0.6);
        double b = random.nextDouble(-0.3, 0.3);
        Affine one = Affine.ofRows(Math.cos(a), -Math.sin(a), 0, 0, Math.sin(a), Math.cos(a), 0, 0, 0, 0, 1, 0);
        Affine other = Affine.ofRows(1, 0, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, 0, Math.sin(b), Math.cos(b), 0);
        double lean = random.nextBoolean() ? random.nextDouble(-0.5, 0.5) : 0; // of a tilted gantry
        Affine shear = Affine.ofRows(1, 0, 0, 0, 0, 1, lean, 0, 0, 0, 1, 0);
        return one.times(other).times(shear).times(affine);
    }

    private static Spacing spacing(SplittableRandom random) {
        return random.nextInt(4) == 0
                ? Spacing.isotropic(1.5)
                : new Spacing(random.nextDouble(0.6, 4), random.nextDouble(0.6, 4), random.nextDouble(0.6, 6));
    }

    private static Shape3 shape(SplittableRandom random, int least, int most) {
        return new Shape3(
                random.nextInt(least, most + 1), random.nextInt(least, most + 1), random.nextInt(least, most + 1));
    }

    private static String codes(SplittableRandom random) {
        List<String> orders = List.of("RAS", "RSA", "ARS", "ASR", "SRA", "SAR");
        StringBuilder codes = new StringBuilder();
        for (char code : orders.get(random.nextInt(6)).toCharArray()) {
            codes.append(random.nextBoolean() ? code : "LPI".charAt("RAS".indexOf(code)));
        }
        return codes.toString();
    }

    private static Intensity law(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new ZScore(true, true);
            case 1 -> new Percentiles(0.5, 99.5, 0, 1, random.nextBoolean(), true);
            default -> WINDOW;
        };
    }

    private static Volume changed(Volume volume, Intensity.Curve curve) {
        float[] values = volume.voxels().clone();
        curve.apply(values, 0, values.length);
        return volume.withVoxels(values);
    }
}
