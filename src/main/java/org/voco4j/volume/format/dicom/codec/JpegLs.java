package org.voco4j.volume.format.dicom.codec;

import java.util.Locale;

/**
 * JPEG-LS (T.87), lossless and near-lossless, components one after the other, line by line or sample by sample; not with
 * mapping tables or restarts, which no encoder of medical images writes.
 */
final class JpegLs implements FrameCodec {
    @Override
    public short[] decode(byte[] stream, int from, int to, FrameShape shape, short[] room) throws FrameException {
        return new Stream(shape, room).decode(new ByteInput(stream, from, to));
    }

    /** One stream. */
    private static final class Stream extends JpegStream {
        private static final int JPEG_LS = 0xf7;
        private static final int PRESETS = 0xf8;

        /** What a segment of presets says: MAXVAL, T1, T2, T3, RESET; 0 for what follows from the others. */
        private int[] presets = new int[5];

        Stream(FrameShape shape, short[] room) {
            super(shape, room);
        }

        @Override
        void frame(JpegFrame frame) throws FrameException {
            if (frame.marker() != JPEG_LS) {
                throw otherKind("JPEG-LS (start of frame FF F7)", frame);
            }
            for (JpegFrame.Component component : frame.components()) {
                if (component.across() != 1 || component.down() != 1) {
                    throw new FrameException("components of full resolution in JPEG-LS", "others");
                }
            }
        }

        @Override
        void table(int marker, ByteInput segment) throws FrameException {
            if (marker == PRESETS) {
                int kind = segment.u8();
                if (kind != 1) {
                    throw new FrameException("presets of JPEG-LS of kind 1, thresholds", "kind " + kind);
                }
                int[] read = new int[5];
                for (int i = 0; i < read.length; i++) {
                    read[i] = segment.u16();
                }
                presets = read;
            }
        }

        @Override
        void scan(JpegFrame frame, JpegScan scan, ByteInput entropy) throws FrameException {
            int count = scan.components().length;
            boolean mapped = false;
            for (int table : scan.tables()) {
                mapped |= table != 0;
            }
            if (mapped || scan.shift() != 0 || restart != 0) {
                throw new FrameException(
                        "JPEG-LS without mapping tables, point transform and restarts", "some of them");
            }
            if (scan.last() > 2 || count > 1 != scan.last() > 0) {
                throw new FrameException(
                        "one component in a scan, or several by lines (1) or samples (2)",
                        String.format(Locale.ROOT, "%d, interleaved in way %d", count, scan.last()));
            }
            int end = JpegBits.end(entropy, true);
            JpegBits bits = new JpegBits(entropy.bytes, entropy.at, end, true);
            entropy.at = end;
            JpegLsModel model = new JpegLsModel(frame.precision(), scan.first(), presets);
            new JpegLsScan(bits, model, shape, samples, scan.components()).decode(scan.last() == 2);
        }
    }
}
