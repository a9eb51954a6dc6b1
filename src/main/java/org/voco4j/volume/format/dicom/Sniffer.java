package org.voco4j.volume.format.dicom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a DICOM file by its first bytes.
 *
 * <p>A file of PS3.10 has 128 bytes of anything, {@code DICM} and file meta information. Older ones lack the first, the
 * second or all of them and begin with the data set, in one of three ways to write it: that is taken for DICOM if two
 * elements that begin a data set follow each other.
 *
 * @param start where the file meta information, or else the data set, begins
 * @param meta whether there is file meta information
 * @param syntax how the data set is written where nothing says it
 */
record Sniffer(int start, boolean meta, TransferSyntax syntax) {
    /** The bytes it looks at. */
    static final int BYTES = 1024;

    private static final byte[] MAGIC = "DICM".getBytes(StandardCharsets.US_ASCII);
    private static final int PREAMBLE = 128;

    /** What a file's first bytes say; null if it is not DICOM. */
    static @Nullable Sniffer of(byte[] head) {
        for (int at : new int[] {PREAMBLE, 0}) {
            if (head.length >= at + MAGIC.length
                    && Arrays.equals(head, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                int start = at + MAGIC.length;
                boolean meta = u16(head, start, false) == 2;
                return new Sniffer(start, meta, guess(head, start));
            }
        }
        if (u16(head, 0, false) == 2 && u16(head, 2, false) <= 2 && vr(head, 0) != null) {
            return new Sniffer(0, true, TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        }
        TransferSyntax guess = guess(head, 0);
        int second = next(head, 0, guess);
        boolean sound = second > 0 && next(head, second, guess) > 0 && tag(head, 0, guess) < tag(head, second, guess);
        return sound ? new Sniffer(0, false, guess) : null;
    }

    /** How a data set seems to be written. */
    static TransferSyntax guess(byte[] head, int start) {
        if (u16(head, start, true) < u16(head, start, false)) { // the first groups are small numbers
            return TransferSyntax.EXPLICIT_BIG_ENDIAN;
        }
        return vr(head, start) == null ? TransferSyntax.IMPLICIT_LITTLE_ENDIAN : TransferSyntax.EXPLICIT_LITTLE_ENDIAN;
    }

    /** The place after an element that can be one of the first; −1 if this one cannot. */
    private static int next(byte[] head, int at, TransferSyntax syntax) {
        boolean high = syntax.bigEndian();
        int tag = tag(head, at, syntax);
        Vr vr = vr(head, at);
        if (tag < 0x0008_0000 || tag > 0x0010_4000 || at + 12 > head.length) {
            return -1;
        }
        long length;
        int header = 8;
        if (!syntax.explicit()) {
            length = u32(head, at + 4, high);
        } else if (vr == null || vr == Vr.UN) {
            return -1;
        } else if (vr.isLong()) {
            length = u32(head, at + 8, high);
            header = 12;
        } else {
            length = u16(head, at + 6, high);
        }
        return length % 2 == 0 && length < head.length - at - header ? (int) (at + header + length) : -1;
    }

    private static int tag(byte[] head, int at, TransferSyntax syntax) {
        return (u16(head, at, syntax.bigEndian()) << 16) | u16(head, at + 2, syntax.bigEndian());
    }

    private static @Nullable Vr vr(byte[] head, int at) {
        return at + 6 > head.length ? null : Vr.of(head[at + 4], head[at + 5]);
    }

    private static long u32(byte[] head, int at, boolean high) {
        long first = u16(head, at, high);
        long second = u16(head, at + 2, high);
        return high ? (first << 16) | second : (second << 16) | first;
    }

    /** 65535 behind the end, which is no group that begins anything. */
    private static int u16(byte[] head, int at, boolean high) {
        if (at + 2 > head.length) {
            return 0xffff;
        }
        int low = head[at] & 0xff;
        int next = head[at + 1] & 0xff;
        return high ? (low << 8) | next : (next << 8) | low;
    }
}
