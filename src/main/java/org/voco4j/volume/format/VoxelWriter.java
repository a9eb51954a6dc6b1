package org.voco4j.volume.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Writes voxels, x fastest, little endian. */
final class VoxelWriter {
    private VoxelWriter() {}

    /** The type of what is stored. */
    static VoxelType type(VolumeFormat.Stored stored) {
        return VoxelType.valueOf(stored.name());
    }

    /** A gzip stream to be finished, not closed; speed matters more than the last percent. */
    static GZIPOutputStream gzip(OutputStream out) throws IOException {
        return new FastGzip(out);
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /**
     * Writes all voxels of a volume.
     *
     * @throws IllegalArgumentException with the file if a value does not fit the type
     */
    static void write(Volume volume, VoxelType type, Path file, OutputStream out) throws IOException {
        Shape3 shape = volume.shape();
        byte[] bytes = new byte[shape.x() * type.bytes];
        ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 18);
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                row.clear();
                for (int x = 0; x < shape.x(); x++) {
                    put(row, volume.at(x, y, z), type, file);
                }
                buffered.write(bytes);
            }
        }
        buffered.flush();
    }

    private static void put(ByteBuffer row, float value, VoxelType type, Path file) {
        if (type == VoxelType.FLOAT32) {
            row.putFloat(value);
            return;
        }
        int whole = whole(value, type, file);
        if (type == VoxelType.UINT8) {
            row.put((byte) whole);
        } else {
            row.putShort((short) whole);
        }
    }

    /**
     * A value rounded to a whole number of a type.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    static int whole(float value, VoxelType type, Path file) {
        int low = type == VoxelType.INT16 ? Short.MIN_VALUE : 0;
        int high = type == VoxelType.UINT8 ? 255 : type == VoxelType.UINT16 ? 65535 : Short.MAX_VALUE;
        double rounded = Math.rint(value);
        if (!(rounded >= low && rounded <= high)) {
            throw new IllegalArgumentException(file + ": " + value + " does not fit "
                    + type.name().toLowerCase(Locale.ROOT) + " (" + low + " … " + high + ")");
        }
        return (int) rounded;
    }
}
