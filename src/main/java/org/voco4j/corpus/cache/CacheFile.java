package org.voco4j.corpus.cache;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;

/**
 * A prepared scan in a file, in chunks of x-planes that are read by position, each alone: levels of 16 bits
 * (little-endian), then classes of 8, zstd, laid out as {@link CacheHeader} says.
 *
 * <p>Every chunk is compared with its digest before it is unpacked. The same scan always gives the same bytes.
 */
final class CacheFile implements AutoCloseable {
    private static final int LEVEL = 1; // of zstd: 3 packs 1 % denser in three times the time

    private final FileChannel file;
    private final CacheHeader header;
    private final Scratch scratch;

    private CacheFile(FileChannel file, CacheHeader header, Scratch scratch) {
        this.file = file;
        this.header = header;
        this.scratch = scratch;
    }

    /** Buffers that are used again; for one thread at a time. */
    static final class Scratch {
        private byte[] packed = new byte[0];
        private byte[] plain = new byte[0];

        byte[] packed(int bytes) {
            packed = packed.length < bytes ? new byte[bytes] : packed;
            return packed;
        }

        byte[] plain(int bytes) {
            plain = plain.length < bytes ? new byte[bytes] : plain;
            return plain;
        }
    }

    /**
     * The content of an entry, packed.
     *
     * @param back to the grid that the scan had in its file; with labels and only then
     */
    static AtomicFile.Content content(
            byte[] key,
            Quantised image,
            @Nullable LabelMap labels,
            @Nullable InversePreprocessing back,
            Scratch scratch) {
        Shape3 shape = image.shape();
        int plane = shape.y() * shape.z();
        int planes = CacheHeader.planes(shape);
        List<byte[]> packed = new ArrayList<>();
        List<CacheHeader.Range> ranges = new ArrayList<>();
        for (Quantised.Channel channel : image.channels()) {
            ranges.add(new CacheHeader.Range(channel.low(), channel.high()));
            for (int x = 0; x < shape.x(); x += planes) {
                int values = Math.min(planes, shape.x() - x) * plane;
                byte[] plain = scratch.plain(2 * values);
                littleEndian(plain).asShortBuffer().put(channel.levels(), x * plane, values);
                packed.add(pack(plain, 0, 2 * values, scratch));
            }
        }
        for (int x = 0; labels != null && x < shape.x(); x += planes) {
            int values = Math.min(planes, shape.x() - x) * plane;
            packed.add(pack(labels.classes(), x * plane, values, scratch));
        }
        List<CacheHeader.Chunk> chunks = packed.stream()
                .map(bytes -> new CacheHeader.Chunk(bytes.length, sha(bytes, bytes.length)))
                .toList();
        CacheHeader header = new CacheHeader(key, new Resample.Grid(shape, image.affine()), ranges, back, chunks);
        return new AtomicFile.Content() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(header.toBytes());
                for (byte[] chunk : packed) {
                    out.write(chunk);
                }
            }

