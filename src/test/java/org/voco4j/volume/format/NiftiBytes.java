package org.voco4j.volume.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** NIfTI files made by hand: every variant that a test needs, independent of our writer. */
final class NiftiBytes {
    private final boolean two;
    private final boolean pair;
    final ByteBuffer header;
    private ByteBuffer voxels = ByteBuffer.allocate(0);

    NiftiBytes(boolean two, boolean pair, ByteOrder order, VoxelType type, long... dims) {
        this.two = two;
        this.pair = pair;
        header = ByteBuffer.allocate(two ? 544 : 352).order(order);
        header.putInt(0, two ? 540 : 348);
        String magic = (pair ? "ni" : "n+") + (two ? "2\0" : "1\0");
        header.put(two ? 4 : 344, magic.getBytes(StandardCharsets.ISO_8859_1));
        header.putShort(two ? 12 : 70, (short) type.code);
        header.putShort(two ? 14 : 72, (short) (8 * type.bytes));
        dim(0, dims.length);
        for (int i = 0; i < dims.length; i++) {
            dim(i + 1, dims[i]);
        }
        if (two) {
            header.putLong(168, pair ? 0 : 544);
        } else {
            header.putFloat(108, pair ? 0 : 352);
        }
        for (int i = 0; i < 8; i++) {
            pixdim(i, 1);
        }
    }

    NiftiBytes dim(int i, long size) {
        if (two) {
            header.putLong(16 + 8 * i, size);
        } else {
            header.putShort(40 + 2 * i, (short) size);
        }
        return this;
    }

    NiftiBytes pixdim(int i, double mm) {
        return put(two ? 104 + 8 * i : 76 + 4 * i, mm);
    }

    NiftiBytes scale(double slope, double intercept) {
        put(two ? 176 : 112, slope);
        return put(two ? 184 : 116, intercept);
    }

    NiftiBytes sform(double... rows) {
        form(two ? 348 : 254);
        for (int i = 0; i < 12; i++) {
            put(two ? 400 + 8 * i : 280 + 4 * i, rows[i]);
        }
        return this;
    }

    NiftiBytes qform(double... bcdXyz) {
        form(two ? 344 : 252);
        for (int i = 0; i < 6; i++) {
            put(two ? 352 + 8 * i : 256 + 4 * i, bcdXyz[i]);
        }
        return this;
    }

    NiftiBytes intent(int code) {
        if (two) {
            header.putInt(504, code);
        } else {
            header.putShort(68, (short) code);
        }
        return this;
    }

    NiftiBytes type(int code) {
        header.putShort(two ? 12 : 70, (short) code);
        return this;
    }

    NiftiBytes voxels(VoxelType type, double... values) {
        voxels = ByteBuffer.allocate(values.length * type.bytes).order(header.order());
        for (double value : values) {
            switch (type) {
                case UINT8, INT8 -> voxels.put((byte) (long) value);
                case INT16, UINT16 -> voxels.putShort((short) (long) value);
                case INT32, UINT32 -> voxels.putInt((int) (long) value);
                case FLOAT32 -> voxels.putFloat((float) value);
                case FLOAT64 -> voxels.putDouble(value);
                default -> voxels.putLong((long) value);
            }
        }
        return this;
    }

    /** The single file, or the header file of a pair. */
    byte[] file() {
        if (pair) {
            return header.array();
        }
        byte[] whole = new byte[header.capacity() + voxels.capacity()];
        ByteBuffer.wrap(whole).put(header.array()).put(voxels.array());
        return whole;
    }

    /** The image file of a pair. */
    byte[] image() {
        return voxels.array();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private NiftiBytes put(int at, double value) {
        if (two) {
            header.putDouble(at, value);
        } else {
            header.putFloat(at, (float) value);
        }
        return this;
    }

    private void form(int at) {
        if (two) {
            header.putInt(at, 1);
        } else {
            header.putShort(at, (short) 1);
        }
    }
}
