package org.voco4j.volume.format.dicom.codec;

/** A table of Huffman codes of up to 16 bits (T.81 annex C and section F.2.2.3). */
final class HuffmanTable {
    private static final int SHORT = 9; // codes up to so many bits are looked up at once

    /** By the next bits: length · 256 + symbol; 0 for longer codes, and for what is none. */
    private final short[] entries = new short[1 << SHORT];

    /** By length: the codes of 16 bits from which on codes are longer. */
    private final int[] limits = new int[17];

    /** By length: where the symbol of code 0 of that length would lie. */
    private final int[] offsets = new int[17];

    private final byte[] symbols;

    private HuffmanTable(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * Reads a table: how many codes there are of each length, then their symbols.
     *
     * @param largest the largest symbol that has a meaning
     */
    static HuffmanTable read(ByteInput segment, int largest) throws FrameException {
        int[] counts = new int[17];
        int total = 0;
        for (int length = 1; length <= 16; length++) {
            counts[length] = segment.u8();
            total += counts[length];
        }
        HuffmanTable table = new HuffmanTable(new byte[Math.min(total, segment.left())]);
        for (int i = 0; i < total; i++) {
            int symbol = segment.u8();
            if (symbol > largest) {
                throw new FrameException("symbols of a Huffman table of at most " + largest, Integer.toString(symbol));
            }
            table.symbols[i] = (byte) symbol;
        }
        int code = 0;
        int first = 0;
        for (int length = 1; length <= 16; length++) {
            code <<= 1;
            table.offsets[length] = first - code;
            for (int i = 0; i < counts[length] && length <= SHORT; i++) {
                table.enter(code + i, length, table.symbols[first + i] & 0xff);
            }
            first += counts[length];
            code += counts[length];
            if (code > 1 << length) {
                throw new FrameException(
                        "Huffman codes of which none begins another", "too many of " + length + " bits");
            }
            table.limits[length] = code << (16 - length);
        }
        return table;
    }

    private void enter(int code, int length, int symbol) {
        int from = code << (SHORT - length);
        int to = Math.min(entries.length, (code + 1) << (SHORT - length)); // of too many codes, which are refused then
        for (int i = from; i < to; i++) {
            entries[i] = (short) (length << 8 | symbol);
        }
    }

    /** Length · 256 + symbol of the code with which 16 bits begin; 0 if with none. */
    int entry(int bits) {
        int entry = entries[bits >> (16 - SHORT)];
        if (entry != 0) {
            return entry;
        }
        for (int length = SHORT + 1; length <= 16; length++) {
            if (bits < limits[length]) {
                return (length << 8) | (symbols[offsets[length] + (bits >> (16 - length))] & 0xff);
            }
        }
        return 0;
    }
}
