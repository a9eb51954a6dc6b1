package org.voco4j.volume.format.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.PixelData.Span;

/** Reads a file up to its pixels (PS3.5 sections 7.1, 7.5 and annex A, PS3.10 section 7). */
final class DicomReader {
    private static final int UNDEFINED = -1;
    private static final int DEPTH = 32; // sequences in sequences; standard objects have fewer than 10
    private static final long MOST_UNPACKED = 1 << 25; // bytes before the pixels of a deflated file

    private final Path file;
    private final boolean explicit;
    private final boolean deflated;
    private @Nullable PixelData pixels;

    private DicomReader(Path file, boolean explicit, boolean deflated) {
        this.file = file;
        this.explicit = explicit;
        this.deflated = deflated;
    }

    /**
     * Reads a file.
     *
     * @throws VolumeFormatException if it is not DICOM or is damaged
     */
    static DicomFile read(Path file) throws IOException {
        try (ByteSource in = open(file)) {
            DataSet meta = new DataSet();
            TransferSyntax syntax = start(file, in, meta);
            DicomReader reader = new DicomReader(file, syntax.explicit(), syntax.deflated());
            DataSet data = new DataSet();
            try (ByteSource body = syntax.deflated() ? in.inflated() : in.order(syntax.bigEndian())) {
                reader.into(data, body, body.at() + body.remaining(), 0);
            }
            if (data.isEmpty() && reader.pixels == null) {
                throw new VolumeFormatException(file, Fault.TRUNCATED, "a data set", "none behind its beginning");
            }
            return new DicomFile(file, syntax, meta, data, reader.pixels);
        } catch (EOFException e) {
            VolumeFormatException damaged =
                    new VolumeFormatException(file, Fault.TRUNCATED, "a whole DICOM file", e.getMessage() + "");
            damaged.initCause(e);
            throw damaged;
        } catch (DataSet.MalformedException e) {
            throw malformed(file, e);
        }
    }

    /** A refusal of a value. */
    static VolumeFormatException malformed(Path file, DataSet.MalformedException e) {
        VolumeFormatException malformed = new VolumeFormatException(file, "numbers in its header", e.getMessage() + "");
        malformed.initCause(e);
        return malformed;
    }

