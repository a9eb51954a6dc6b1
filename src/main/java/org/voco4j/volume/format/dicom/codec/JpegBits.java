package org.voco4j.volume.format.dicom.codec;

/** Bits of entropy-coded data between two markers, first the highest of each byte, without what is stuffed in after FF. */
final class JpegBits {
    private final byte[] bytes;
    private final int end;
    private final boolean bitStuffed;
    private int at;
    private int last;
    private long window; // the next bits, from the highest on
    private int count;
    private int lent; // zeros that stand for bits after the end

    /**
     * Over some bytes.
     *
     * @param bitStuffed whether a bit 0 follows FF, as in JPEG-LS, rather than a byte 0
     */
    JpegBits(byte[] bytes, int from, int to, boolean bitStuffed) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.bitStuffed = bitStuffed;
        fill();
    }

    /** The end of what can be entropy-coded data, from a place on: the next marker, or the end of the stream. */
    static int end(ByteInput in, boolean bitStuffed) {
        int largest = bitStuffed ? 0x7f : 0;
        for (int i = in.at; i < in.end - 1; i++) {
            if (in.bytes[i] == -1 && (in.bytes[i + 1] & 0xff) > largest) {
                return i;
            }
        }
        return in.end;
    }

    /** At least 32 bits will be there, zeros after the end. */
    void fill() {
        while (count <= 56) {
            int width = 8;
            int next = 0;
            if (at >= end) {
                lent += 8;
            } else {
                next = bytes[at++] & 0xff;
                if (bitStuffed) {
                    width = last == 0xff ? 7 : 8;
                    last = next;
                } else if (next == 0xff) {
                    at++;
                }
            }
            window |= (long) next << (64 - width - count);
            count += width;
        }
    }

    /** The next bits, 1 to 31 of them, which stay; only those filled in are there. */
    int peek(int n) {
        return (int) (window >>> (64 - n));
    }

    void drop(int n) {
        window <<= n;
        count -= n;
        if (count < 32) {
            fill();
        }
    }

    /** The next bits as a number, at most 16. */
    int take(int n) {
        if (n == 0) {
            return 0;
        }
        int value = peek(n);
        drop(n);
        return value;
    }

    /** How many zeros come before the next 1, which is dropped with them. */
    int zeros() {
        int zeros = 0;
        int here = Long.numberOfLeadingZeros(window);
        while (here >= 32 && !overdrawn()) { // a damaged stream may have many
            zeros += 32;
            drop(32);
            here = Long.numberOfLeadingZeros(window);
        }
        drop(Math.min(here, 31) + 1);
        return zeros + here;
    }

    /** The next number of T.81 section F.2.2.1 or H.1.2.2: a category by its Huffman code, then the bits that belong to it. */
    int difference(HuffmanTable table) throws FrameException {
        int category = symbol(table);
        if (category == 16) {
            return 32768;
        }
        return extended(category);
    }

    /** Bits of a category as the number they stand for: those that begin with 0 are negative (T.81 figure F.12). */
    int extended(int category) {
        if (category == 0) {
            return 0;
        }
        int value = take(category);
        return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
    }

    /** The next symbol. */
    int symbol(HuffmanTable table) throws FrameException {
        int entry = table.entry(peek(16));
        if (entry == 0) {
            throw new FrameException("Huffman codes of the table", "another");
        }
        drop(entry >> 8);
        return entry & 0xff;
    }

    /** Whether more was taken than was there. */
    boolean overdrawn() {
        return lent > count;
    }

    /** Complains if more was taken than was there. */
    void requireWithin() throws FrameException {
        if (overdrawn()) {
            throw new FrameException("samples of the whole frame", "an end of data before the last of them");
        }
    }
}
