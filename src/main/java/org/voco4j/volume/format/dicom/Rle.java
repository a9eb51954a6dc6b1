package org.voco4j.volume.format.dicom;

import java.util.Arrays;
import org.voco4j.volume.format.dicom.codec.FrameCodec;
import org.voco4j.volume.format.dicom.codec.FrameException;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * Run lengths (PS3.5 annex G): a header of 16 numbers, and a segment for each byte of a sample, the high one first, packed as
 * in TIFF's PackBits.
 */
final class Rle implements FrameCodec {
    /** Keeps nothing. */
    static final FrameCodec CODEC = new Rle();

    private static final int HEADER = 64;
    private static final int LONGEST = 128; // bytes of a run, which takes two

    private Rle() {}

    @Override
    public short[] decode(byte[] stream, int from, int to, FrameShape shape, short[] room) throws FrameException {
        int size = shape.rows() * shape.columns();
        int bytes = shape.bitsAllocated() / 8;
        if (to - from < HEADER || number(stream, from) != bytes) {
            throw new FrameException(
                    bytes + " segments of run lengths", to - from < HEADER ? to - from + " bytes" : "another number");
        }
        if ((long) size * bytes > (long) LONGEST / 2 * (to - from)) {
            throw new FrameException(size + " pixels in run lengths", to - from + " bytes");
        }
        short[] samples = shape.room(room);
        Arrays.fill(samples, 0, size, (short) 0);
        for (int segment = 0; segment < bytes; segment++) {
            long start = number(stream, from + 4 + 4 * segment) & 0xffffffffL;
            if (start < HEADER || start > to - from) {
                throw new FrameException("segments of run lengths within the frame", "one at byte " + start);
            }
            unpack(stream, from + (int) start, to, samples, size, 8 * (bytes - 1 - segment));
        }
        return samples;
    }

    private static void unpack(byte[] stream, int from, int to, short[] samples, int size, int shift)
            throws FrameException {
        int at = from;
        int done = 0;
        while (done < size) {
            int control = at < to ? stream[at++] : 0;
            int run = control >= 0 ? control + 1 : control == -128 ? 0 : 1 - control;
            if (at >= to || (control >= 0 && to - at < run)) {
                throw new FrameException(size + " bytes in a segment of run lengths", String.valueOf(done));
            }
            int count = Math.min(run, size - done); // the last run may fill up an even number
            for (int i = 0; i < count; i++) {
                int value = stream[control >= 0 ? at + i : at] & 0xff;
                samples[done + i] |= (short) (value << shift);
            }
            done += count;
            at += control >= 0 ? run : control == -128 ? 0 : 1;
        }
    }

    private static int number(byte[] stream, int at) {
        return (stream[at] & 0xff)
                | ((stream[at + 1] & 0xff) << 8)
                | ((stream[at + 2] & 0xff) << 16)
                | ((stream[at + 3] & 0xff) << 24);
    }
}
