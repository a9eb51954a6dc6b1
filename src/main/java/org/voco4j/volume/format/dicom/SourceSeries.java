package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.VolumeFormatException;

/**
 * The series that a segmentation refers to: its header, and which image shows which slice.
 *
 * @param header the first image's data set
 * @param slices all frames of all images
 */
record SourceSeries(DataSet header, List<Slice> slices) {
    private static final double TOLERANCE = 0.01; // voxels: positions are decimal text
    private static final CodedTerm PURPOSE =
            new CodedTerm("121322", "DCM", "Source image for image processing operation");

    /**
     * A frame of an image.
     *
     * @param image its data set
     * @param number of the frame, from 1; 0 in an image of one
     * @param geometry holds position, orientation and spacing
     */
    record Slice(DataSet image, int number, FrameGeometry geometry) {}

    /**
     * Reads the headers of a series.
     *
     * @throws VolumeFormatException if a file is not DICOM, or does not say what a segmentation has to refer to
     */
    static SourceSeries read(List<Path> files) throws IOException {
        List<Slice> slices = new ArrayList<>();
        for (Path path : files) {
            DicomFile file = DicomFile.read(path);
            DataSet image = file.data();
            for (int tag : new int[] {
                Tag.SOP_CLASS_UID,
                Tag.SOP_INSTANCE_UID,
                Tag.STUDY_INSTANCE_UID,
                Tag.SERIES_INSTANCE_UID,
                Tag.FRAME_OF_REFERENCE_UID
            }) {
                if (image.string(tag) == null) {
                    throw new VolumeFormatException(
                            path, "the element " + Tag.words(tag) + ", which a segmentation refers to", "none");
                }
            }
            List<FrameGeometry> frames = FrameGeometry.of(file);
            boolean several = image.has(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
            for (FrameGeometry frame : frames) {
                slices.add(new Slice(image, several ? slices.size() + 1 : 0, frame));
            }
        }
        return new SourceSeries(slices.get(0).image, List.copyOf(slices));
    }

    /** The number of the series, or 0. */
    int number() {
        return header.integer(Tag.SERIES_NUMBER, 0);
    }

    /** All images, each once. */
    List<DataSet> images() {
        Map<String, DataSet> images = new LinkedHashMap<>();
        slices.forEach(slice -> images.putIfAbsent("" + slice.image.string(Tag.SOP_INSTANCE_UID), slice.image));
        return List.copyOf(images.values());
    }

    /**
     * The frame that each slice of a label map lies on.
     *
     * @throws IOException if the label map does not lie on the frames' grid
     */
    List<Slice> under(LabelMap labels) throws IOException {
        List<Slice> under = new ArrayList<>();
        for (int z = 0; z < labels.shape().z(); z++) {
            Slice found = null;
            for (Slice slice : slices) {
                found = found == null && lies(labels, z, slice) ? slice : found;
            }
            if (found == null) {
                throw new IOException("slice " + (z + 1) + " of the label map, " + labels.shape() + " voxels of "
                        + labels.affine().spacing()
                        + ", lies on no image of its series: a segmentation refers to images"
                        + " on whose grid it lies");
            }
            under.add(found);
        }
        return under;
    }

    private static boolean lies(LabelMap labels, int z, Slice slice) {
        int columns = labels.shape().x();
        int rows = labels.shape().y();
        if (slice.image.integer(Tag.COLUMNS, 0) != columns || slice.image.integer(Tag.ROWS, 0) != rows) {
            return false;
        }
        Affine affine = labels.affine();
        double tolerance =
                TOLERANCE * Math.min(affine.spacing().x(), affine.spacing().y());
        for (int[] corner : new int[][] {{0, 0}, {columns - 1, 0}, {0, rows - 1}}) {
            double[] there = slice.geometry.at(corner[0], corner[1]);
            double[] here = affine.apply(corner[0], corner[1], z); // RAS
            if (Math.abs(here[0] + there[0]) > tolerance
                    || Math.abs(here[1] + there[1]) > tolerance
                    || Math.abs(here[2] - there[2]) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /** A frame as the source of another. */
    static DataSet reference(Slice slice) {
        DataSet reference = image(slice.image);
        if (slice.number > 0) {
            reference.setInts(Tag.REFERENCED_FRAME_NUMBER, slice.number);
        }
        return reference
                .set(Tag.SPATIAL_LOCATIONS_PRESERVED, "YES")
                .setItems(Tag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE, List.of(SegmentationObject.code(PURPOSE)));
    }

    /** An image by its identifiers. */
    static DataSet image(DataSet image) {
        return new DataSet()
                .set(Tag.REFERENCED_SOP_CLASS_UID, "" + image.string(Tag.SOP_CLASS_UID))
                .set(Tag.REFERENCED_SOP_INSTANCE_UID, "" + image.string(Tag.SOP_INSTANCE_UID));
    }

    /** Pixel measures and plane orientation of all frames. */
    static DataSet geometry(Slice slice, double distance) {
        DataSet measures = new DataSet();
        measures.copy(slice.geometry.measures(), Tag.PIXEL_SPACING, Tag.SLICE_THICKNESS);
        if (measures.doubles(Tag.SLICE_THICKNESS).length == 0) {
            measures.setDoubles(Tag.SLICE_THICKNESS, distance);
        }
        measures.setDoubles(Tag.SPACING_BETWEEN_SLICES, distance);
        DataSet orientation = new DataSet().copy(slice.geometry.plane(), Tag.IMAGE_ORIENTATION_PATIENT);
        return new DataSet()
                .setItems(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures))
                .setItems(Tag.PLANE_ORIENTATION_SEQUENCE, List.of(orientation));
    }
}
