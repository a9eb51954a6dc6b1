package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.voco4j.volume.Affine;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.VolumeFormatException;

/**
 * The series that a segmentation refers to.
 *
 * @param header the first image's data set
 * @param images all of them in the order of their identifiers, whatever their files are called
 */
record SourceSeries(DataSet header, List<Source> images) {
    private static final double SIDEWAYS = 0.5; // pixels, and
    private static final double UNEVEN =
            0.101; // distances of slices that a scan's slices may lie beside their even places
    private static final CodedTerm PURPOSE =
            new CodedTerm("121322", "DCM", "Source image for image processing operation");

    /**
     * An image.
     *
     * @param kind its SOP class
     * @param instance its identifier
     * @param slices its frames
     */
    record Source(String kind, String instance, List<Slice> slices) {

        /** It by its identifiers. */
        DataSet reference() {
            return new DataSet().set(Tag.REFERENCED_SOP_CLASS_UID, kind).set(Tag.REFERENCED_SOP_INSTANCE_UID, instance);
        }
    }

    /**
     * What shows a slice of a label map.
     *
     * @param image the image
     * @param slice its frame
     */
    record Shown(Source image, Slice slice) {

        /** It as the source of a frame. */
        DataSet reference() {
            DataSet reference = image.reference();
            if (image.slices.size() > 1) {
                reference.setInts(Tag.REFERENCED_FRAME_NUMBER, slice.frame() + 1);
            }
            return reference
                    .set(Tag.SPATIAL_LOCATIONS_PRESERVED, "YES")
                    .setItems(Tag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE, List.of(SegmentationObject.code(PURPOSE)));
        }

        /** Where the frame lies. */
        DataSet position() {
            return new DataSet().setDoubles(Tag.IMAGE_POSITION_PATIENT, StackOrder.known(slice.position()));
        }

        /** Pixel measures and plane orientation of all frames. */
        DataSet geometry(double distance) {
            DataSet measures = new DataSet()
                    .setDoubles(Tag.SLICE_THICKNESS, distance)
                    .setDoubles(Tag.SPACING_BETWEEN_SLICES, distance)
                    .setDoubles(Tag.PIXEL_SPACING, slice.spacing());
            DataSet plane =
                    new DataSet().setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, StackOrder.known(slice.orientation()));
            return new DataSet()
                    .setItems(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures))
                    .setItems(Tag.PLANE_ORIENTATION_SEQUENCE, List.of(plane));
        }
    }

    /**
     * Reads the headers of a series.
     *
     * @throws VolumeFormatException if a file is no image of DICOM, or does not say what a segmentation has to refer to
     */
    static SourceSeries read(List<Path> files) throws IOException {
        DataSet header = null;
        String first = "";
        List<Source> images = new ArrayList<>();
        for (Path path : files) {
            if (!DicomFile.is(path)) {
                throw new VolumeFormatException(
                        path, "a series of DICOM, which a DICOM segmentation refers to", "another kind of file");
            }
            DicomFile file = DicomFile.read(path);
            Image image = Image.of(file);
            if (image.other() != null) {
                throw new VolumeFormatException(path, "an image of DICOM", image.other());
            }
            for (int tag : new int[] {Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID, Tag.FRAME_OF_REFERENCE_UID}) {
                said(file, tag);
            }
            String instance = said(file, Tag.SOP_INSTANCE_UID);
            if (header == null || instance.compareTo(first) < 0) {
                header = file.data();
                first = instance;
            }
            images.add(new Source(said(file, Tag.SOP_CLASS_UID), instance, image.slices()));
        }
        if (header == null) {
            throw new IllegalArgumentException("a series has files");
        }
        images.sort(Comparator.comparing(Source::instance));
        return new SourceSeries(header, List.copyOf(images));
    }

    private static String said(DicomFile file, int tag) throws VolumeFormatException {
        String value = file.data().string(tag);
        if (value == null) {
            throw new VolumeFormatException(
                    file.path(), "the element " + Tag.words(tag) + ", which a DICOM segmentation refers to", "none");
        }
        return value;
    }

    /** The number of the series, or 0. */
    int number() {
        return header.integer(Tag.SERIES_NUMBER, 0);
    }

    /**
     * What shows each slice of a label map.
     *
     * @param shape of the label map
     * @param affine its voxels' indices → RAS+ millimetres
     * @throws IOException if it does not lie on the images' grid
     */
    List<Shown> under(Shape3 shape, Affine affine) throws IOException {
        Affine index = affine.inverse();
        Shown[] under = new Shown[shape.z()];
        for (Source image : images) {
            for (Slice slice : image.slices) {
                int z = place(shape, index, slice);
                if (z >= 0 && z < under.length) {
                    under[z] = new Shown(image, slice);
                }
            }
        }
        for (int z = 0; z < under.length; z++) {
            if (under[z] == null) {
                throw new IOException("slice " + (z + 1) + " of the label map, " + shape + " voxels of "
                        + affine.spacing() + ", lies on no image of its series: a DICOM segmentation refers to"
                        + " images on whose grid it lies");
            }
        }
        return List.of(under);
    }

    /** The slice of a label map that a frame lies on; −1 if there is none. */
    private static int place(Shape3 shape, Affine index, Slice slice) {
        int columns = shape.x();
        int rows = shape.y();
        if (slice.position() == null
                || slice.orientation() == null
                || slice.frames().shape().columns() != columns
                || slice.frames().shape().rows() != rows) {
            return -1;
        }
        double[][] steps = Stack.steps(slice.orientation(), slice.spacing(), new double[3]);
        int place = -1;
        for (int[] corner : new int[][] {{0, 0}, {columns - 1, 0}, {0, rows - 1}}) {
            double[] lps = slice.position().clone();
            for (int d = 0; d < 3; d++) {
                lps[d] += corner[0] * steps[0][d] + corner[1] * steps[1][d];
            }
            double[] at = index.apply(-lps[0], -lps[1], lps[2]);
            place = place < 0 ? (int) Math.rint(at[2]) : place;
            if (Math.abs(at[0] - corner[0]) > SIDEWAYS
                    || Math.abs(at[1] - corner[1]) > SIDEWAYS
                    || Math.abs(at[2] - place) > UNEVEN) {
                return -1;
            }
        }
        return place;
    }
}