            @Override
            public long bytes() {
                return header.entryBytes();
            }
        };
    }

    /**
     * Opens an entry.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException with what was expected and what was found if it is not a whole entry of this key
     */
    static CacheFile open(Path path, byte[] key, Scratch scratch) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return new CacheFile(file, CacheHeader.read(file, key), scratch);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The image. */
    Quantised image() throws IOException {
        return image(0, header.grid().shape().x());
    }

    /**
     * The planes {@code from} ≤ x &lt; {@code to} of the image; only the chunks that hold them are read.
     *
     * @throws IOException with what was expected and what was found if a chunk is damaged
     */
    Quantised image(int from, int to) throws IOException {
        Shape3 shape = header.grid().shape();
        int plane = shape.y() * shape.z();
        List<Quantised.Channel> channels = new ArrayList<>();
        for (CacheHeader.Range range : header.ranges()) {
            short[] levels = new short[(to - from) * plane];
            chunks(
                    channels.size() * CacheHeader.count(shape),
                    2,
                    from,
                    to,
                    (plain, at, x, planes) -> littleEndian(plain)
                            .position(2 * at)
                            .asShortBuffer()
                            .get(levels, (x - from) * plane, planes * plane));
            channels.add(new Quantised.Channel(range.low(), range.high(), levels));
        }
        Affine affine = header.grid().affine();
        return new Quantised(
                shape.with(0, to - from), from == 0 ? affine : affine.times(Affine.translation(from, 0, 0)), channels);
    }

    /**
     * The image with its labels.
     *
     * @throws IOException if a chunk is damaged or the entry has no labels
     */
    QuantisedCase labelled() throws IOException {
        InversePreprocessing back = header.back();
        if (back == null) {
            throw new IOException("expected a scan with labels, found one without");
        }
        Resample.Grid grid = header.grid();
        int plane = grid.shape().y() * grid.shape().z();
        byte[] classes = new byte[(int) grid.shape().voxels()];
        chunks(
                header.ranges().size() * CacheHeader.count(grid.shape()),
                1,
                0,
                grid.shape().x(),
                (plain, at, x, planes) -> System.arraycopy(plain, at, classes, x * plane, planes * plane));
        return new QuantisedCase(image(), new LabelMap(grid.shape(), grid.affine(), classes), back);
    }

    /** Takes planes x … x + planes − 1, whose values begin with the {@code at}-th of a chunk. */
    private interface Sink {
        void accept(byte[] plain, int at, int x, int planes);
    }

    /** Reads the chunks that hold some planes, of those that begin with the {@code first}. */
    private void chunks(int first, int bytesPerValue, int from, int to, Sink sink) throws IOException {
        Shape3 shape = header.grid().shape();
        int plane = shape.y() * shape.z();
        int planes = header.planes();
        for (int c = from / planes; c * planes < to; c++) {
            int begin = c * planes;
            int end = Math.min(begin + planes, shape.x());
            byte[] plain = unpack(first + c, (end - begin) * plane * bytesPerValue);
            int x = Math.max(from, begin);
            sink.accept(plain, (x - begin) * plane, x, Math.min(to, end) - x);
        }
    }

    private byte[] unpack(int index, int bytes) throws IOException {
        CacheHeader.Chunk chunk = header.chunks().get(index);
        byte[] packed = scratch.packed(chunk.bytes());
        CacheHeader.fill(file, ByteBuffer.wrap(packed, 0, chunk.bytes()).slice(), header.at(index));
        if (!Arrays.equals(sha(packed, chunk.bytes()), chunk.sha())) {
            throw new IOException("expected chunk " + index + " with the digest that its header names, found another");
        }
        byte[] plain = scratch.plain(bytes);
        long found;
        try {
            found = Zstd.decompressByteArray(plain, 0, bytes, packed, 0, chunk.bytes());
        } catch (ZstdException e) {
            throw new IOException("expected " + bytes + " bytes in chunk " + index + ", found " + e.getMessage(), e);
        }
        if (found != bytes) {
            throw new IOException("expected " + bytes + " bytes in chunk " + index + ", found "
                    + (Zstd.isError(found) ? Zstd.getErrorName(found) : found));
        }
        return plain;
    }

    private static byte[] pack(byte[] plain, int from, int bytes, Scratch scratch) {
        byte[] packed = scratch.packed((int) Zstd.compressBound(bytes));
        long length = Zstd.compressByteArray(packed, 0, packed.length, plain, from, bytes, LEVEL);
        if (Zstd.isError(length)) {
            throw new IllegalStateException("zstd: " + Zstd.getErrorName(length));
        }
        return Arrays.copyOf(packed, (int) length);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] sha(byte[] bytes, int count) {
        DataDigest digest = new DataDigest();
        digest.bytes(bytes, count);
        return digest.digest();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
