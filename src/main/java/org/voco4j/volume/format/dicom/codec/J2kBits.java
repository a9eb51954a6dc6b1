package org.voco4j.volume.format.dicom.codec;

/** Bits of the header of a packet, with a bit 0 after each byte FF (T.800 section B.10.1). */
final class J2kBits {
    private final ByteInput in;
    private int last;
    private int left;

    J2kBits(ByteInput in) {
        this.in = in;
    }

    int bit() throws FrameException {
        if (left == 0) {
            left = last == 0xff ? 7 : 8;
            last = in.u8();
        }
        left--;
        return (last >> left) & 1;
    }

    /** The next bits as a number, at most 31. */
    int take(int n) throws FrameException {
        int value = 0;
        for (int i = 0; i < n; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    /** Ends the header: what is left of its last byte is of no use. */
    void end() throws FrameException {
        if (last == 0xff) {
            in.u8();
        }
    }
}
