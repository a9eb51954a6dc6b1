package org.voco4j.volume.format.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** DICOM files for tests: images of 4 columns and 3 rows, and files of any transfer syntax. */
final class DicomBytes {
    static final int COLUMNS = 4;
    static final int ROWS = 3;

    private static final String PREFIX = "1.2.840.10008.1.2.";

    private DicomBytes() {}

    /** A CT slice at a height, whose voxels are first, first + 1, … */
    static DataSet slice(double z, int first) {
        return image(first)
                .setDoubles(Tag.IMAGE_POSITION_PATIENT, -10, -20, z)
                .setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)
                .setDoubles(Tag.PIXEL_SPACING, 2, 0.5)
                .setDoubles(Tag.SLICE_THICKNESS, 7)
                .setDoubles(Tag.SPACING_BETWEEN_SLICES, 9);
    }

    /** A CT image of one frame that does not say where it lies. */
    static DataSet image(int first) {
        return new DataSet()
                .set(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2")
                .set(Tag.SOP_INSTANCE_UID, "2.25.1")
                .set(Tag.STUDY_INSTANCE_UID, "2.25.2")
                .set(Tag.SERIES_INSTANCE_UID, "2.25.3")
                .set(Tag.PATIENT_ID, "nobody")
                .set(Tag.MODALITY, "CT")
                .setInts(Tag.SAMPLES_PER_PIXEL, 1)
                .set(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .setInts(Tag.ROWS, ROWS)
                .setInts(Tag.COLUMNS, COLUMNS)
                .setInts(Tag.BITS_ALLOCATED, 16)
                .setInts(Tag.BITS_STORED, 16)
                .setInts(Tag.HIGH_BIT, 15)
                .setInts(Tag.PIXEL_REPRESENTATION, 1)
                .setBytes(Tag.PIXEL_DATA, Vr.OW, pixels(first, ROWS * COLUMNS));
    }

    /** Numbers of 16 bits: first, first + 1, … */
    static byte[] pixels(int first, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putShort((short) (first + i));
        }
        return bytes.array();
    }

    static Path write(Path file, DataSet data) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        DicomWriter.write(file, data);
        return file;
    }

    /**
     * A file whose pixels are in pieces, the first of which is the table of offsets.
     *
     * @param syntax what follows 1.2.840.10008.1.2.
     */
    static byte[] encapsulated(String syntax, DataSet data, byte[]... pieces) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(DicomWriter.bytes(new DataSet().set(Tag.TRANSFER_SYNTAX_UID, PREFIX + syntax)));
        byte[] all = DicomWriter.bytes(data.setBytes(Tag.PIXEL_DATA, Vr.OW, new byte[0]));
        out.write(all, 0, all.length - 12);
        out.write(little(0x0010_7FE0, 0x0000_574F, -1)); // (7FE0,0010) OW, of undefined length
        for (byte[] piece : pieces) {
            out.write(little(0xE000_FFFE, piece.length + piece.length % 2));
            out.write(piece);
            out.write(new byte[piece.length % 2]);
        }
        out.write(little(0xE0DD_FFFE, 0));
        return out.toByteArray();
    }

    static byte[] little(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }
}
