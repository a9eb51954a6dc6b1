package org.voco4j.volume.format.dicom.codec;

import org.jspecify.annotations.Nullable;

/** The tables of a JPEG stream as they stand at a scan (T.81 section B.2.4). */
final class JpegTables {
    private static final int[] ZIGZAG = zigzag();

    /** [class · 4 + destination]: class 0 of differences, 1 of coefficients. */
    private final @Nullable HuffmanTable[] codes = new @Nullable HuffmanTable[8];

    private final int[][] factors = new int[4][0];

    void codes(ByteInput segment) throws FrameException {
        while (segment.left() > 0) {
            int which = segment.u8();
            if ((which & ~0x13) != 0) {
                throw new FrameException("Huffman tables of classes 0 and 1, at 0 to 3", "one of " + which);
            }
            codes[(which >> 4 << 2) | (which & 3)] = HuffmanTable.read(segment, which < 16 ? 16 : 255);
        }
    }

    void quantisation(ByteInput segment) throws FrameException {
        while (segment.left() > 0) {
            int which = segment.u8();
            if ((which & ~0x13) != 0) {
                throw new FrameException("tables of quantisation of 8 or 16 bits, at 0 to 3", "one of " + which);
            }
            int[] table = new int[64];
            for (int i = 0; i < 64; i++) {
                table[i] = which < 16 ? segment.u8() : segment.u16();
            }
            factors[which & 3] = table;
        }
    }

    /** The codes of differences for a scan's choice of tables. */
    HuffmanTable differences(int chosen) throws FrameException {
        return there(codes, chosen >> 4);
    }

    /** The codes of coefficients for a scan's choice of tables. */
    HuffmanTable coefficients(int chosen) throws FrameException {
        return there(codes, (chosen & 15) < 4 ? 4 | (chosen & 3) : -1);
    }

    private static HuffmanTable there(@Nullable HuffmanTable[] codes, int at) throws FrameException {
        HuffmanTable table = at >= 0 && at < codes.length ? codes[at] : null;
        if (table == null) {
            throw new FrameException("the Huffman tables of a scan before it", "none");
        }
        return table;
    }

    /** The factors of a table of quantisation, in the order in which coefficients come. */
    int[] factors(int chosen) throws FrameException {
        int[] table = factors[chosen & 3];
        if (chosen > 3 || table.length == 0) {
            throw new FrameException("the table of quantisation of a component before its scan", "none");
        }
        return table;
    }

    /** Where in its block (8 · row + column) the nth coefficient lies (T.81 figure 5). */
    static int place(int n) {
        return ZIGZAG[n];
    }

    private static int[] zigzag() {
        int[] places = new int[64];
        int n = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++) {
            for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i;
                places[n++] = row * 8 + diagonal - row;
            }
        }
        return places;
    }
}
