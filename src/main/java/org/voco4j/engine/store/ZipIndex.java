package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the entries of a zip archive lie, as {@code torch.save} writes it: uncompressed, in one folder, Zip64 where it must
 * be (PKWARE APPNOTE 6.3).
 *
 * <p>An archive is refused if an entry is compressed, reaches beyond the file or into another, is there twice, or has a name
 * that leads out of the folder.
 */
final class ZipIndex {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final long ABSENT = 0xFFFFFFFFL; // the true value is in a Zip64 field
    private static final int END_BYTES = 22;

    private final FileBytes file;
    private final Map<String, ByteRange> entries = new HashMap<>();
    private final List<long[]> taken = new ArrayList<>(); // from and to of each entry, its local header included
    private @Nullable String root;

    private ZipIndex(FileBytes file) {
        this.file = file;
    }

    /** Reads the directory at the end of the file. */
    static ZipIndex read(FileBytes file, Budget budget) throws IOException {
        ZipIndex index = new ZipIndex(file);
        long[] directory = index.directory();
        long from = directory[0];
        long to = directory[1];
        if (from < 0 || from > to || to > file.size()) {
            throw file.wrong("is a damaged zip archive: its directory would lie at bytes " + from + " to " + to + " of "
                    + file.size());
        }
        file.range(from, to);
        while (file.remaining() > 0) {
            index.entry(from, budget);
        }
        index.taken.sort(Comparator.comparingLong(range -> range[0]));
        for (int i = 1; i < index.taken.size(); i++) {
            if (index.taken.get(i)[0] < index.taken.get(i - 1)[1]) {
                throw file.wrong("is a damaged zip archive: entries overlap at byte "
                        + index.taken.get(i)[0]);
            }
        }
        return index;
    }

    /** An entry below the archive's folder, or null. */
    @Nullable
    ByteRange find(String name) {
        return entries.get(root + name);
    }

    /** Where the directory begins and ends. */
    private long[] directory() throws IOException {
        long end = end();
        ByteBuffer record = file.at(end, END_BYTES);
        long bytes = record.getInt(12) & ABSENT;
        long from = record.getInt(16) & ABSENT;
        boolean wide = bytes == ABSENT || from == ABSENT || (record.getShort(10) & 0xFFFF) == 0xFFFF;
        if (wide && end >= 20) {
            ByteBuffer locator = file.at(end - 20, 20);
            if (locator.getInt(0) == LOCATOR64) {
                long at = locator.getLong(8);
                if (at < 0 || at > end - 20 - 56 || file.at(at, 4).getInt(0) != END64) {
                    throw file.wrong("is a damaged zip archive: its Zip64 record is not at byte " + at);
                }
                ByteBuffer wideRecord = file.at(at, 56);
                bytes = wideRecord.getLong(40);
                from = wideRecord.getLong(48);
                end = at;
            }
        }
        if (bytes < 0 || from < 0 || from > end - bytes) {
            throw file.wrong(
                    "is a damaged zip archive: its directory of " + bytes + " bytes would begin at byte " + from);
        }
        return new long[] {from, from + bytes};
    }

    /** The end record: the last thing in the file but a comment. */
    private long end() throws IOException {
        int length = (int) Math.min(file.size(), END_BYTES + 0xFFFF);
        ByteBuffer tail = file.at(file.size() - length, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && (tail.getShort(at + 20) & 0xFFFF) == length - END_BYTES - at) {
                return file.size() - length + at;
            }
        }
        throw file.wrong(
                "is not whole: it begins as a zip archive, but the directory at its end is missing; was it cut?");
    }

    private void entry(long directory, Budget budget) throws IOException {
        if (file.i32() != CENTRAL) {
            throw file.wrong("is a damaged zip archive: its directory breaks off at byte " + (file.position() - 4));
        }
        file.skip(4);
        int flags = file.u16();
        int method = file.u16();
        file.skip(4);
        long crc = file.u32();
        long packed = file.u32();
        long size = file.u32();
        int nameLength = file.u16();
        int extraLength = file.u16();
        int commentLength = file.u16();
        file.skip(8);
        long at = file.u32();
        budget.charge(360);
        String name = file.text(nameLength, budget);
        ByteBuffer extra = ByteBuffer.wrap(file.bytes(extraLength, budget)).order(ByteOrder.LITTLE_ENDIAN);
        file.skip(commentLength);
        ByteBuffer wide = zip64(extra);
        size = size == ABSENT && wide.remaining() >= 8 ? wide.getLong() : size;
        packed = packed == ABSENT && wide.remaining() >= 8 ? wide.getLong() : packed;
        at = at == ABSENT && wide.remaining() >= 8 ? wide.getLong() : at;
        checkName(name);
        if (method != 0 || packed != size || (flags & 1) != 0) {
            throw file.wrong("has the entry " + name + " compressed or encrypted, expected plain ones, as torch.save"
                    + " writes them (programs of torch.jit.save are not read)");
        }
        if (size < 0 || at < 0 || at > directory - 30 || size > directory - 30 - at) {
            throw file.wrong("is a damaged zip archive: the entry " + name + " of " + size + " bytes at byte " + at
                    + " would lie outside the file's " + directory + " bytes of entries");
        }
        ByteBuffer local = file.at(at, 30);
        long data = at + 30 + (local.getShort(26) & 0xFFFF) + (local.getShort(28) & 0xFFFF);
        if (local.getInt(0) != LOCAL || size > directory - data) {
            throw file.wrong("is a damaged zip archive: the entry " + name + " is not at byte " + at);
        }
        // torch.save writes 0 where it was told not to compute checksums
        if (entries.put(name, new ByteRange(data, size, crc == 0 ? ByteRange.UNKNOWN : crc)) != null) {
            throw file.wrong("has the entry " + name + " twice");
        }
        taken.add(new long[] {at, data + size});
    }

    /** The values of the Zip64 field among the extra fields, or nothing. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int kind = extra.getShort() & 0xFFFF;
            int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
            if (kind == 1) {
                return extra.limit(extra.position() + length);
            }
            extra.position(extra.position() + length);
        }
        return extra.limit(extra.position());
    }

    /** All entries lie in one folder, whose name begins every name, and none leads out of it. */
    private void checkName(String name) throws IOException {
        int slash = name.indexOf('/');
        String folder = name.substring(0, slash + 1);
        boolean leaves = slash < 1 || name.indexOf('\\') >= 0 || ("/" + name + "/").contains("/../");
        if (root == null) {
            root = folder;
        }
        if (leaves || !folder.equals(root)) {
            throw file.wrong("has an entry named '" + name + "', which does not lie inside one folder of the archive");
        }
    }
}
