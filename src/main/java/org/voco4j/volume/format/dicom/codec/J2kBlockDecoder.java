package org.voco4j.volume.format.dicom.codec;

import java.util.Arrays;

/** Decodes blocks of coefficients plane by plane, each plane in up to three passes (T.800 annex D). */
final class J2kBlockDecoder {
    // what is known of a coefficient and of its neighbours
    private static final int WEST = 1;
    private static final int EAST = 1 << 1;
    private static final int NORTH = 1 << 2;
    private static final int SOUTH = 1 << 3;
    private static final int NORTH_WEST = 1 << 4;
    private static final int NORTH_EAST = 1 << 5;
    private static final int SOUTH_WEST = 1 << 6;
    private static final int SOUTH_EAST = 1 << 7;
    private static final int AROUND = 0xff; // any neighbour is significant
    private static final int NEGATIVE = 8; // how much higher the bits lie for signs of the first four
    private static final int SIGNIFICANT = 1 << 12;
    private static final int REFINED = 1 << 13;
    private static final int VISITED = 1 << 14;
    private static final int MINUS = 1 << 15;

    // contexts: 0 to 8 of significance, then
    private static final int SIGN = 9;
    private static final int REFINEMENT = 14;
    private static final int RUN = 17;
    private static final int UNIFORM = 18;

    private static final byte[][] SIGNIFICANCE = new byte[4][256]; // by orientation and neighbours

    /** By the first four neighbours and · 16 their signs: the context, and · 32 whether the bit is turned. */
    private static final byte[] SIGNS = new byte[256];

    static {
        for (int around = 0; around < 256; around++) {
            int along = (around & 1) + ((around >> 1) & 1);
            int across = ((around >> 2) & 1) + ((around >> 3) & 1);
            int diagonal = Integer.bitCount(around & 0xf0);
            SIGNIFICANCE[0][around] = SIGNIFICANCE[2][around] = (byte) significance(along, across, diagonal);
            SIGNIFICANCE[1][around] = (byte) significance(across, along, diagonal);
            SIGNIFICANCE[3][around] = (byte) significanceOfDiagonal(along + across, diagonal);
            int sign = 3 * contribution(around, 0) + contribution(around, 2);
            SIGNS[around] = (byte) ((SIGN + Math.abs(sign)) | (sign < 0 ? 32 : 0)); // table D.3
        }
    }

    private final MqDecoder mq = new MqDecoder(19);
    private int[] known = new int[0];
    private int[] sizes = new int[0]; // magnitudes · 2, in the middle of what they may be
    private byte[] buffer = new byte[1 << 12];
    private byte[] significance = SIGNIFICANCE[0];
    private int width;
    private int height;
    private int stride; // of what is known, which has a frame around it
    private boolean causal;

    // of raw bits
    private boolean raw;
    private byte[] bytes = buffer;
    private int at;
    private int end;
    private int last;
    private int left;

    /** Table D.1. */
    private static int significance(int along, int across, int diagonal) {
        if (along == 2) {
            return 8;
        }
        if (along == 1) {
            return across > 0 ? 7 : diagonal > 0 ? 6 : 5;
        }
        return across > 0 ? 2 + across : Math.min(diagonal, 2);
    }

    private static int significanceOfDiagonal(int others, int diagonal) {
        if (diagonal > 2) {
            return 8;
        }
        return diagonal == 2 ? 6 + Math.min(others, 1) : 3 * diagonal + Math.min(others, 2);
    }

    /** Table D.2: what two neighbours say of a sign. */
    private static int contribution(int around, int first) {
        int sum = 0;
        for (int i = first; i < first + 2; i++) {
            sum += ((around >> i) & 1) * (1 - 2 * ((around >> (i + 4)) & 1));
        }
        return Integer.signum(sum);
    }

