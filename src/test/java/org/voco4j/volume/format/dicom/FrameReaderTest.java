package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stored values of frames, whatever bits and pieces they lie in; what holds none that are read is named. */
class FrameReaderTest {
    @TempDir
    private Path folder = Path.of("");

    private Volume read(DataSet data) throws IOException {
        return Formats.any().read(DicomBytes.write(folder.resolve("a.dcm"), data));
    }

    private void refused(DataSet data, String words) {
        assertThatThrownBy(() -> read(data))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining("a.dcm: expected ")
                .hasMessageContaining(words);
    }

    /** Files that are no volumes, for they do not say where their ten frames lie. */
    @ParameterizedTest
    @ValueSource(strings = {"", "_RLE", "_big_endian", "_jpeg_2k_lossless", "_jpeg_ls_lossless"})
    void realFramesAreDecoded(String encoding) throws IOException, NoSuchAlgorithmException {
        String name = "formats/dicom/pydicom/data_store/data/emri_small" + encoding + ".dcm";
        JsonNode wanted = JsonMapper.shared()
                .readTree(Files.readAllBytes(TestData.path("../reference/dicom_expected.json")))
                .get("entries")
                .get(name)
                .get("stored");
        Image image = Image.of(DicomFile.read(TestData.path(name)));
        assertThat(image.slices()).hasSize(10);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        try (FrameReader reader = new FrameReader()) {
            for (Slice slice : image.slices()) {
                short[] samples = new short[slice.frames().size()];
                reader.read(slice, samples);
                ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asShortBuffer().put(samples);
                sha.update(bytes);
            }
        }
        assertThat(HexFormat.of().formatHex(sha.digest()))
                .isEqualTo(wanted.get("sha256").asString());
    }

    /** What lies above or below the bits stored is not of the value. */
    @ParameterizedTest
    @CsvSource({
        "16, 15, 1, 0x8001, -32767",
        "16, 15, 0, 0x8001, 32769",
        "12, 11, 1, 0xF7FF, 2047",
        "12, 11, 1, 0x7800, -2048",
        "12, 11, 0, 0xF801, 2049",
        "12, 15, 0, 0x801F, 2049",
        "12, 15, 1, 0x801F, -2047"
    })
    void onlyBitsStoredCount(int stored, int high, int signed, String word, int value) throws IOException {
        DataSet data = DicomBytes.slice(0, Integer.decode(word))
                .setInts(Tag.BITS_STORED, stored)
                .setInts(Tag.HIGH_BIT, high)
                .setInts(Tag.PIXEL_REPRESENTATION, signed);
        assertThat(read(data).at(0, 0, 0)).isEqualTo(value);
    }

