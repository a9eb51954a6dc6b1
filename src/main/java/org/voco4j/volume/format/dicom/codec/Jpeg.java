package org.voco4j.volume.format.dicom.codec;

/**
 * JPEG by Huffman codes (T.81): baseline and extended sequential of 8 and 12 bits, and lossless; which of them it is says
 * the code stream.
 *
 * <p>Components of lower resolution are repeated. Colours stay what they are, mostly YBR.
 */
final class Jpeg implements FrameCodec {
    @Override
    public short[] decode(byte[] stream, int from, int to, FrameShape shape, short[] room) throws FrameException {
        return new Stream(shape, room).decode(new ByteInput(stream, from, to));
    }

    /** One stream. */
    private static final class Stream extends JpegStream {
        private static final int BASELINE = 0xc0;
        private static final int EXTENDED = 0xc1;
        private static final int LOSSLESS = 0xc3;
        private static final int HUFFMAN = 0xc4;
        private static final int QUANTISATION = 0xdb;

        private final JpegTables tables = new JpegTables();

        Stream(FrameShape shape, short[] room) {
            super(shape, room);
        }

        @Override
        void frame(JpegFrame frame) throws FrameException {
            boolean right = switch (frame.marker()) {
                case BASELINE, EXTENDED -> frame.precision() == 8 || frame.precision() == 12;
                case LOSSLESS -> true;
                default -> false;
            };
            if (!right) {
                throw otherKind("sequential JPEG of 8 or 12 bits, or lossless, by Huffman codes", frame);
            }
        }

        @Override
        void table(int marker, ByteInput segment) throws FrameException {
            if (marker == HUFFMAN) {
                tables.codes(segment);
            } else if (marker == QUANTISATION) {
                tables.quantisation(segment);
            }
        }

        @Override
        void scan(JpegFrame frame, JpegScan scan, ByteInput entropy) throws FrameException {
            if (frame.marker() == LOSSLESS) {
                new LosslessScan(frame, scan, tables, shape, samples).decode(entropy, restart);
            } else {
                new DctScan(frame, scan, tables, shape, samples).decode(entropy, restart);
            }
        }
    }
}
