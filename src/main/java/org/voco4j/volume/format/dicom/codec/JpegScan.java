package org.voco4j.volume.format.dicom.codec;

import java.util.Arrays;

/**
 * Scan header of JPEG and JPEG-LS (T.81 section B.2.3, T.87 section C.2.3).
 *
 * @param components which of the frame's are coded, from 0 on
 * @param tables for each of them what tables it takes: those of Huffman codes, or of mapped values
 * @param first start of the spectrum, kind of predictor, or largest difference (JPEG-LS)
 * @param last end of the spectrum, or kind of interleaving (JPEG-LS)
 * @param shift the point transform: low bits that are left out
 */
record JpegScan(int[] components, int[] tables, int first, int last, int shift) {
    static JpegScan read(ByteInput segment, JpegFrame frame, boolean[] decoded) throws FrameException {
        int count = segment.u8();
        if (count < 1 || count > frame.components().size()) {
            throw new FrameException(
                    "a scan of 1 to " + frame.components().size() + " components", count + " components");
        }
        int[] components = new int[count];
        int[] tables = new int[count];
        for (int i = 0; i < count; i++) {
            components[i] = frame.index(segment.u8());
            tables[i] = segment.u8();
            if (decoded[components[i]]) {
                throw new FrameException("one scan of each component", "a second of the same");
            }
            decoded[components[i]] = true;
        }
        return new JpegScan(components, tables, segment.u8(), segment.u8(), segment.u8());
    }

    JpegFrame.Component component(JpegFrame frame, int i) {
        return frame.components().get(components[i]);
    }

    @Override
    public String toString() {
        return "components " + Arrays.toString(components);
    }
}
