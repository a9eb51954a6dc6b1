package org.voco4j.volume.format.dicom;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.SegmentNames;
import org.voco4j.volume.Shape3;

/**
 * The frames of a segmentation of a label map: for each segment the slices that show it, one bit a pixel; or the slices
 * that show any, the label map's values in bytes. What shows nothing is left out, but for one frame, since there must be one.
 *
 * @param frames in the order in which they are kept
 * @param pixels of all frames one after the other, rows within a frame; bits begin at the lowest of a byte and go on from
 *     frame to frame without a gap (PS3.5 section 8.1.1, PS3.3 section C.8.20.2)
 */
record SegmentFrames(List<Frame> frames, byte[] pixels) {

    /**
     * A frame.
     *
     * @param segment number of the segment, from 1; 0 for the values of all
     * @param slice number of the label map's slice, from 0
     */
    record Frame(int segment, int slice) {}

    /**
     * The frames of a label map.
     *
     * @param together whether each frame holds the values of all segments
     * @throws IllegalArgumentException if they take 2^31 bytes or more
     */
    static SegmentFrames of(LabelMap labels, SegmentNames names, boolean together) {
        boolean[][] members = together
                ? new boolean[][] {shown(names.segments())}
                : new boolean[names.segments().size()][];
        for (int i = 0; i < members.length && !together; i++) {
            members[i] = shown(List.of(names.segments().get(i)));
        }
        Shape3 shape = labels.shape();
        boolean[][] inSlice = new boolean[shape.z()][256];
        for (int i = 0; i < labels.classes().length; i++) {
            inSlice[i % shape.z()][labels.at(i)] = true;
        }
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            for (int z = 0; z < shape.z(); z++) {
                if (meet(members[i], inSlice[z])) {
                    frames.add(new Frame(together ? 0 : i + 1, z));
                }
            }
        }
        if (frames.isEmpty()) {
            frames.add(new Frame(together ? 0 : 1, 0));
        }
        long pixels = (long) frames.size() * shape.x() * shape.y();
        long bytes = together ? pixels : (pixels + 7) / 8;
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    frames.size() + " frames of " + shape.x() + "x" + shape.y() + " take more than one file can hold");
        }
        byte[] packed = new byte[(int) bytes];
        long at = 0;
        for (Frame frame : frames) {
            boolean[] member = members[Math.max(0, frame.segment - 1)];
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++, at++) {
                    int value = labels.at(shape.index(x, y, frame.slice));
                    if (member[value]) {
                        if (together) {
                            packed[(int) at] = (byte) value;
                        } else {
                            packed[(int) (at >> 3)] |= (byte) (1 << (at & 7));
                        }
                    }
                }
            }
        }
        return new SegmentFrames(frames, packed);
    }

    private static boolean[] shown(List<SegmentNames.Segment> segments) {
        boolean[] shown = new boolean[256];
        segments.forEach(segment -> segment.values().forEach(value -> shown[value] = true));
        return shown;
    }

    private static boolean meet(boolean[] some, boolean[] others) {
        for (int i = 0; i < some.length; i++) {
            if (some[i] && others[i]) {
                return true;
            }
        }
        return false;
    }
}