    @Test
    void bytesAreRead() throws IOException {
        DataSet data = DicomBytes.slice(0, 0)
                .setInts(Tag.BITS_ALLOCATED, 8)
                .setInts(Tag.BITS_STORED, 8)
                .setInts(Tag.HIGH_BIT, 7)
                .setInts(Tag.PIXEL_REPRESENTATION, 0)
                .setBytes(Tag.PIXEL_DATA, Vr.OB, new byte[] {-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
        Volume volume = read(data);
        assertThat(volume.at(0, 0, 0)).isEqualTo(255);
        assertThat(volume.at(3, 2, 0)).isEqualTo(11);
    }

    /** A frame in several pieces, by its table of offsets; without one they cannot be told apart. */
    @Test
    void framesMayLieInSeveralPieces() throws IOException {
        byte[] packed = rle();
        byte[] one = Arrays.copyOf(packed, 66);
        byte[] other = Arrays.copyOfRange(packed, 66, packed.length);
        Path file = folder.resolve("a.dcm");
        DataSet data = DicomBytes.slice(0, 0);
        Files.write(file, DicomBytes.encapsulated("5", data, new byte[0], one, other));
        assertThat(Formats.any().read(file).at(1, 0, 0)).isEqualTo(0x0102);
        data = DicomBytes.image(0).setInts(Tag.NUMBER_OF_FRAMES, 2);
        byte[] table = DicomBytes.little(0, packed.length + 16);
        Files.write(file, DicomBytes.encapsulated("5", data, table, one, other, one, other));
        Image image = Image.of(DicomFile.read(file));
        short[] samples = new short[12];
        try (FrameReader reader = new FrameReader()) {
            reader.read(image.slices().get(1), samples);
        }
        assertThat(samples).containsOnly((short) 0x0102);
        Files.write(file, DicomBytes.encapsulated("5", data, new byte[0], one, other, one, other));
        assertThatThrownBy(() -> Image.of(DicomFile.read(file)))
                .hasMessageContaining("for each of 2 frames, or a table of where they begin, found 4 pieces");
    }

    /** Twelve times 0x0102. */
    private static byte[] rle() {
        byte[] packed = new byte[68];
        packed[0] = 2;
        packed[4] = 64;
        packed[8] = 66;
        packed[64] = -11;
        packed[65] = 1;
        packed[66] = -11;
        packed[67] = 2;
        return packed;
    }

    @ParameterizedTest
    @CsvSource({
        "4.201, 'High-Throughput JPEG 2000, lossless'",
        "4.203, High-Throughput JPEG 2000",
        "4.92, 'JPEG 2000 Part 2, several components, lossless'",
        "4.102, MPEG-4 AVC/H.264",
        "4.110, 'JPEG XL, lossless'",
        "4.55, a retired process of JPEG",
        "77, those of transfer syntax 1.2.840.10008.1.2.77"
    })
    void whatIsNotDecodedIsRefusedByName(String syntax, String name) throws IOException {
        Path file = folder.resolve("a.dcm");
        Files.write(file, DicomBytes.encapsulated(syntax, DicomBytes.slice(0, 0), new byte[0], new byte[64]));
        assertThatThrownBy(() -> Formats.any().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageEndingWith("a.dcm: expected pixels that are not compressed, or by RLE, JPEG, JPEG-LS or"
                        + " JPEG 2000, found " + name);
    }

    /** Radiographs whose smallest number is white are read as those whose largest is; Hounsfield units are what they are. */
    @Test
    void invertedRadiographsAreTurned() throws IOException {
        for (boolean signed : new boolean[] {true, false}) {
            DataSet data = DicomBytes.slice(0, 100)
                    .setInts(Tag.BITS_STORED, 12)
                    .setInts(Tag.HIGH_BIT, 11)
                    .setInts(Tag.PIXEL_REPRESENTATION, signed ? 1 : 0)
                    .setDoubles(Tag.RESCALE_SLOPE, 2)
                    .setDoubles(Tag.RESCALE_INTERCEPT, -7);
            float[] plain = Formats.any()
                    .read(DicomBytes.write(folder.resolve("plain" + signed + ".dcm"), data))
                    .voxels();
            data.set(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
            float[] ct = Formats.any()
                    .read(DicomBytes.write(folder.resolve("ct" + signed + ".dcm"), data))
                    .voxels();
            data.set(Tag.MODALITY, "DX");
            float[] turned = Formats.any()
                    .read(DicomBytes.write(folder.resolve("turned" + signed + ".dcm"), data))
                    .voxels();
            assertThat(ct).isEqualTo(plain);
            float ends = 2 * (signed ? -1 : 4095) + 2 * -7; // of a value and what it becomes
            for (int i = 0; i < plain.length; i++) {
                assertThat(turned[i]).isEqualTo(ends - plain[i]);
            }
        }
    }

    @Test
    void whatSaysOtherThanItHoldsIsRefused() {
        refused(DicomBytes.slice(0, 0).setInts(Tag.SAMPLES_PER_PIXEL, 3), "3 samples per pixel");
        refused(DicomBytes.slice(0, 0).set(Tag.PHOTOMETRIC_INTERPRETATION, "PALETTE COLOR"), "colours of a palette");
        refused(DicomBytes.slice(0, 0).setInts(Tag.BITS_ALLOCATED, 32), "pixels of 32 bits");
        refused(DicomBytes.slice(0, 0).setInts(Tag.BITS_STORED, 17), "17 bits up to bit 15");
        refused(DicomBytes.slice(0, 0).setInts(Tag.ROWS, 0), "4x0 pixels");
        refused(DicomBytes.slice(0, 0).setInts(Tag.NUMBER_OF_FRAMES, -1), "-1 frames");
        refused(DicomBytes.slice(0, 0).setInts(Tag.ROWS, 65535), "524280 bytes of pixels");
        refused(DicomBytes.slice(0, 0).setInts(Tag.NUMBER_OF_FRAMES, 1 << 24), "found 24 bytes");
        refused(DicomBytes.slice(0, 0).setDoubles(Tag.RESCALE_SLOPE, 0), "a rescale slope other than 0");
        refused(DicomBytes.slice(0, 0).setDoubles(Tag.PIXEL_SPACING, 0, 1), "a pixel spacing of 2 numbers above 0");
        refused(DicomBytes.slice(0, 0).setDoubles(Tag.PIXEL_SPACING, 1), "1 numbers");
        refused(
                DicomBytes.slice(0, 0).setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 1, 0, 0),
                "directions of length 1 at a right angle");
        refused(
                DicomBytes.slice(0, 0).setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, 1e200, 0, 0, 0, 1e99, 0),
                "lengths Infinity and 1.0E99, their product 0");
        refused(
                DicomBytes.slice(0, 0).setDoubles(Tag.IMAGE_POSITION_PATIENT, 0, 1e300),
                "a position of 3 numbers and an orientation of 6");
        refused(DicomBytes.slice(0, 0).setBytes(Tag.FLOAT_PIXEL_DATA, Vr.OF, new byte[48]), "floating point numbers");
    }
}
