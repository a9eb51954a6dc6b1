package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Expected;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;

class NiftiTest {
    private static final double[] ROWS = {-2, 0.25, 0, 10, 0.125, 3, 0, -20, 0, 0, 4.5, 30};
    private static final double[] SIX = {1, 2, 3, 4, 5, 6}; // 3 x 2 x 1 on disk

    @TempDir
    private Path folder;

    static Stream<Arguments> variants() {
        List<Arguments> all = new ArrayList<>();
        for (VoxelType type : VoxelType.values()) {
            for (int bits = 0; bits < 16; bits++) {
                all.add(Arguments.of(type, (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, (bits & 8) > 0));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyVariantIsRead(VoxelType type, boolean two, boolean pair, boolean big, boolean zip) throws IOException {
        double low = type.name().startsWith("U") ? 0 : -7;
        double high = switch (type) {
            case UINT8 -> 255;
            case INT8 -> 127;
            case UINT16 -> 65535;
            case INT16 -> 32767;
            case UINT32 -> 4294967295.0;
            case UINT64 -> 0x1p63; // as a long this is its largest value, and both round to the same float
            default -> 1e6;
        };
        double[] values = new double[2 * 3 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == 0 ? low : i == 1 ? high : i % 100;
        }
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        NiftiBytes bytes = new NiftiBytes(two, pair, order, type, 2, 3, 20, 1, 1)
                .sform(ROWS)
                .voxels(type, values);
        Path file = write(pair ? "a.hdr" : "a.nii", bytes, zip && !pair);
        if (pair) {
            Files.write(
                    folder.resolve(zip ? "a.img.gz" : "a.img"), zip ? NiftiBytes.gzip(bytes.image()) : bytes.image());
        }
        assertThat(new Nifti().files(file))
                .containsExactlyElementsOf(
                        pair ? List.of(file, folder.resolve(zip ? "a.img.gz" : "a.img")) : List.of(file));
        Volume volume = new Nifti().read(file);
        assertThat(volume.shape()).isEqualTo(new Shape3(2, 3, 20));
        Expected.assertSame(volume.affine(), Affine.ofRows(ROWS), 1e-12);
        for (int i = 0; i < values.length; i++) {
            assertThat(volume.at(i % 2, i / 2 % 3, i / 6)).isEqualTo((float) values[i]);
        }
        assertThat(new Nifti().header(file).dataType()).isEqualToIgnoringCase(type.name());
        if (pair) {
            assertThat(new Nifti().read(folder.resolve("a.img")).voxels()).isEqualTo(volume.voxels());
        }
    }

    @Test
    void rescalingIsDoneInDouble() throws IOException {
        NiftiBytes bytes = six(VoxelType.INT16).scale(0.1, -1024);
        assertThat(read(bytes).at(2, 1, 0)).isEqualTo((float) (6 * (double) 0.1f - 1024));
        assertThat(read(six(VoxelType.INT16).scale(0, 5)).at(2, 1, 0)).isEqualTo(6);
        assertThat(read(six(VoxelType.INT16).scale(Double.NaN, 5)).at(2, 1, 0)).isEqualTo(6);
        assertThat(read(six(VoxelType.FLOAT64).scale(2, 1)).at(1, 1, 0)).isEqualTo(11);
    }

    @Test
    void theSformComesBeforeTheQformAndThatBeforePixdim() throws IOException {
        // a turn by 90° about z: (x, y) → (−y, x); quaternion (√½, 0, 0, √½)
        NiftiBytes bytes = six(VoxelType.UINT8).pixdim(1, 2).pixdim(2, 3).pixdim(3, 4);
        Expected.assertSame(read(bytes).affine(), Affine.ofRows(-2, 0, 0, 2, 0, 3, 0, -1.5, 0, 0, 4, 0), 1e-6);
        bytes.qform(0, 0, Math.sqrt(0.5), 7, 8, 9);
        Expected.assertSame(read(bytes).affine(), Affine.ofRows(0, -3, 0, 7, 2, 0, 0, 8, 0, 0, 4, 9), 1e-6);
        bytes.pixdim(0, -1);
        Expected.assertSame(read(bytes).affine(), Affine.ofRows(0, -3, 0, 7, 2, 0, 0, 8, 0, 0, -4, 9), 1e-6);
        bytes.sform(ROWS);
        Expected.assertSame(read(bytes).affine(), Affine.ofRows(ROWS), 1e-6);
    }

    @Test
    void aChannelOfA4dFileIsChosenOrTheFileRefused() throws IOException {
        NiftiBytes bytes = new NiftiBytes(false, false, ByteOrder.BIG_ENDIAN, VoxelType.INT16, 1, 2, 1, 3)
                .voxels(VoxelType.INT16, SIX);
        Path file = write("b.nii", bytes, true);
        assertThat(new Nifti().header(file).channels()).isEqualTo(3);
        assertThat(new Nifti().read(file, 2).voxels()).containsExactly(5, 6);
        assertThatThrownBy(() -> new Nifti().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining("4-D file with 3 volumes of 1x2x1");
        assertThatThrownBy(() -> new Nifti().read(file, 3)).hasMessageContaining("0 to 2, not 3");
    }

    @Test
    void slicesAreShownUntilTheVisitorHasSeenEnough() throws IOException {
        NiftiBytes bytes = new NiftiBytes(false, false, ByteOrder.LITTLE_ENDIAN, VoxelType.UINT8, 2, 1, 3)
                .voxels(VoxelType.UINT8, SIX);
        Path file = write("c.nii", bytes, false);
        List<Float> firsts = new ArrayList<>();
        new Nifti().visit(file, (slice, width) -> {
            assertThat(width).isEqualTo(2);
            firsts.add(slice[0]);
            return firsts.size() < 2;
        });
        assertThat(firsts).containsExactly(1f, 3f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nii", "A.NII.GZ", "x/b.hdr", "c.hdr.gz"})
    void namesItReads(String name) {
        assertThat(new Nifti().reads(Path.of(name))).isTrue();
        assertThat(new Nifti().reads(Path.of(name + ".txt"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(VolumeFormat.Stored.class)
    void whatIsWrittenIsRead(VolumeFormat.Stored type) throws IOException {
        float[] values = new float[5 * 4 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == VolumeFormat.Stored.FLOAT32 ? i * 0.7f - 20 : i * 4;
        }
        double s = Math.sqrt(0.5);
        double[][] directions = {
            {-1, 0, 0, 5, 0, -2, 0, 6, 0, 0, 3, 7}, // LPS
            {1.5, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, -1.5, 0}, // left-handed
            {s, -2 * s, 0, 1, s, 2 * s, 0, 2, 0, 0, 3, 3}, // turned by 45°
            {0, 0, 2, 1, -1, 0, 0, 2, 0, 3, 0, 3}, // axes permuted
            {-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0} // half a turn: the quaternion's first number is 0
        };
        for (double[] rows : directions) {
            Volume volume = new Volume(new Shape3(5, 4, 3), Affine.ofRows(rows), values);
            for (String name : new String[] {"w.nii", "w.nii.gz"}) {
                Path file = folder.resolve(name);
                new Nifti().write(volume, file, type);
                Volume back = new Nifti().read(file);
                assertThat(back.voxels()).isEqualTo(values);
                Expected.assertSame(back.affine(), volume.affine(), 1e-6);
                // the qform says the same: hide the sform
                byte[] bytes = name.endsWith("gz") ? gunzip(file) : Files.readAllBytes(file);
                assertThat(bytes.length).isEqualTo(352 + values.length * VoxelType.valueOf(type.name()).bytes);
                bytes[254] = 0;
                Path hidden = Files.write(folder.resolve("q.nii"), bytes);
                Expected.assertSame(new Nifti().read(hidden).affine(), volume.affine(), 1e-6);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("w.nii", "w.nii.gz", "q.nii");
        }
    }

    @Test
    void aShearedAffineIsWrittenAsSformOnly() throws IOException {
        Volume volume = new Volume(new Shape3(2, 3, 1), Affine.ofRows(ROWS), new float[6]);
        Path file = folder.resolve("s.nii");
        new Nifti().write(volume, file);
        Expected.assertSame(new Nifti().read(file).affine(), volume.affine(), 1e-6);
        assertThat(Files.readAllBytes(file)[252]).isZero();
    }

    @Test
    void valuesThatDoNotFitAreRefusedAndNothingIsLeft() throws IOException {
        Volume volume = new Volume(new Shape3(2, 1, 1), Affine.identity(), new float[] {0, 300});
        Path file = folder.resolve("n.nii");
        assertThatThrownBy(() -> new Nifti().write(volume, file, VolumeFormat.Stored.UINT8))
                .hasMessageContaining("300.0 does not fit uint8");
        Volume hole = volume.withVoxels(new float[] {0, Float.NaN});
        assertThatThrownBy(() -> new Nifti().write(hole, file, VolumeFormat.Stored.INT16))
                .hasMessageContaining("NaN");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private NiftiBytes six(VoxelType type) {
        return new NiftiBytes(false, false, ByteOrder.LITTLE_ENDIAN, type, 3, 2, 1).voxels(type, SIX);
    }

    private Volume read(NiftiBytes bytes) throws IOException {
        return new Nifti().read(write("r.nii", bytes, false));
    }

    private Path write(String name, NiftiBytes bytes, boolean zip) throws IOException {
        byte[] content = zip ? NiftiBytes.gzip(bytes.file()) : bytes.file();
        return Files.write(folder.resolve(zip ? name + ".gz" : name), content);
    }

    private static byte[] gunzip(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }
}
