package org.voco4j.volume.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * The voxels of a file as a stream that checks what the header promised: x fastest, value = raw·slope + intercept.
 *
 * @param file where they lie
 * @param start bytes of the file before them, or before what is packed
 * @param packing whether they are deflated
 * @param skip bytes before them after unpacking
 * @param shape voxels along x, y, z
 * @param channels how many volumes there are
 * @param interleaved whether the channels of a voxel lie together, rather than one volume after the other
 * @param type how a number is stored
 * @param order the byte order
 * @param slope see above
 * @param intercept see above
 */
record RawVoxels(
        Path file,
        long start,
        Packing packing,
        long skip,
        Shape3 shape,
        int channels,
        boolean interleaved,
        VoxelType type,
        ByteOrder order,
        double slope,
        double intercept) {
    /** Deflate cannot shrink data further than 1032 : 1. */
    static final long DEFLATE_LIMIT = 1032;

    /** Up to this ratio memory is taken before the bytes have been counted; real scans lie below 10. */
    private static final long PLAUSIBLE_RATIO = 64;

    private static final int BUFFER = 1 << 16;
    private static final int SLICES = 16; // floats in a cache line: what is written together

    /** How bytes are packed. */
    enum Packing {
        NONE,
        GZIP,
        ZLIB;

        /** Gzip if the bytes at a place of a file begin as it does, otherwise what is said. */
        static Packing gzipOr(Packing otherwise, Path file, long start) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                in.skip(start);
                return in.read() == 0x1f && in.read() == 0x8b ? GZIP : otherwise;
            }
        }
    }

    /** Takes the slices of a channel in stored order, some at a time. */
    private interface SlabSink {
        /** Receives slices first … first + count − 1; false to stop. */
        boolean accept(float[] values, int first, int count);
    }

    /** A channel as a volume. */
    Volume volume(int channel, Affine affine) throws IOException {
        requireVoxels();
        float[] voxels = new float[(int) shape.voxels()];
        int slice = shape.x() * shape.y();
        int slices = Math.max(1, Math.min(SLICES, (1 << 23) / slice));
        decode(channel, shape.z(), slices, (values, first, count) -> {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    int from = y * shape.x() + x;
                    int to = shape.index(x, y, first);
                    for (int z = 0; z < count; z++) {
                        voxels[to + z] = values[from + z * slice];
                    }
                }
            }
            return true;
        });
        return new Volume(shape, affine, voxels);
    }

    /** Shows the slices of all channels, one channel after the other. */
    void visit(VolumeFormat.SliceVisitor visitor) throws IOException {
        requireVoxels();
        boolean[] more = {true};
        SlabSink sink = (values, first, count) -> more[0] = visitor.visit(values, shape.x());
        if (!interleaved) {
            decode(0, shape.z() * channels, 1, sink);
        }
        for (int c = 0; interleaved && c < channels && more[0]; c++) {
            decode(c, shape.z(), 1, sink);
        }
    }

    /** The bytes of voxels that the header promises; cannot overflow, the header has seen to that. */
    private long promisedBytes() {
        return shape.voxels() * channels * type.bytes;
    }

    private InputStream stream() throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            skip(in, start, new byte[BUFFER]);
            return switch (packing) {
                case NONE -> in;
                case GZIP -> new GZIPInputStream(in, BUFFER);
                case ZLIB -> new InflaterInputStream(in);
            };
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Checks that the file holds every voxel that its header promises, without taking memory: a plain file by its
     * length, a deflated one by its length where that is plausible and by counting where it is not.
     */
    private void requireVoxels() throws IOException {
        long expected = skip + promisedBytes();
        long length = Math.max(0, Files.size(file) - start);
        if (packing == Packing.NONE) {
            if (length < expected) {
                throw tooShort(expected, length);
            }
        } else if (expected > length * DEFLATE_LIMIT + BUFFER) {
            throw new VolumeFormatException(
                    file,
                    Fault.TRUNCATED,
                    promise(expected),
                    "a " + packed() + " of " + length + " bytes, which cannot hold that many");
        } else if (expected > length * PLAUSIBLE_RATIO) {
            long found = 0;
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = stream()) {
                for (int read = 0; read >= 0 && found < expected; read = in.read(buffer)) {
                    found += read;
                }
            } catch (EOFException | ZipException e) {
                throw damaged(expected, found, e);
            }
            if (found < expected) {
                throw tooShort(expected, found);
            }
        }
    }

    /** Decodes from a channel on, {@code slices} slices at a time; to the checksum of what is deflated. */
    private void decode(int channel, int depth, int slices, SlabSink sink) throws IOException {
        int slice = shape.x() * shape.y();
        int together = interleaved ? channels : 1;
        long bytes = (long) slice * slices * together * type.bytes;
        if (bytes > 1 << 30) {
            throw new VolumeFormatException(file, "slices of less than 1 GiB", shape + " voxels");
        }
        byte[] raw = new byte[(int) bytes];
        ByteBuffer buffer = ByteBuffer.wrap(raw).order(order);
        float[] numbers = new float[slice * slices * together];
        float[] values = together == 1 ? numbers : new float[slice * slices];
        long at = skip + (interleaved ? 0 : channel * shape.voxels() * type.bytes);
        long expected = skip + promisedBytes();
        long found = 0;
        try (InputStream in = stream()) {
            found = skip(in, at, raw);
            boolean more = found == at;
            for (int z = 0; more && z < depth; z += slices) {
                int count = Math.min(slices, depth - z) * slice;
                int wanted = count * together * type.bytes;
                int read = in.readNBytes(raw, 0, wanted);
                found += read;
                if (read < wanted) {
                    throw tooShort(expected, found);
                }
                type.decode(buffer, count * together, slope, intercept, numbers);
                for (int i = 0; together > 1 && i < count; i++) {
                    values[i] = numbers[i * together + channel];
                }
                more = sink.accept(values, z, count / slice);
                if (!more) {
                    return;
                }
            }
            if (!more) {
                throw tooShort(expected, found);
            }
            for (int read = 0; read >= 0; read = in.read(raw)) { // the checksum of deflated data comes last
                found += read;
            }
        } catch (EOFException | ZipException e) {
            throw damaged(expected, found, e);
        }
    }

    private static long skip(InputStream in, long bytes, byte[] scratch) throws IOException {
        long done = 0;
        while (done < bytes) {
            int read = in.read(scratch, 0, (int) Math.min(scratch.length, bytes - done));
            if (read < 0) {
                return done;
            }
            done += read;
        }
        return done;
    }

    private String promise(long expected) {
        return expected + " bytes (" + shape + (channels > 1 ? "x" + channels : "") + " "
                + type.name().toLowerCase(Locale.ROOT) + ")";
    }

    private String packed() {
        return packing.name().toLowerCase(Locale.ROOT) + (start == 0 ? " file" : " stream");
    }

    private VolumeFormatException tooShort(long expected, long found) {
        return new VolumeFormatException(file, Fault.TRUNCATED, promise(expected), found + " bytes");
    }

    private VolumeFormatException damaged(long expected, long found, IOException cause) {
        VolumeFormatException damaged = new VolumeFormatException(
                file,
                Fault.TRUNCATED,
                promise(expected),
                "damaged " + packing.name().toLowerCase(Locale.ROOT) + " data after " + found + " bytes ("
                        + cause.getMessage() + ")");
        damaged.initCause(cause);
        return damaged;
    }
}