    /** What the data set of a deflated file unpacks to, from its first byte on. */
    static ByteSource unpacked(Path file) throws IOException {
        ByteSource in = open(file);
        try {
            start(file, in, new DataSet());
            return in.inflated();
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static ByteSource open(Path file) throws IOException {
        return ByteSource.of(Files.newInputStream(file), Files.size(file));
    }

    /** Goes to the data set, and tells how it is written. */
    private static TransferSyntax start(Path file, ByteSource in, DataSet meta) throws IOException {
        Sniffer start = Sniffer.of(in.peek(Sniffer.BYTES));
        if (start == null) {
            throw new VolumeFormatException(file, "a DICOM file", "another kind of file");
        }
        in.skip(start.start());
        if (!start.meta()) {
            return start.syntax();
        }
        new DicomReader(file, true, false).metaInto(meta, in);
        String uid = meta.string(Tag.TRANSFER_SYNTAX_UID);
        return uid == null ? Sniffer.guess(in.peek(8), 0) : TransferSyntax.of(uid);
    }

    /** File meta information: the elements of group 2. */
    private void metaInto(DataSet meta, ByteSource in) throws IOException {
        for (byte[] next = in.peek(2); next.length == 2 && next[0] == 2 && next[1] == 0; next = in.peek(2)) {
            element(meta, in, in.tag(), 0);
        }
    }

    /** The elements up to a place, or up to the mark that ends an item. */
    private void into(DataSet set, ByteSource in, long end, int depth) throws IOException {
        while (pixels == null && in.at() < end) {
            if (in.peek(8).length < 8 && depth == 0) {
                if (in.peek(1).length == 0 || isBlank(in.peek(8))) { // what fills up a block of a tape or disk
                    return;
                }
            }
            int tag = in.tag();
            if (tag == Tag.ITEM_END) {
                in.i32();
                return;
            }
            element(set, in, tag, depth);
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void element(DataSet set, ByteSource in, int tag, int depth) throws IOException {
        byte[] letters = in.peek(2);
        Vr vr = explicit && letters.length == 2 ? Vr.of(letters[0], letters[1]) : null;
        int length;
        if (vr == null) { // implicit, or an element without two letters in an explicit file
            length = in.i32();
            vr = Tag.vr(tag);
        } else {
            in.skip(2);
            if (vr.isLong()) {
                in.skip(2);
                length = in.i32();
            } else {
                length = in.u16();
            }
        }
        boolean sequence = vr == Vr.SQ
                || (vr == Vr.UN && Tag.vr(tag) == Vr.SQ)
                || (length == UNDEFINED && (vr == Vr.UN || !explicit));
        if (depth == 0 && isPixels(tag)) {
            pixels = length == UNDEFINED ? encapsulated(tag, vr, in, set) : plain(tag, vr, in, length & 0xffffffffL);
        } else if (sequence) {
            sequence(set, in, tag, vr, length, depth);
        } else if (length == UNDEFINED) {
            fragments(in, new ArrayList<>()); // a compressed icon
        } else {
            value(set, in, tag, vr, length & 0xffffffffL);
        }
    }

    private static boolean isPixels(int tag) {
        return tag == Tag.PIXEL_DATA || tag == Tag.FLOAT_PIXEL_DATA || tag == Tag.DOUBLE_FLOAT_PIXEL_DATA;
    }

    private void value(DataSet set, ByteSource in, int tag, Vr vr, long length) throws IOException {
        byte[] value = bytes(in, tag, length);
        if ((tag & 0xffff) == 0) { // a group's length: retired, and no longer true of what is copied
            return;
        }
        if (in.isBigEndian()) {
            swap(value, vr == Vr.AT ? 2 : vr.bytes);
        }
        set.setBytes(tag, vr, value);
    }

    private byte[] bytes(ByteSource in, int tag, long length) throws IOException {
        requireThere(in, tag, length);
        return in.take((int) length);
    }

    private void requireThere(ByteSource in, int tag, long length) throws VolumeFormatException {
        if (length > in.remaining() || length > Integer.MAX_VALUE - 16) {
            throw new VolumeFormatException(
                    file,
                    Fault.TRUNCATED,
                    length + " bytes of the element " + Tag.words(tag),
                    in.remaining() + " bytes up to its end");
        }
        if (deflated && in.at() + length > MOST_UNPACKED) {
            throw new VolumeFormatException(
                    file, "at most " + (MOST_UNPACKED >> 20) + " MiB before the pixels of a deflated file", "more");
        }
    }

    private static void swap(byte[] value, int size) {
        for (int i = 0; size > 1 && i + size <= value.length; i += size) {
            for (int low = i, high = i + size - 1; low < high; low++, high--) {
                byte kept = value[low];
                value[low] = value[high];
                value[high] = kept;
            }
        }
    }

    private void sequence(DataSet set, ByteSource in, int tag, Vr vr, int length, int depth) throws IOException {
        if (depth == DEPTH) {
            throw new VolumeFormatException(file, "at most " + DEPTH + " sequences in each other", "more");
        }
        // an element of unknown representation holds implicit little endian, whatever the file (PS3.5 section 6.2.2)
        DicomReader inside = vr == Vr.UN ? new DicomReader(file, false, deflated) : this;
        if (length == UNDEFINED) {
            boolean high = in.isBigEndian();
            in.order(high && vr != Vr.UN);
            set.setItems(tag, inside.items(in, in.at() + in.remaining(), set.charset(), depth));
            in.order(high);
            return;
        }
        requireThere(in, tag, length & 0xffffffffL);
        ByteSource part = in.part(length);
        part.order(in.isBigEndian() && vr != Vr.UN);
        try {
            set.setItems(tag, inside.items(part, length, set.charset(), depth));
        } catch (EOFException | VolumeFormatException broken) { // its length is known, and what comes after it sound
            set.setBytes(tag, Vr.UN, part.all());
        }
    }

    private List<DataSet> items(ByteSource in, long end, Charset characters, int depth) throws IOException {
        List<DataSet> items = new ArrayList<>();
        while (in.at() < end) {
            int tag = in.tag();
            int length = in.i32();
            if (tag == Tag.SEQUENCE_END) {
                return items;
            }
            if (tag != Tag.ITEM) {
                throw new VolumeFormatException(file, "an item of a sequence", Tag.words(tag));
            }
            DataSet item = new DataSet(characters);
            long to = length == UNDEFINED ? end : in.at() + (length & 0xffffffffL);
            if (to > end) {
                throw new EOFException("an item that goes on behind the end of its sequence");
            }
            into(item, in, to, depth + 1);
            items.add(item);
        }
        return items;
    }

    private PixelData plain(int tag, Vr vr, ByteSource in, long length) {
        boolean complete = length <= in.remaining();
        return new PixelData(tag, vr, false, new Span(in.at(), length), List.of(), new long[0], complete);
    }

    /** Pixels in pieces (PS3.5 section A.4): the first is the table of offsets. */
    private PixelData encapsulated(int tag, Vr vr, ByteSource in, DataSet set) throws IOException {
        long from = in.at();
        List<Span> pieces = new ArrayList<>();
        long[] offsets = new long[0];
        if (in.peek(8).length == 8 && in.tag() == Tag.ITEM) {
            byte[] bytes = bytes(in, tag, in.i32() & 0xffffffffL);
            offsets = bytes.length % 4 == 0
                    ? new DataSet().setBytes(tag, Vr.UL, bytes).longs(tag)
                    : offsets;
        }
        boolean complete = fragments(in, pieces);
        long[] extended = set.longs(Tag.EXTENDED_OFFSET_TABLE);
        offsets = extended.length > 0 ? extended : offsets;
        return new PixelData(tag, vr, true, new Span(from, in.at() - from), pieces, offsets, complete);
    }

    /** Pieces up to the mark after the last; whether it is there. */
    private boolean fragments(ByteSource in, List<Span> pieces) throws IOException {
        while (in.peek(8).length == 8) {
            int tag = in.tag();
            long length = in.i32() & 0xffffffffL;
            if (tag == Tag.SEQUENCE_END) {
                return true;
            }
            if (tag != Tag.ITEM) {
                throw new VolumeFormatException(file, "a piece of compressed pixels", Tag.words(tag));
            }
            if (length > in.remaining()) {
                return false;
            }
            pieces.add(new Span(in.at(), length));
            in.skip(length);
        }
        return false;
    }
}
