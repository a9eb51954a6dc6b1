package org.voco4j.engine.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.voco4j.file.AtomicFile;

/**
 * A zip archive of uncompressed entries whose bytes begin at multiples of 64, so that they can be mapped into memory; Zip64
 * where a length, a position or the number of entries needs it (PKWARE APPNOTE 6.3). The same entries give the same bytes.
 */
final class StoredZip implements AtomicFile.Content {
    private static final int ALIGNMENT = 64;
    private static final long WIDE = 0xFFFFFFFFL; // the largest 32-bit value says: see the Zip64 field
    private static final int MANY = 0xFFFF;
    private static final int DATE = 1 << 5 | 1; // 1 January 1980, where zip's time begins
    private static final int UTF8 = 1 << 11;

    /** Gives the bytes of an entry, as often as asked. */
    interface Source {
        void pieces(Pieces.Taker<IOException> taker) throws IOException;
    }

    private static final class Entry {
        private final byte[] name;
        private final long bytes;
        private final Source source;
        private final long at;
        private long crc;

        Entry(String name, long bytes, Source source, long at) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.bytes = bytes;
            this.source = source;
            this.at = at;
        }

        /** The length of the local header: 30 bytes, the name, lengths of 64 bits where needed, and padding. */
        int headerBytes() {
            int least = 30 + name.length + wideBytes() + 4;
            return least + Math.floorMod(-(at + least), ALIGNMENT);
        }

        private int wideBytes() {
            return bytes >= WIDE ? 20 : 0;
        }

        long end() {
            return at + headerBytes() + bytes;
        }

        ByteBuffer local() {
            ByteBuffer header = buffer(headerBytes());
            header.putInt(0x04034b50);
            common(header);
            int extra = header.capacity() - 30 - name.length;
            header.putShort((short) extra).put(name);
            if (bytes >= WIDE) {
                header.putShort((short) 1).putShort((short) 16).putLong(bytes).putLong(bytes);
            }
            return header.putShort((short) ('F' | 'B' << 8))
                    .putShort((short) (extra - wideBytes() - 4))
                    .rewind();
        }

        ByteBuffer central() {
            boolean far = at >= WIDE;
            int wide = (bytes >= WIDE ? 16 : 0) + (far ? 8 : 0);
            ByteBuffer header = buffer(46 + name.length + (wide == 0 ? 0 : 4 + wide));
            header.putInt(0x02014b50).putShort((short) 45);
            common(header);
            header.putShort((short) (wide == 0 ? 0 : 4 + wide))
                    .putShort((short) 0)
                    .putShort((short) 0);
            header.putShort((short) 0)
                    .putInt(0)
                    .putInt((int) Math.min(at, WIDE))
                    .put(name);
            if (wide > 0) {
                header.putShort((short) 1).putShort((short) wide);
            }
            if (bytes >= WIDE) {
                header.putLong(bytes).putLong(bytes);
            }
            return (far ? header.putLong(at) : header).rewind();
        }

        /** What both headers say: version 4.5, UTF-8, no compression, when, checksum, lengths. */
        private void common(ByteBuffer header) {
            int length = (int) Math.min(bytes, WIDE);
            header.putShort((short) 45)
                    .putShort((short) UTF8)
                    .putShort((short) 0)
                    .putShort((short) 0);
            header.putShort((short) DATE)
                    .putInt((int) crc)
                    .putInt(length)
                    .putInt(length)
                    .putShort((short) name.length);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** Adds an entry; its source is asked twice when the archive is written, for the checksum comes before the bytes. */
    void add(String name, long bytes, Source source) {
        entries.add(new Entry(name, bytes, source, end()));
    }

    void add(String name, byte[] content) {
        add(name, content.length, taker -> taker.take(ByteBuffer.wrap(content)));
    }

    private long end() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        WritableByteChannel channel = Channels.newChannel(out);
        for (Entry entry : entries) {
            CRC32 crc = new CRC32();
            entry.source.pieces(crc::update);
            entry.crc = crc.getValue();
            channel.write(entry.local());
            entry.source.pieces(channel::write);
        }
        long directory = 0;
        for (Entry entry : entries) {
            ByteBuffer header = entry.central();
            directory += header.remaining();
            channel.write(header);
        }
        channel.write(tail(directory));
    }

    @Override
    public long bytes() {
        long directory = 0;
        for (Entry entry : entries) {
            directory += entry.central().capacity();
        }
        return end() + directory + tail(directory).capacity();
    }

    /** The records that say where the directory is. */
    private ByteBuffer tail(long directory) {
        boolean wide = end() >= WIDE || directory >= WIDE || entries.size() >= MANY;
        ByteBuffer tail = buffer(wide ? 56 + 20 + 22 : 22);
        if (wide) {
            tail.putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) 45)
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0);
            tail.putLong(entries.size())
                    .putLong(entries.size())
                    .putLong(directory)
                    .putLong(end());
            tail.putInt(0x07064b50).putInt(0).putLong(end() + directory).putInt(1);
        }
        short count = (short) Math.min(entries.size(), MANY);
        tail.putInt(0x06054b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(count)
                .putShort(count);
        tail.putInt((int) Math.min(directory, WIDE))
                .putInt((int) Math.min(end(), WIDE))
                .putShort((short) 0);
        return tail.rewind();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
