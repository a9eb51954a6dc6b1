package org.voco4j.volume.format.dicom.codec;

/**
 * How a component is transformed and its blocks are coded (T.800 tables A.15 to A.21).
 *
 * @param levels how often the wavelet transform halves the resolution
 * @param blockWidth binary logarithm of the columns of a block
 * @param blockHeight binary logarithm of the rows of a block
 * @param style which passes of blocks end, pass by, forget or check what
 * @param reversible whether the transform is that of whole numbers, 5-3, rather than 9-7
 * @param precincts by resolution: binary logarithms of the rows · 16 and columns of a precinct
 */
record J2kCoding(int levels, int blockWidth, int blockHeight, int style, boolean reversible, int[] precincts) {
    /** Styles of blocks: passes of raw bits. */
    static final int BYPASS = 1;

    /** Styles of blocks: contexts begin anew with each pass. */
    static final int RESET = 2;

    /** Styles of blocks: each pass has a code of its own. */
    static final int TERMINATE = 4;

    /** Styles of blocks: contexts do not look at the stripe below. */
    static final int CAUSAL = 8;

    /** Styles of blocks: four known bits end a plane. */
    static final int SYMBOLS = 32;

    private static final int KNOWN = 63; // with predictable ends, which only tell of damage

    static J2kCoding read(ByteInput segment, boolean ownPrecincts) throws FrameException {
        int levels = segment.u8();
        int blockWidth = segment.u8() + 2;
        int blockHeight = segment.u8() + 2;
        int style = segment.u8();
        int transform = segment.u8();
        if (levels > 32 || blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12 || transform > 1) {
            throw new FrameException(
                    "up to 32 levels of wavelets 0 or 1 in blocks of up to 4096",
                    levels + " levels of wavelet " + transform + " in blocks of 2^" + blockWidth + " x 2^"
                            + blockHeight);
        }
        if ((style & ~KNOWN) != 0) {
            throw new FrameException(
                    "JPEG 2000 of styles below 64", "style " + style + ", as of High-Throughput JPEG 2000");
        }
        int[] precincts = new int[levels + 1];
        for (int r = 0; r <= levels; r++) {
            precincts[r] = ownPrecincts ? segment.u8() : 0xff;
            if (r > 0 && ((precincts[r] & 15) == 0 || precincts[r] >> 4 == 0)) {
                throw new FrameException("precincts of at least 2x2 above the lowest resolution", "smaller ones");
            }
        }
        return new J2kCoding(levels, blockWidth, blockHeight, style, transform == 1, precincts);
    }
}
