package org.voco4j.volume.format.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.format.dicom.DataSet.Element;

/** Writes files of PS3.10 in explicit VR little endian. */
public final class DicomWriter {
    private static final String IMPLEMENTATION = "2.25.133671573302427837463281204693405218541"; // of this program
    private static final int LONGEST = 0xfffe; // of a value whose length takes two bytes

    private DicomWriter() {}

    /**
     * Writes a data set with the file meta information that belongs to it; the file is whole or absent at every moment.
     *
     * @throws IllegalArgumentException if the data set does not say what object it is, or a value is too long for its
     *     representation
     */
    public static void write(Path file, DataSet data) throws IOException {
        byte[] meta = bytes(meta(data));
        AtomicFile.write(file, out -> {
            out.write(new byte[128]);
            out.write("DICM".getBytes(StandardCharsets.US_ASCII));
            header(out, 0x0002_0000, Vr.UL, 4);
            u32(out, meta.length);
            out.write(meta);
            write(out, data);
        });
    }

    private static DataSet meta(DataSet data) {
        String kind = data.string(Tag.SOP_CLASS_UID);
        String instance = data.string(Tag.SOP_INSTANCE_UID);
        if (kind == null || instance == null) {
            throw new IllegalArgumentException("expected a data set with SOP Class UID and SOP Instance UID");
        }
        return new DataSet()
                .setBytes(Tag.FILE_META_INFORMATION_VERSION, Vr.OB, new byte[] {0, 1})
                .set(Tag.MEDIA_STORAGE_SOP_CLASS_UID, kind)
                .set(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, instance)
                .set(Tag.TRANSFER_SYNTAX_UID, TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid())
                .set(Tag.IMPLEMENTATION_CLASS_UID, IMPLEMENTATION)
                .set(Tag.IMPLEMENTATION_VERSION_NAME, "VOCO4J");
    }

    /** SHA-256 of a data set as it is written, in hexadecimal digits. */
    static String digest(DataSet set) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            write(new DigestOutputStream(OutputStream.nullOutputStream(), sha), set);
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** A data set as it is written. */
    static byte[] bytes(DataSet set) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, set);
        return out.toByteArray();
    }

    private static void write(OutputStream out, DataSet set) throws IOException {
        for (Element element : set.elements()) {
            if (element.vr() != Vr.SQ) {
                header(out, element.tag(), element.vr(), element.value().length);
                out.write(element.value());
                continue;
            }
            ByteArrayOutputStream items = new ByteArrayOutputStream();
            for (DataSet item : element.items()) {
                byte[] bytes = bytes(item);
                tag(items, Tag.ITEM);
                u32(items, bytes.length);
                items.write(bytes);
            }
            header(out, element.tag(), Vr.SQ, items.size());
            items.writeTo(out);
        }
    }

    private static void header(OutputStream out, int tag, Vr vr, int length) throws IOException {
        if (!vr.isLong() && length > LONGEST) {
            throw new IllegalArgumentException(
                    Tag.words(tag) + ": expected at most " + LONGEST + " bytes of " + vr + ", not " + length);
        }
        tag(out, tag);
        out.write(vr.name().getBytes(StandardCharsets.US_ASCII));
        if (vr.isLong()) {
            u16(out, 0);
            u32(out, length);
        } else {
            u16(out, length);
        }
    }

    private static void tag(OutputStream out, int tag) throws IOException {
        u16(out, tag >>> 16);
        u16(out, tag);
    }

    private static void u32(OutputStream out, int value) throws IOException {
        u16(out, value);
        u16(out, value >>> 16);
    }

    private static void u16(OutputStream out, int value) throws IOException {
        out.write(value);
        out.write(value >>> 8);
    }
}