    /**
     * Decodes a block.
     *
     * @param planes bits of a coefficient, with those that a region of interest adds
     * @return magnitudes · 2 row by row, negative where the sign is; used again for the next block
     */
    int[] decode(J2kBlock block, byte[] stream, int blockWidth, int blockHeight, int orientation, int planes, int style)
            throws FrameException {
        width = blockWidth;
        height = blockHeight;
        stride = width + 2;
        known = cleared(known, stride * (height + 2));
        sizes = cleared(sizes, width * height);
        significance = SIGNIFICANCE[orientation];
        causal = (style & J2kCoding.CAUSAL) != 0;
        int plane = planes - block.emptyPlanes - 1;
        if (plane > 29 || block.passes > 3 * plane + 1) {
            throw new FrameException(
                    "blocks of at most " + planes + " planes",
                    block.passes + " passes from plane " + block.emptyPlanes + " on");
        }
        bytes = block.bytes(stream, buffer);
        buffer = bytes;
        reset();
        int from = 0;
        int pass = 0;
        for (int segment = 0; segment < block.segments(); segment++) {
            int to = from + block.length(segment);
            raw = (style & J2kCoding.BYPASS) != 0 && pass >= 10 && J2kBlock.kind(pass) != 2;
            if (raw) {
                at = from;
                end = to;
                last = 0;
                left = 0;
            } else {
                mq.start(bytes, from, to);
            }
            for (; pass < block.end(segment); pass++) {
                switch (J2kBlock.kind(pass)) {
                    case 0 -> findSignificant(plane);
                    case 1 -> refine(plane);
                    default -> {
                        cleanUp(plane--);
                        if ((style & J2kCoding.SYMBOLS) != 0) {
                            symbols();
                        }
                    }
                }
                if ((style & J2kCoding.RESET) != 0) {
                    reset();
                }
            }
            from = to;
        }
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                if ((known[(y + 1) * stride + x + 1] & MINUS) != 0) {
                    sizes[i] = -sizes[i];
                }
            }
        }
        return sizes;
    }

    private static int[] cleared(int[] array, int length) {
        if (array.length < length) {
            return new int[length];
        }
        Arrays.fill(array, 0, length, 0);
        return array;
    }

    /** Table D.7. */
    private void reset() {
        for (int context = 0; context < 19; context++) {
            mq.set(context, 0);
        }
        mq.set(0, 4);
        mq.set(RUN, 3);
        mq.set(UNIFORM, 46);
    }

    private int rawBit() {
        if (left == 0) {
            left = last == 0xff ? 7 : 8;
            last = at < end ? bytes[at++] & 0xff : 0xff;
        }
        left--;
        return (last >> left) & 1;
    }

    private void findSignificant(int plane) {
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int f = (top + 1) * stride + x + 1;
                for (int y = top; y < bottom; y++, f += stride) {
                    int flags = known[f];
                    if ((flags & SIGNIFICANT) == 0 && (flags & AROUND) != 0) {
                        if ((raw ? rawBit() : mq.bit(significance[flags & AROUND])) == 1) {
                            found(f, x, y, plane);
                        }
                        known[f] |= VISITED;
                    }
                }
            }
        }
    }

    private void refine(int plane) {
        int half = 1 << plane;
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int f = (top + 1) * stride + x + 1;
                for (int y = top; y < bottom; y++, f += stride) {
                    int flags = known[f];
                    if ((flags & (SIGNIFICANT | VISITED)) == SIGNIFICANT) {
                        int context =
                                (flags & REFINED) != 0 ? REFINEMENT + 2 : REFINEMENT + ((flags & AROUND) != 0 ? 1 : 0);
                        int bit = raw ? rawBit() : mq.bit(context);
                        sizes[y * width + x] += bit == 1 ? half : -half;
                        known[f] = flags | REFINED;
                    }
                }
            }
        }
    }

    private void cleanUp(int plane) {
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int f = (top + 1) * stride + x + 1;
                int y = top;
                if (bottom == top + 4 && isQuiet(f)) {
                    if (mq.bit(RUN) == 0) {
                        continue;
                    }
                    int quiet = 2 * mq.bit(UNIFORM);
                    quiet += mq.bit(UNIFORM);
                    y += quiet;
                    f += quiet * stride;
                    found(f, x, y, plane);
                    y++;
                    f += stride;
                }
                for (; y < bottom; y++, f += stride) {
                    int flags = known[f];
                    if ((flags & (SIGNIFICANT | VISITED)) == 0 && mq.bit(significance[flags & AROUND]) == 1) {
                        found(f, x, y, plane);
                    }
                    known[f] &= ~VISITED;
                }
            }
        }
    }

    /** Whether four coefficients, one below the other, and all around them are insignificant. */
    private boolean isQuiet(int f) {
        int flags = known[f] | known[f + stride] | known[f + 2 * stride] | known[f + 3 * stride];
        return (flags & (SIGNIFICANT | VISITED | AROUND)) == 0;
    }

    /** A coefficient is found to be significant: its sign follows. */
    private void found(int f, int x, int y, int plane) {
        int minus;
        if (raw) {
            minus = rawBit();
        } else {
            int entry = SIGNS[(known[f] & 15) | ((known[f] >> (NEGATIVE - 4)) & 0xf0)];
            minus = mq.bit(entry & 31) ^ (entry >> 5);
        }
        sizes[y * width + x] = 3 << plane;
        int both = minus << NEGATIVE | 1;
        known[f] |= minus == 1 ? SIGNIFICANT | MINUS : SIGNIFICANT;
        known[f - 1] |= EAST * both;
        known[f + 1] |= WEST * both;
        known[f + stride] |= NORTH * both;
        known[f + stride - 1] |= NORTH_EAST;
        known[f + stride + 1] |= NORTH_WEST;
        if (!causal || (y & 3) != 0) {
            known[f - stride] |= SOUTH * both;
            known[f - stride - 1] |= SOUTH_EAST;
            known[f - stride + 1] |= SOUTH_WEST;
        }
    }

    /** Reads the four bits 1010 that end a plane. */
    private void symbols() throws FrameException {
        int symbols = 0;
        for (int i = 0; i < 4; i++) {
            symbols = symbols << 1 | mq.bit(UNIFORM);
        }
        if (symbols != 10) {
            throw new FrameException("the bits 1010 at the end of a plane", Integer.toBinaryString(symbols));
        }
    }
}
