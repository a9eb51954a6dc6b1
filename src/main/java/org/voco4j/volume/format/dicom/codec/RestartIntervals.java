package org.voco4j.volume.format.dicom.codec;

/** The entropy-coded data of a scan, from restart to restart (T.81 sections B.2.1 and E.2.4). */
final class RestartIntervals {
    private final ByteInput in;
    private int next;

    RestartIntervals(ByteInput in) {
        this.in = in;
    }

    /** The bits of the next interval; the input stands at the marker after it. */
    JpegBits next() throws FrameException {
        if (next > 0) {
            int marker = in.left() < 2 ? 0 : in.u16();
            int expected = 0xffd0 | ((next - 1) & 7);
            if (marker != expected) {
                throw new FrameException(
                        "restart marker " + Integer.toHexString(expected), Integer.toHexString(marker));
            }
        }
        next++;
        int end = JpegBits.end(in, false);
        JpegBits bits = new JpegBits(in.bytes, in.at, end, false);
        in.at = end;
        return bits;
    }
}
