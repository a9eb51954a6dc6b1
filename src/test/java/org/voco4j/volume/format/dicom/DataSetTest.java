package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.VolumeFormatException;

/** Data sets are read as they were written, in every way there is to write them. */
class DataSetTest {
    @TempDir
    Path folder;

    private static DataSet whole() {
        DataSet item = new DataSet()
                .set(Tag.CODE_VALUE, "10200004")
                .setItems(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, List.of(new DataSet().set(Tag.CODE_MEANING, "x")));
        return new DataSet()
                .set(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                .set(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.66.4")
                .set(Tag.SOP_INSTANCE_UID, "2.25.1")
                .set(Tag.SERIES_DESCRIPTION, "Grün ñ")
                .setInts(Tag.ROWS, 65535)
                .setInts(Tag.DIMENSION_INDEX_VALUES, 1, 2, 3)
                .setInts(Tag.DIMENSION_INDEX_POINTER, Tag.IMAGE_POSITION_PATIENT)
                .setInts(Tag.INSTANCE_NUMBER, -7)
                .setDoubles(Tag.IMAGE_POSITION_PATIENT, -1.0 / 3, 1e-300, 12)
                .setItems(Tag.SEGMENT_SEQUENCE, List.of(item, new DataSet()));
    }

    private static void isWhole(DataSet set) {
        assertThat(set.string(Tag.SERIES_DESCRIPTION)).isEqualTo("Grün ñ");
        assertThat(set.ints(Tag.ROWS)).containsExactly(65535);
        assertThat(set.ints(Tag.DIMENSION_INDEX_VALUES)).containsExactly(1, 2, 3);
        assertThat(set.ints(Tag.DIMENSION_INDEX_POINTER)).containsExactly(Tag.IMAGE_POSITION_PATIENT);
        assertThat(set.integer(Tag.INSTANCE_NUMBER, 0)).isEqualTo(-7);
        assertThat(set.doubles(Tag.IMAGE_POSITION_PATIENT)).containsExactly(-0.3333333333333, 1e-300, 12);
        assertThat(set.items(Tag.SEGMENT_SEQUENCE)).hasSize(2);
        DataSet item = set.items(Tag.SEGMENT_SEQUENCE).get(0);
        assertThat(item.string(Tag.CODE_VALUE)).isEqualTo("10200004");
        assertThat(item.items(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE))
                .extracting(inner -> inner.string(Tag.CODE_MEANING))
                .containsExactly("x");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("a");
        DicomWriter.write(file, whole());
        DicomFile read = DicomFile.read(file);
        isWhole(read.data());
        assertThat(read.meta().string(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID)).isEqualTo("2.25.1");
        assertThat(read.syntax()).isEqualTo(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    /** The character set's own name is never written in the character set that it names. */
    @Test
    void aCharacterSetOfAnotherRepresentationIsOne() throws IOException {
        Path file = folder.resolve("a");
        DicomWriter.write(file, whole());
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(
                file,
                bytes.replace("\u0008\u0000\u0005\u0000CS", "\u0008\u0000\u0005\u0000LO"),
                StandardCharsets.ISO_8859_1);
        isWhole(DicomFile.read(file).data());
    }

    /** Preamble and file meta information, only the latter, neither. */
    @ParameterizedTest
    @ValueSource(ints = {0, 128, 132})
    void needsNoPreamble(int cut) throws IOException {
        Path file = folder.resolve("a");
        DicomWriter.write(file, whole());
        byte[] bytes = Files.readAllBytes(file);
        int meta = 144 + (bytes[140] & 0xff) + (bytes[141] << 8);
        Files.write(file, Arrays.copyOfRange(bytes, cut, bytes.length));
        assertThat(DicomFile.is(file)).isTrue();
        isWhole(DicomFile.read(file).data());
        Files.write(file, Arrays.copyOfRange(bytes, meta, bytes.length));
        assertThat(DicomFile.is(file)).isTrue();
        isWhole(DicomFile.read(file).data());
    }

    @Test
    void deflatedIsInflated() throws IOException {
        Path file = folder.resolve("a");
        DicomWriter.write(file, whole());
        byte[] bytes = Files.readAllBytes(file);
        int meta = 144 + (bytes[140] & 0xff) + (bytes[141] << 8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String syntax = "1.2.840.10008.1.2.1.99";
        out.write(new byte[128]);
        out.write("DICM\2\0\20\0UI\26\0".getBytes(StandardCharsets.ISO_8859_1));
        out.write(syntax.getBytes(StandardCharsets.US_ASCII));
        DeflaterOutputStream packed = new DeflaterOutputStream(out, new java.util.zip.Deflater(9, true));
        packed.write(bytes, meta, bytes.length - meta);
        packed.finish();
        Files.write(file, out.toByteArray());
        isWhole(DicomFile.read(file).data());
        for (int length = out.size() - 40; length < out.size(); length++) {
            Files.write(file, Arrays.copyOf(out.toByteArray(), length));
            assertThatThrownBy(() -> DicomFile.read(file)).isInstanceOf(VolumeFormatException.class);
        }
    }

    @Test
    void copiedTextKeepsItsBytes() {
        byte[] bytes = {'M', (byte) 0xfc, 'l', ' '};
        DataSet from = new DataSet()
                .set(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
                .setBytes(Tag.STUDY_DESCRIPTION, Vr.LO, bytes);
        DataSet to = new DataSet().copy(from, Tag.SPECIFIC_CHARACTER_SET, Tag.STUDY_DESCRIPTION, Tag.STUDY_ID);
        assertThat(to.bytes(Tag.STUDY_DESCRIPTION)).isEqualTo(bytes);
        assertThat(to.string(Tag.STUDY_DESCRIPTION)).isEqualTo("Mül");
        assertThat(to.has(Tag.STUDY_ID)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "0.1, 0.1",
        "-0.3333333333333333, -0.3333333333333",
        "123456789.123456789, 123456789.123457",
        "1e22, 1E22",
        "-1.2345678901234567e-300, -123456789E-308",
        "100, 100"
    })
    void decimalStringsHaveAtMost16Characters(double value, String expected) {
        assertThat(DecimalText.of(value)).isEqualTo(expected).hasSizeLessThanOrEqualTo(16);
    }

    @Test
    void whatIsNoNumberIsRefusedWithoutItsText() {
        DataSet set = new DataSet().set(Tag.PIXEL_SPACING, Vr.DS, "0.5", "Doe^John");
        assertThatThrownBy(() -> set.doubles(Tag.PIXEL_SPACING))
                .isInstanceOf(DataSet.MalformedException.class)
                .hasMessageContaining("(0028,0030)")
                .message()
                .doesNotContain("Doe");
        assertThatThrownBy(() -> set.set(Tag.INSTANCE_NUMBER, "1.5").ints(Tag.INSTANCE_NUMBER))
                .isInstanceOf(DataSet.MalformedException.class);
    }

    /** What other programs wrote: the tags of PS3.3's image pixel module in each encoding. */
    @ParameterizedTest
    @CsvSource({
        "MR_small.dcm, Explicit VR Little Endian, 64",
        "MR_small_bigendian.dcm, Explicit VR Big Endian, 64",
        "MR_small_RLE.dcm, RLE Lossless, 64",
        "image_dfl.dcm, Deflated Explicit VR Little Endian, 512",
        "data_store/data/explicit_VR-UN.dcm, JPEG 2000 (Lossless Only), 512",
        "data_store/data/bad_sequence.dcm, 'JPEG Lossless, First-Order Prediction', 512",
        "rtstruct.dcm, Implicit VR Little Endian, -1"
    })
    void realFilesAreRead(String name, String syntax, int rows) throws IOException {
        Path path = TestData.path("formats/dicom/pydicom/" + name);
        assertThat(DicomFile.is(path)).isTrue();
        DicomFile file = DicomFile.read(path);
        assertThat(file.syntax().name()).isEqualTo(syntax);
        assertThat(file.data().integer(Tag.ROWS, -1)).isEqualTo(rows);
        assertThat(file.pixels() != null).isEqualTo(rows > 0);
        assertThat(file.data().has(Tag.MODALITY)).isTrue();
    }

    @Test
    void otherFilesAreNotDicom() throws IOException {
        for (String name : List.of("formats/nrrd/lung1_label.nrrd", "formats/nifti/nifti1.hdr", "README.md")) {
            assertThat(DicomFile.is(TestData.path(name))).as(name).isFalse();
        }
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThat(DicomFile.is(empty)).isFalse();
        Files.write(empty, new byte[2000]);
        assertThat(DicomFile.is(empty)).isFalse();
    }
}
