package org.voco4j.volume.format.dicom.codec;

import java.util.Locale;

/** The markers of a stream of JPEG or JPEG-LS (T.81 annex B): tables, one frame, and scans until each component is there. */
abstract class JpegStream {
    static final int START_OF_IMAGE = 0xd8;
    static final int END_OF_IMAGE = 0xd9;
    static final int START_OF_SCAN = 0xda;
    static final int RESTART_INTERVAL = 0xdd;

    final FrameShape shape;

    /** Of the whole frame, once its header has been read. */
    short[] samples;

    /** MCUs between two restarts; 0 for no restarts. */
    int restart;

    JpegStream(FrameShape shape, short[] room) {
        this.shape = shape;
        this.samples = room;
    }

    /** Checks that the frame is of a kind that is decoded, and readies for it. */
    abstract void frame(JpegFrame frame) throws FrameException;

    /** Takes a segment of tables, or leaves aside one that says nothing of samples. */
    abstract void table(int marker, ByteInput segment) throws FrameException;

    /** Decodes what follows a scan header and leaves the input somewhere before the next marker. */
    abstract void scan(JpegFrame frame, JpegScan scan, ByteInput entropy) throws FrameException;

    /** Decodes the whole stream to its samples. */
    final short[] decode(ByteInput in) throws FrameException {
        if (in.left() < 2 || in.u16() != (0xff00 | START_OF_IMAGE)) {
            throw new FrameException("a JPEG stream, which begins with FF D8", "other bytes");
        }
        JpegFrame frame = null;
        boolean[] decoded = new boolean[shape.samplesPerPixel()];
        int left = decoded.length;
        while (left > 0) {
            int marker = marker(in);
            if (marker == END_OF_IMAGE) {
                throw new FrameException(decoded.length + " components", "scans of " + (decoded.length - left));
            }
            ByteInput segment = in.part(in.u16() - 2);
            if (isFrame(marker)) {
                if (frame != null) {
                    throw new FrameException("one frame", "a second");
                }
                frame = JpegFrame.read(marker, segment, shape);
                frame(frame);
                samples = shape.room(samples);
            } else if (marker == RESTART_INTERVAL) {
                restart = segment.u16();
            } else if (marker != START_OF_SCAN) {
                table(marker, segment);
            } else if (frame == null) {
                throw new FrameException("a frame header before the first scan", "none");
            } else {
                JpegScan scan = JpegScan.read(segment, frame, decoded);
                scan(frame, scan, in);
                left -= scan.components().length;
            }
        }
        return samples;
    }

    /** Passes over bytes to the next marker and tells its second byte. */
    private static int marker(ByteInput in) throws FrameException {
        int before = 0;
        while (true) {
            int next = in.u8();
            if (before == 0xff && next != 0xff && next != 0) {
                return next;
            }
            before = next;
        }
    }

    private static boolean isFrame(int marker) {
        return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
                || marker == 0xf7;
    }

    /** A refusal of a frame of another kind. */
    static FrameException otherKind(String expected, JpegFrame frame) {
        String kind = frame.marker() == 0xf7 ? "JPEG-LS" : (frame.marker() & 3) == 2 ? "progressive JPEG" : "JPEG";
        return new FrameException(
                expected, String.format(Locale.ROOT, "%s (start of frame FF %02X)", kind, frame.marker()));
    }
}
