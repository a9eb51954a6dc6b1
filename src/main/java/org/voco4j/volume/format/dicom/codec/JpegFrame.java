package org.voco4j.volume.format.dicom.codec;

import java.util.List;

/**
 * Frame header of JPEG and JPEG-LS (T.81 section B.2.2, T.87 section C.2.2), checked against what the file says.
 *
 * @param marker which start of frame it is, the second byte of the marker
 * @param precision bits of a sample
 * @param components in the order in which samples of a pixel lie
 */
record JpegFrame(int marker, int precision, List<Component> components) {
    /**
     * One component.
     *
     * @param id what scans call it
     * @param across samples along a row for each unit of all
     * @param down samples along a column for each unit of all
     * @param table which table of quantisation is its own
     */
    record Component(int id, int across, int down, int table) {}

    static JpegFrame read(int marker, ByteInput segment, FrameShape shape) throws FrameException {
        int precision = segment.u8();
        int rows = segment.u16();
        int columns = segment.u16();
        Component[] components = new Component[segment.u8()];
        shape.require(columns, rows, components.length, precision);
        for (int i = 0; i < components.length; i++) {
            int id = segment.u8();
            int sampling = segment.u8();
            components[i] = new Component(id, sampling >> 4, sampling & 15, segment.u8());
        }
        return new JpegFrame(marker, precision, List.of(components));
    }

    /** The place of a component; of the first of them if several have one name. */
    int index(int id) throws FrameException {
        for (int i = 0; i < components.size(); i++) {
            if (components.get(i).id == id) {
                return i;
            }
        }
        throw new FrameException("scans of components of the frame", "one of component " + id);
    }
}
