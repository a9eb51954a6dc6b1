package org.voco4j.volume.format.dicom;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.volume.VolumeFormatException;

/**
 * Where a frame lies: its own elements, or the functional groups of a file of several (PS3.3 sections C.7.6.2, C.7.6.16.2).
 *
 * @param place holds Image Position (Patient)
 * @param plane holds Image Orientation (Patient)
 * @param measures holds Pixel Spacing
 */
record FrameGeometry(DataSet place, DataSet plane, DataSet measures) {

    /**
     * That of each frame of a file.
     *
     * @throws VolumeFormatException if one does not say where it lies
     */
    static List<FrameGeometry> of(DicomFile file) throws VolumeFormatException {
        DataSet data = file.data();
        List<DataSet> groups = data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        List<FrameGeometry> frames = new ArrayList<>();
        for (DataSet group : groups) {
            frames.add(new FrameGeometry(
                    group(data, group, Tag.PLANE_POSITION_SEQUENCE),
                    group(data, group, Tag.PLANE_ORIENTATION_SEQUENCE),
                    group(data, group, Tag.PIXEL_MEASURES_SEQUENCE)));
        }
        if (groups.isEmpty()) {
            frames.add(new FrameGeometry(data, data, data));
        }
        for (FrameGeometry frame : frames) {
            if (frame.position().length != 3 || frame.orientation().length != 6 || frame.spacing().length != 2) {
                throw new VolumeFormatException(
                        file.path(),
                        "position, orientation and spacing of each frame",
                        frame.position().length + ", " + frame.orientation().length + " and " + frame.spacing().length
                                + " numbers");
            }
        }
        return frames;
    }

    /** A functional group of a frame: its own, else that of all; empty if there is neither. */
    static DataSet group(DataSet data, DataSet own, int tag) {
        DataSet found = own.item(tag);
        DataSet shared = data.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        if (found == null && shared != null) {
            found = shared.item(tag);
        }
        return found == null ? new DataSet() : found;
    }

    /** Of the first pixel's centre, left-posterior-superior, mm. */
    double[] position() {
        return place.doubles(Tag.IMAGE_POSITION_PATIENT);
    }

    /** The directions along a row and along a column. */
    double[] orientation() {
        return plane.doubles(Tag.IMAGE_ORIENTATION_PATIENT);
    }

    /** From row to row, and from column to column, mm. */
    double[] spacing() {
        return measures.doubles(Tag.PIXEL_SPACING);
    }

    /** From slice to slice, or else the thickness of one, mm; 0 if neither is said. */
    double distance() {
        return Math.abs(measures.number(Tag.SPACING_BETWEEN_SLICES, measures.number(Tag.SLICE_THICKNESS, 0)));
    }

    /** The centre of a pixel, left-posterior-superior, mm. */
    double[] at(int column, int row) {
        double[] at = position().clone();
        double[] orientation = orientation();
        double[] spacing = spacing();
        for (int d = 0; d < 3; d++) {
            at[d] += column * spacing[1] * orientation[d] + row * spacing[0] * orientation[3 + d];
        }
        return at;
    }
}
