package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Expected;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.VolumeFormat.Stored;

class FormatsTest {
    private static final Affine OBLIQUE = Affine.ofRows(-2, 0.25, 0, 10.1, 0.125, 3, 0.1, -20, 0, 0, 4.5, 30);

    @TempDir
    private Path folder;

    static Stream<Stored> types() {
        return Stream.of(Stored.values());
    }

    /** NIfTI keeps positions in single precision, so it comes first. */
    @ParameterizedTest
    @MethodSource("types")
    void aVolumeGoesFromFormatToFormatUnchanged(Stored type) throws IOException {
        Volume first = volume(type);
        Path file = folder.resolve("a.nii.gz");
        Formats.of(file).write(first, file, type);
        Volume before = Formats.any().read(file);
        Expected.assertSame(before.affine(), OBLIQUE, 1e-5);
        for (String name : new String[] {"b.nrrd", "c.mha", "d.NRRD", "e.nii"}) {
            Path next = folder.resolve(name);
            Formats.any().write(before, next, type);
            Volume after = Formats.of(next).read(next);
            assertThat(after.shape()).isEqualTo(first.shape());
            assertThat(after.voxels()).isEqualTo(first.voxels());
            Expected.assertSame(after.affine(), before.affine(), 1e-12);
            assertThat(Formats.of(next).header(next).dataType()).isEqualToIgnoringCase(type.name());
            before = after;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nii.gz", "a.nii", "a.nrrd", "a.mha"})
    void whatLiesInAScansPlaceIsCalledWhatItIs(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
        assertThatThrownBy(() -> Formats.any().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining(name + ": expected a file of ")
                .hasMessageEndingWith("found a Git LFS pointer, not the file: git lfs pull");
        Files.writeString(file, "<!doctype html>");
        assertThatThrownBy(() -> Formats.any().header(file)).hasMessageContaining("found an HTML page, not the file");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> Formats.any().visit(file, (slice, width) -> true))
                .hasMessageEndingWith("found an empty file");
        Formats.any().write(volume(Stored.UINT8), file, Stored.UINT8); // which does not stand in the way of writing
        assertThat(Formats.any().header(file).shape())
                .isEqualTo(volume(Stored.UINT8).shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nii.gz", "a.nrrd", "a.mha"})
    void labelsAreWrittenInAsFewBytesAsTheyTake(String name) throws IOException {
        Path file = folder.resolve(name);
        Volume few = new Volume(new Shape3(2, 1, 1), Affine.identity(), new float[] {0, 255});
        Formats.any().writeLabels(few, file);
        assertThat(Formats.any().header(file).dataType()).isEqualTo("uint8");
        Formats.any().writeLabels(few.withVoxels(new float[] {0, 65535}), file);
        assertThat(Formats.any().header(file).dataType()).isEqualTo("uint16");
        assertThat(Formats.any().read(file).voxels()).containsExactly(0, 65535);
        assertThatThrownBy(() -> Formats.any().writeLabels(few.withVoxels(new float[] {0, 65536}), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit uint16 (0 … 65535)");
        assertThat(Formats.any().read(file).voxels()).containsExactly(0, 65535); // what was there still is
    }

    @ParameterizedTest
    @CsvSource({
        "a.NII.gz, NIfTI, a",
        "b/a.hdr, NIfTI, b/a",
        "a.1.nrrd, NRRD, a.1",
        "a.nhdr, NRRD, a",
        "a.mha, MetaImage, a",
        "a.mhd, MetaImage, a",
        "a.DCM, DICOM, a",
    })
    void theNameTellsTheFormat(String file, String format, String plain) throws IOException {
        assertThat(Formats.of(Path.of(file)).name()).isEqualTo(format);
        assertThat(Formats.named(format.toUpperCase(Locale.ROOT)).name()).isEqualTo(format);
        assertThat(Formats.any().reads(Path.of(file))).isTrue();
        assertThat(Formats.plain(Path.of(file))).isEqualTo(plain);
    }

    @Test
    void whatHasNoFormatIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Formats.any().read(folder.resolve("a.raw")))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining("NIfTI (.nii, .nii.gz, .hdr, .hdr.gz), NRRD (.nrrd, .nhdr),"
                        + " MetaImage (.mha, .mhd) or DICOM (.dcm, .dicom, .ima)");
        assertThatThrownBy(() -> Formats.named("tiff")).hasMessageContaining("[nifti, nrrd, metaimage, dicom");
        assertThat(Formats.plain(Path.of("a.raw"))).isEqualTo("a.raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nhdr", "a.mhd"})
    void aHeaderApartFromItsVoxelsIsNotWritten(String name) {
        assertThatThrownBy(() -> Formats.any().write(volume(Stored.INT16), folder.resolve(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is written as one file");
        assertThat(folder.resolve(name))
                .satisfies(file -> assertThat(Files.exists(file)).isFalse());
    }

    private static Volume volume(Stored type) {
        float[] values = new float[5 * 4 * 37];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case UINT8 -> i % 256;
                case UINT16 -> i * 80;
                case INT16 -> i * 40 - 15000;
                case FLOAT32 -> i * 0.7f - 20;
            };
        }
        return new Volume(new Shape3(5, 4, 37), OBLIQUE, values);
    }
}
