package org.voco4j.volume.format.dicom.codec;

import java.util.Arrays;

/** What packets have told of a block of coefficients: its passes, the segments of code they lie in, and where those are. */
final class J2kBlock {
    /** Planes above the first that is coded. */
    final int emptyPlanes;

    /** Bits of a length, before those for several passes (T.800 section B.10.7.1). */
    int lengthBits = 3;

    /** Coding passes so far. */
    int passes;

    /** Bytes that the packet being read has of it; 0 for none. */
    int pending;

    private int openTo; // the pass at which the last segment ends
    private int segments;
    private int[] ends = new int[1]; // by segment: the pass after its last
    private int[] lengths = new int[1]; // by segment: bytes
    private int chunks;
    private int[] offsets = new int[1]; // by chunk: the first byte in the stream
    private int[] sizes = new int[1]; // by chunk: bytes

    J2kBlock(int emptyPlanes) {
        this.emptyPlanes = emptyPlanes;
    }

    /** How many of the next passes lie in one segment; opens it. */
    int room(int style) {
        if (passes == openTo) {
            openTo = end(passes, style);
            ends = segments == ends.length ? Arrays.copyOf(ends, 2 * segments) : ends;
            lengths = segments == lengths.length ? Arrays.copyOf(lengths, 2 * segments) : lengths;
            lengths[segments++] = 0;
        }
        return openTo - passes;
    }

    /** The pass at which a segment that begins with one ends (T.800 table D.9). */
    private static int end(int pass, int style) {
        if ((style & J2kCoding.TERMINATE) != 0) {
            return pass + 1;
        }
        if ((style & J2kCoding.BYPASS) != 0) {
            return pass < 10 ? 10 : kind(pass) == 0 ? pass + 2 : pass + 1;
        }
        return Integer.MAX_VALUE;
    }

    /** What a pass does: 0 finds significant coefficients, 1 refines, 2 cleans up, with which a block begins. */
    static int kind(int pass) {
        return (pass + 2) % 3;
    }

    /** Adds passes to the last segment. */
    void extend(int more, int bytes) {
        passes += more;
        ends[segments - 1] = passes;
        lengths[segments - 1] += bytes;
        pending += bytes;
    }

    /** Takes the bytes of a packet, which it has passed over. */
    void take(ByteInput in) throws FrameException {
        if (pending > 0) {
            offsets = chunks == offsets.length ? Arrays.copyOf(offsets, 2 * chunks) : offsets;
            sizes = chunks == sizes.length ? Arrays.copyOf(sizes, 2 * chunks) : sizes;
            offsets[chunks] = in.part(pending).at;
            sizes[chunks++] = pending;
            pending = 0;
        }
    }

    int segments() {
        return segments;
    }

    /** The pass after the last of a segment. */
    int end(int segment) {
        return ends[segment];
    }

    /** How many bytes a segment has. */
    int length(int segment) {
        return lengths[segment];
    }

    /** All bytes of all segments; in a buffer that may be longer. */
    byte[] bytes(byte[] stream, byte[] buffer) {
        int total = 0;
        for (int i = 0; i < chunks; i++) {
            total += sizes[i];
        }
        byte[] all = total > buffer.length ? new byte[total] : buffer;
        int at = 0;
        for (int i = 0; i < chunks; i++) {
            System.arraycopy(stream, offsets[i], all, at, sizes[i]);
            at += sizes[i];
        }
        return all;
    }
}
