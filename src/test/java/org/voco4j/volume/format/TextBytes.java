package org.voco4j.volume.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;

/** NRRD and MetaImage files made by hand, independent of our writers. */
final class TextBytes {
    private TextBytes() {}

    /** Numbers in a type, x fastest. */
    static byte[] numbers(VoxelType type, ByteOrder order, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * type.bytes).order(order);
        for (double value : values) {
            switch (type) {
                case UINT8, INT8 -> bytes.put((byte) (long) value);
                case INT16, UINT16 -> bytes.putShort((short) (long) value);
                case INT32, UINT32 -> bytes.putInt((int) (long) value);
                case FLOAT32 -> bytes.putFloat((float) value);
                case FLOAT64 -> bytes.putDouble(value);
                default -> bytes.putLong((long) value);
            }
        }
        return bytes.array();
    }

    static byte[] zlib(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream zip = new DeflaterOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A header and what follows it. */
    static byte[] file(String header, byte[] voxels) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + voxels.length)
                .put(text)
                .put(voxels)
                .array();
    }

    static Path write(Path file, String header, byte[] voxels) throws IOException {
        return Files.write(file, file(header, voxels));
    }
}
