package org.voco4j.corpus.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;

/**
 * How an entry of the cache begins: what it is of, its grid, and where its chunks lie, with a digest of each.
 *
 * <p>Big-endian: 8 bytes {@code VOCOCASE}, version (4), length of the header (4), SHA-256 of what follows in it (32); the
 * entry's key (32), shape (3 x 4) and affine (12 x 8) of the grid, 1 or 0 for with or without labels (4), with labels the way
 * back: shape and affine of the grid in the file and of the resampled scan, and the box (6 x 4) cut from that; the number
 * of channels (4) and for each the values of the lowest and the highest level (2 x 4); then per chunk its length (4) and
 * SHA-256 (32), those of the channels before those of the labels. The chunks follow in that order without gaps. A chunk holds as many x-planes as fit in 1 MiB of image, at least
 * one.
 *
 * @param key what the entry is of, 32 bytes
 * @param grid of the image and its labels
 * @param ranges one for each channel
 * @param back to the grid that the scan had in its file; null without labels
 * @param chunks the channels' and then the labels'
 */
record CacheHeader(
        byte[] key,
        Resample.Grid grid,
        List<Range> ranges,
        @Nullable InversePreprocessing back,
        List<Chunk> chunks) {
    /** Part of every entry's key, so that entries of another version are not met. */
    static final int VERSION = 2;

    private static final long MAGIC = 0x564f434f43415345L;
    private static final int PREFIX = 48; // up to and with the digest
    private static final int GRID = 108;
    private static final int BACK = 2 * GRID + 24;
    private static final int RANGE = 8;
    private static final int CHUNK = 36;
    private static final int SHA = 32;
    private static final int CHUNK_BYTES = 1 << 20;

    /** Bytes of zstd, and their digest. */
    record Chunk(int bytes, byte[] sha) {}

    /** The values of a channel's lowest and highest level. */
    record Range(float low, float high) {}

    /** How many x-planes a chunk holds; the last one may hold fewer. */
    int planes() {
        return planes(grid.shape());
    }

    static int planes(Shape3 shape) {
        return (int) Math.max(1, CHUNK_BYTES / (2L * shape.y() * shape.z()));
    }

    /** How many chunks an image has, and its labels. */
    static int count(Shape3 shape) {
        int planes = planes(shape);
        return (shape.x() + planes - 1) / planes;
    }

    /** The header's length. */
    int bytes() {
        return PREFIX + SHA + GRID + 8 + (back == null ? 0 : BACK) + ranges.size() * RANGE + chunks.size() * CHUNK;
    }

    /** The entry's length. */
    long entryBytes() {
        return at(chunks.size());
    }

    /** Where a chunk begins. */
    long at(int chunk) {
        return bytes() + chunks.stream().limit(chunk).mapToLong(Chunk::bytes).sum();
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(bytes());
        out.putLong(MAGIC).putInt(VERSION).putInt(bytes()).position(PREFIX);
        out.put(key);
        put(out, grid);
        out.putInt(back == null ? 0 : 1);
        if (back != null) {
            put(out, back.stored());
            put(out, back.spaced());
            Box box = back.box();
            out.putInt(box.x0()).putInt(box.y0()).putInt(box.z0());
            out.putInt(box.x1()).putInt(box.y1()).putInt(box.z1());
        }
        out.putInt(ranges.size());
        ranges.forEach(range -> out.putFloat(range.low).putFloat(range.high));
        chunks.forEach(chunk -> out.putInt(chunk.bytes).put(chunk.sha));
        out.put(PREFIX - SHA, digest(out.array()));
        return out.array();
    }

    /**
     * Reads a header and checks it against the file.
     *
     * @throws IOException with what was expected and what was found if it is not a whole entry of this key
     */
    static CacheHeader read(FileChannel file, byte[] key) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
        fill(file, prefix, 0);
        long length = file.size();
        if (prefix.getLong() != MAGIC || prefix.getInt() != VERSION) {
            throw new IOException("expected a prepared scan of version " + VERSION + ", found something else");
        }
        int bytes = prefix.getInt();
        if (bytes < PREFIX + SHA + GRID + 8 || bytes > length) {
            throw cut(bytes, length);
        }
        ByteBuffer in = ByteBuffer.allocate(bytes);
        fill(file, in, 0);
        byte[] expected = Arrays.copyOfRange(in.array(), PREFIX - SHA, PREFIX);
        if (!Arrays.equals(expected, digest(in.array()))) {
            throw new IOException("expected a header with the digest that it names, found another");
        }
        CacheHeader header = parse(in.position(PREFIX));
        if (!Arrays.equals(header.key, key)) {
            throw new IOException("expected the scan that the file is named after, found another");
        }
        if (header.entryBytes() != length) {
            throw cut(header.entryBytes(), length);
        }
        return header;
    }

    private static CacheHeader parse(ByteBuffer in) throws IOException {
        byte[] key = new byte[SHA];
        in.get(key);
        Resample.Grid grid = grid(in);
        long plane = (long) grid.shape().x() * grid.shape().y();
        if (plane > Preprocessing.MOST_VOXELS || plane * grid.shape().z() > Preprocessing.MOST_VOXELS) {
            throw new IOException("expected at most 2^29 voxels, found " + grid.shape());
        }
        boolean labelled = in.getInt() != 0;
        if (in.remaining() < (labelled ? BACK : 0) + 4) {
            throw new IOException("expected a longer header, found " + in.limit() + " bytes");
        }
        InversePreprocessing back = labelled ? back(in, grid) : null;
        int channels = in.getInt();
        long count = (long) count(grid.shape()) * ((long) channels + (labelled ? 1 : 0));
        if (channels < 1 || in.remaining() != (long) channels * RANGE + count * CHUNK) {
            throw new IOException("expected " + channels + " channels in " + count + " chunks, found a header of "
                    + in.limit() + " bytes");
        }
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            Range range = new Range(in.getFloat(), in.getFloat());
            if (!(range.low < range.high && Float.isFinite(range.high - range.low))) {
                throw new IOException("expected levels from a lower to a higher value, found " + range);
            }
            ranges.add(range);
        }
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int bytes = in.getInt();
            byte[] sha = new byte[SHA];
            in.get(sha);
            if (bytes < 1) {
                throw new IOException("expected a chunk of at least 1 byte, found " + bytes);
            }
            chunks.add(new Chunk(bytes, sha));
        }
        return new CacheHeader(key, grid, List.copyOf(ranges), back, List.copyOf(chunks));
    }

    private static InversePreprocessing back(ByteBuffer in, Resample.Grid prepared) throws IOException {
        Resample.Grid stored = grid(in);
        Resample.Grid spaced = grid(in);
        try {
            Box box = new Box(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
            return new InversePreprocessing(stored, spaced, box, prepared);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void put(ByteBuffer out, Resample.Grid grid) {
        Shape3 shape = grid.shape();
        out.putInt(shape.x()).putInt(shape.y()).putInt(shape.z());
        for (int i = 0; i < 12; i++) {
            out.putDouble(grid.affine().at(i / 4, i % 4));
        }
    }

    private static Resample.Grid grid(ByteBuffer in) throws IOException {
        try {
            Shape3 shape = new Shape3(in.getInt(), in.getInt(), in.getInt());
            double[] rows = new double[12];
            in.asDoubleBuffer().get(rows);
            in.position(in.position() + 12 * Double.BYTES);
            return new Resample.Grid(shape, Affine.ofRows(rows));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static byte[] digest(byte[] header) {
        DataDigest sha = new DataDigest();
        sha.bytes(Arrays.copyOfRange(header, PREFIX, header.length), header.length - PREFIX);
        return sha.digest();
    }

    /** Reads at a position until the buffer is full, and flips it. */
    static void fill(FileChannel file, ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw cut(at + buffer.limit(), file.size());
            }
        }
        buffer.flip();
    }

    private static IOException cut(long expected, long found) {
        return new IOException("expected " + expected + " bytes, found " + found);
    }
}
