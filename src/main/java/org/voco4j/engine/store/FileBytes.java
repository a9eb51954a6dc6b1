package org.voco4j.engine.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file's bytes: by position in any order, and one after the other within a range. Little-endian.
 *
 * <p>Read by position into buffers, never mapped: a file that is cut meanwhile is an exception then, not a crash.
 */
final class FileBytes implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long windowStart; // the position of the window's first byte
    private long end; // of the range

    FileBytes(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.size = channel.size();
        range(0, size);
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** The failure that a wrong content is; names out of the file cannot steer a terminal in it. */
    IOException wrong(String what) {
        return wrong(what, null);
    }

    /** The same, with what was thrown when it was read. */
    IOException wrong(String what, @Nullable Throwable cause) {
        return new IOException(path + " " + what.replaceAll("\\p{Cc}", "?"), cause);
    }

    /** Fills a buffer from a position. */
    void read(ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException(path + " is not whole: it ends at byte " + at + ", in the middle of its data");
            }
            at += read;
        }
    }

    /** A few bytes from a position. */
    ByteBuffer at(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        read(bytes, from);
        return bytes.flip();
    }

    /**
     * Compares the bytes of an extent with their checksum, if the file has one.
     *
     * @param what the extent is, for the message
     */
    void check(ByteRange extent, String what) throws IOException {
        if (extent.crc() == ByteRange.UNKNOWN) {
            return;
        }
        CRC32 crc = new CRC32();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(1 << 20, extent.bytes()));
        for (long at = 0; at < extent.bytes(); at += piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), extent.bytes() - at));
            read(piece, extent.from() + at);
            crc.update(piece.flip());
        }
        compare(crc, extent, what);
    }

    /** Compares a checksum that was computed while reading with the file's. */
    void compare(CRC32 crc, ByteRange extent, String what) throws IOException {
        if (extent.crc() != ByteRange.UNKNOWN && crc.getValue() != extent.crc()) {
            throw wrong(String.format(
                    "is damaged: the checksum of %s is %08x, expected %08x; get the file again",
                    what, crc.getValue(), extent.crc()));
        }
    }

    // ---- one after the other ----

    /** Sets where the next bytes come from and where they end. */
    void range(long from, long to) {
        window.limit(0);
        windowStart = from;
        end = to;
    }

    /** Where the next byte lies. */
    long position() {
        return windowStart + window.position();
    }

    long remaining() {
        return end - position();
    }

    /** Makes the next bytes, at most 8, lie in the window. */
    private void need(int bytes) throws IOException {
        if (window.remaining() >= bytes) {
            return;
        }
        if (remaining() < bytes) {
            throw new EOFException(path + " is not whole: it ends at byte " + end + ", in the middle of its structure");
        }
        fillWindow();
    }

    private void fillWindow() throws IOException {
        windowStart = position();
        window.clear().limit((int) Math.min(window.capacity(), end - windowStart));
        read(window, windowStart);
        window.flip();
    }

    int u8() throws IOException {
        need(1);
        return window.get() & 0xFF;
    }

    int u16() throws IOException {
        need(2);
        return window.getShort() & 0xFFFF;
    }

    int i32() throws IOException {
        need(4);
        return window.getInt();
    }

    long u32() throws IOException {
        return i32() & 0xFFFFFFFFL;
    }

    long i64() throws IOException {
        need(8);
        return window.getLong();
    }

    void skip(long bytes) throws IOException {
        if (bytes < 0 || bytes > remaining()) {
            throw new EOFException(path + " is not whole: " + bytes + " bytes are said to follow byte " + position()
                    + ", there are " + remaining());
        }
        if (bytes <= window.remaining()) {
            window.position(window.position() + (int) bytes);
        } else {
            range(position() + bytes, end);
        }
    }

    /** The next bytes, charged to a budget. */
    byte[] bytes(long length, Budget budget) throws IOException {
        if (length > 0 && length <= remaining()) {
            budget.charge(16 + length);
            byte[] bytes = new byte[Math.toIntExact(length)];
            if (length <= window.remaining()) {
                window.get(bytes);
            } else {
                read(ByteBuffer.wrap(bytes), position());
                skip(length);
            }
            return bytes;
        }
        skip(length); // refuses it, or there is nothing
        return new byte[0];
    }

    /** The next bytes as text (UTF-8), charged to a budget. */
    String text(long length, Budget budget) throws IOException {
        return text(length, StandardCharsets.UTF_8, budget);
    }

    private String text(long length, Charset charset, Budget budget) throws IOException {
        budget.charge(48 + 2 * Math.max(0, Math.min(length, remaining())));
        return new String(bytes(length, budget), charset);
    }

    /** The next bytes up to a line feed as text (UTF-8), charged to a budget; at most as many as the window holds. */
    String line(Budget budget) throws IOException {
        return line(StandardCharsets.UTF_8, budget);
    }

    String line(Charset charset, Budget budget) throws IOException {
        for (int pass = 0; pass < 2; pass++) {
            for (int i = window.position(); i < window.limit(); i++) {
                if (window.get(i) == '\n') {
                    String line = text(i - window.position(), charset, budget);
                    skip(1);
                    return line;
                }
            }
            if (pass == 0) {
                fillWindow();
            }
        }
        throw wrong("is damaged: at byte " + position() + " a line of text does not end");
    }

    /** The bytes of the range as a stream; it ends with the range. */
    InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return remaining() == 0 ? -1 : u8();
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                if (remaining() == 0) {
                    return length == 0 ? 0 : -1;
                }
                need(1);
                int taken = Math.min(length, window.remaining());
                window.get(into, from, taken);
                return taken;
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
