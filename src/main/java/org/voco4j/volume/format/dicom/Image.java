package org.voco4j.volume.format.dicom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * What is kept of an image file: no more than geometry, intensities and what series it is of.
 *
 * @param path the file
 * @param other what the file holds that is no image; null if it is one
 * @param series its Series Instance UID; empty if it has none
 * @param localiser whether it is an overview for planning
 * @param missing the identifiers it lacks
 * @param slices its frames
 */
record Image(
        Path path, @Nullable String other, String series, boolean localiser, List<String> missing, List<Slice> slices) {
    private static final int MOST_FRAMES = 1 << 16; // a segmentation of 117 organs in 500 slices has fewer
    private static final Set<String> MEASURED = Set.of("CT", "MR", "NM", "PT"); // modalities
    private static final double UNIT = 1e-3; // how far a direction may be from length 1, and two from a right angle

    /**
     * Reads what a file says.
     *
     * @throws VolumeFormatException if it is an image of other than grey values, or contradicts itself
     */
    static Image of(DicomFile file) throws VolumeFormatException {
        try {
            return image(file);
        } catch (DataSet.MalformedException e) {
            throw DicomReader.malformed(file.path(), e);
        }
    }

    private static Image image(DicomFile file) throws VolumeFormatException {
        ObjectKind other = ObjectKind.of(file);
        PixelData pixels = file.pixels();
        if (other == ObjectKind.NO_PIXELS && file.data().has(Tag.ROWS)) {
            throw new VolumeFormatException(file.path(), Fault.TRUNCATED, "pixels", "the end of the file before them");
        }
        if (other != null || pixels == null) {
            String words = other == null ? ObjectKind.NO_PIXELS.words : other.words;
            return new Image(file.path(), words, "", false, List.of(), List.of());
        }
        DataSet data = file.data();
        Frames frames = Frames.of(file, pixels);
        List<String> type = data.strings(Tag.IMAGE_TYPE);
        String series = data.string(Tag.SERIES_INSTANCE_UID);
        return new Image(
                file.path(),
                null,
                series == null ? "" : series,
                type.size() > 2 && type.get(2).equals("LOCALIZER"),
                missing(data),
                slices(data, frames));
    }

    private static List<String> missing(DataSet data) {
        List<String> missing = new ArrayList<>();
        int[] tags = {
            Tag.SOP_CLASS_UID, Tag.SOP_INSTANCE_UID, Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID, Tag.PATIENT_ID
        };
        String[] names = {"SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PatientID"};
        for (int i = 0; i < tags.length; i++) {
            if (data.string(tags[i]) == null) {
                missing.add(names[i]);
            }
        }
        return missing;
    }

    /** The frames of a data set, of whatever kind. */
    static List<Slice> slices(DataSet data, Frames frames) throws VolumeFormatException {
        DataSet shared = first(data.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE));
        List<DataSet> each = data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        if (frames.count() > MOST_FRAMES) {
            throw new VolumeFormatException(frames.path(), "at most " + MOST_FRAMES + " frames", frames.count() + "");
        }
        if (!each.isEmpty() && each.size() < frames.count()) {
            throw new VolumeFormatException(
                    frames.path(), "functional groups of " + frames.count() + " frames", "those of " + each.size());
        }
        List<Slice> slices = new ArrayList<>();
        for (int f = 0; f < frames.count(); f++) {
            slices.add(slice(new Groups(data, shared, each.isEmpty() ? new DataSet() : each.get(f)), frames, f));
        }
        return slices;
    }

    private static DataSet first(List<DataSet> items) {
        return items.isEmpty() ? new DataSet() : items.get(0);
    }

    /** Where a frame's attributes lie: in its own functional groups, those of all frames, or in the data set itself. */
    private record Groups(DataSet data, DataSet shared, DataSet own) {
        DataSet of(int sequence, int tag) {
            for (DataSet groups : List.of(own, shared)) {
                DataSet group = groups.item(sequence);
                if (group != null && group.has(tag)) {
                    return group;
                }
            }
            return data;
        }
    }

    private static Slice slice(Groups groups, Frames frames, int frame) throws VolumeFormatException {
        Path path = frames.path();
        DataSet plane = groups.of(Tag.PLANE_POSITION_SEQUENCE, Tag.IMAGE_POSITION_PATIENT);
        double[] position = frames.count() > 1 && plane == groups.data // said once, it cannot be that of each
                ? new double[0]
                : plane.doubles(Tag.IMAGE_POSITION_PATIENT);
        double[] orientation = groups.of(Tag.PLANE_ORIENTATION_SEQUENCE, Tag.IMAGE_ORIENTATION_PATIENT)
                .doubles(Tag.IMAGE_ORIENTATION_PATIENT);
        boolean placed = position.length == 3 && orientation.length == 6;
        if (!placed && (position.length % 3 != 0 || orientation.length % 6 != 0)) {
            throw new VolumeFormatException(
                    path,
                    "a position of 3 numbers and an orientation of 6",
                    position.length + " and " + orientation.length);
        }
        if (placed) {
            requireDirections(path, orientation);
        }
        DataSet measures = groups.of(Tag.PIXEL_MEASURES_SEQUENCE, Tag.PIXEL_SPACING);
        DataSet between = groups.of(Tag.PIXEL_MEASURES_SEQUENCE, Tag.SPACING_BETWEEN_SLICES);
        DataSet thickness = groups.of(Tag.PIXEL_MEASURES_SEQUENCE, Tag.SLICE_THICKNESS);
        double depth = Math.abs(between.number(Tag.SPACING_BETWEEN_SLICES, 0));
        DataSet rescale = groups.of(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE, Tag.RESCALE_SLOPE);
        double slope = rescale.number(Tag.RESCALE_SLOPE, 1);
        if (slope == 0) {
            throw new VolumeFormatException(path, "a rescale slope other than 0", "0");
        }
        double intercept = rescale.number(Tag.RESCALE_INTERCEPT, 0);
        boolean inverted = isInverted(groups.data);
        return new Slice(
                frames,
                frame,
                placed ? position : null,
                placed ? orientation : null,
                spacing(path, measures),
                depth > 0 ? depth : thickness.number(Tag.SLICE_THICKNESS, 0),
                inverted ? -slope : slope,
                inverted ? intercept + slope * frames.ends() : intercept,
                parts(groups));
    }

    /**
     * Whether the smallest number is shown white (PS3.3 section C.7.6.3.1.2), as radiographs of some makers have it: these are read as
     * others, bones bright. Where numbers are measured ones, what is shown says nothing about them.
     */
    private static boolean isInverted(DataSet data) {
        return "MONOCHROME1".equals(data.string(Tag.PHOTOMETRIC_INTERPRETATION))
                && !MEASURED.contains(String.valueOf(data.string(Tag.MODALITY)));
    }

    private static double[] spacing(Path path, DataSet measures) throws VolumeFormatException {
        double[] spacing = measures.doubles(Tag.PIXEL_SPACING);
        if (spacing.length == 0) { // of radiographs, at the detector
            spacing = measures.doubles(Tag.IMAGER_PIXEL_SPACING);
        }
        if (spacing.length == 0) {
            return new double[] {1, 1};
        }
        if (spacing.length != 2 || spacing[0] <= 0 || spacing[1] <= 0) {
            throw new VolumeFormatException(path, "a pixel spacing of 2 numbers above 0", spacing.length + " numbers");
        }
        return spacing;
    }

    private static void requireDirections(Path path, double[] o) throws VolumeFormatException {
        double row = Math.sqrt(o[0] * o[0] + o[1] * o[1] + o[2] * o[2]);
        double column = Math.sqrt(o[3] * o[3] + o[4] * o[4] + o[5] * o[5]);
        double dot = o[0] * o[3] + o[1] * o[4] + o[2] * o[5];
        if (Math.abs(row - 1) > UNIT || Math.abs(column - 1) > UNIT || Math.abs(dot) > UNIT) {
            throw new VolumeFormatException(
                    path,
                    "rows and columns along directions of length 1 at a right angle",
                    "lengths " + Words.of(row) + " and " + Words.of(column) + ", their product " + Words.of(dot));
        }
    }

    /** As many for every image: frames with content of their own and without may be of one file, or folder. */
    private static List<String> parts(Groups groups) {
        DataSet data = groups.data;
        DataSet content = first(groups.own.items(Tag.FRAME_CONTENT_SEQUENCE));
        return List.of(
                content.strings(Tag.STACK_ID) + "",
                whole(content, Tag.TEMPORAL_POSITION_INDEX),
                whole(content, Tag.FRAME_ACQUISITION_NUMBER),
                data.strings(Tag.TEMPORAL_POSITION_IDENTIFIER) + "",
                data.strings(Tag.ACQUISITION_NUMBER) + "",
                data.strings(Tag.ECHO_NUMBERS) + "",
                data.strings(Tag.IMAGE_TYPE) + "",
                data.strings(Tag.TRIGGER_TIME) + "");
    }

    private static String whole(DataSet content, int tag) {
        return content.integer(tag, 0) + "";
    }
}
