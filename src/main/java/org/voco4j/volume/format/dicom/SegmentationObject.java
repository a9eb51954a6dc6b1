package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.SegmentNames;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.SegmentNames.Segment;
import org.voco4j.volume.Shape3;

/**
 * Label maps as objects of DICOM Segmentation (PS3.3 section A.51) that belong to the study of their scan: patient and study
 * are copied, each frame lies where a slice of the scan does and names it, and each segment says in codes what it is.
 *
 * <p>No clock and no chance is in them: the same label map of the same images by the same model and version of the program is
 * the same file to the last byte, whose UIDs are made of all else that it says. An archive that gets it twice has it once.
 *
 * <p>Segments have the numbers 1, 2, …, in the order of their names, and may overlap; or, as a label map, their values, and
 * then they may not.
 *
 * @param labelMap whether all segments lie in one frame a slice, in bytes (Label Map Segmentation Storage), rather than in
 *     frames of their own, in bits (Segmentation Storage)
 * @param names what the values of label maps stand for
 * @param algorithm what made them, in words
 * @param serial what tells this model from others
 */
public record SegmentationObject(boolean labelMap, SegmentNames names, String algorithm, String serial) {
    /** The SOP class of segments in frames of their own. */
    public static final String SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

    /** The SOP class of segments in one frame. */
    public static final String LABEL_MAP_SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7";

    private static final int LONGEST = 64; // characters of a long string (LO)
    private static final int[] PATIENT = {Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.PATIENT_BIRTH_DATE, Tag.PATIENT_SEX};
    private static final int[] STUDY = {
        Tag.STUDY_DATE, Tag.STUDY_TIME, Tag.ACCESSION_NUMBER, Tag.REFERRING_PHYSICIAN_NAME, Tag.STUDY_ID
    };

    /** What the modules of patient and study may have beside. */
    private static final int[] OPTIONAL = {
        Tag.STUDY_DESCRIPTION,
        Tag.ISSUER_OF_PATIENT_ID,
        Tag.PATIENT_AGE,
        Tag.PATIENT_SIZE,
        Tag.PATIENT_WEIGHT,
        Tag.CLINICAL_TRIAL_TIME_POINT_ID,
        Tag.CLINICAL_TRIAL_TIME_POINT_DESCRIPTION,
        Tag.PATIENT_IDENTITY_REMOVED,
        Tag.DEIDENTIFICATION_METHOD,
        Tag.DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        Tag.BODY_PART_EXAMINED,
        Tag.POSITION_REFERENCE_INDICATOR,
        Tag.LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED
    };

    /**
     * Checks the segments.
     *
     * @throws IllegalArgumentException if there is none, or they overlap and shall lie in one frame
     */
    public SegmentationObject {
        if (names.segments().isEmpty()) {
            throw new IllegalArgumentException("a segmentation needs a segment");
        }
        if (labelMap && overlap(names)) {
            throw new IllegalArgumentException("segments that overlap cannot lie in one frame");
        }
    }

    private static boolean overlap(SegmentNames names) {
        List<Integer> values = names.segments().stream()
                .flatMap(segment -> segment.values().stream())
                .toList();
        return values.size() > Set.copyOf(values).size();
    }

    /**
     * Looks at a scan before the work begins.
     *
     * @param scan the files of the scan's series
     * @param shape of the label map to come
     * @param affine its voxels' indices → RAS+ millimetres
     * @throws IOException in a sentence if it is no series of DICOM that a segmentation can refer to, or on another grid
     */
    public void require(List<Path> scan, Shape3 shape, Affine affine) throws IOException {
        SourceSeries.read(scan).under(shape, affine);
    }

    /**
     * Writes a label map; the file is whole or absent at every moment.
     *
     * @param labels on the scan's own grid
     * @param scan the files of the scan's series
     * @throws IOException as {@link #require}
     */
    public void write(LabelMap labels, List<Path> scan, Path out) throws IOException {
        SourceSeries source = SourceSeries.read(scan);
        DicomWriter.write(out, dataSet(labels, source, source.under(labels.shape(), labels.affine())));
    }

    private DataSet dataSet(LabelMap labels, SourceSeries source, List<SourceSeries.Shown> slices) throws IOException {
        SegmentFrames frames = SegmentFrames.of(labels, names, labelMap);
        DataSet set = new DataSet();
        about(set, source.header(), source.number());
        image(set, labels, source, frames);
        set.setItems(
                Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
                List.of(slices.get(0).geometry(labels.affine().spacing().z())));
        set.setItems(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, perFrame(frames.frames(), slices));
        set.setBytes(Tag.PIXEL_DATA, Vr.OB, frames.pixels());
        String said = DicomWriter.digest(set);
        dimensions(set, Uid.of("dimensions " + said));
        return set.set(Tag.SOP_INSTANCE_UID, Uid.of("instance " + said))
                .set(Tag.SERIES_INSTANCE_UID, Uid.of("series " + said));
    }

    /** By what the frames are ordered: their segments, and where they lie. */
    private void dimensions(DataSet set, String organization) {
        set.setItems(
                Tag.DIMENSION_ORGANIZATION_SEQUENCE,
                List.of(new DataSet().set(Tag.DIMENSION_ORGANIZATION_UID, organization)));
        List<DataSet> dimensions = new ArrayList<>();
        if (!labelMap) {
            dimensions.add(dimension(
                    organization,
                    Tag.REFERENCED_SEGMENT_NUMBER,
                    Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                    "ReferencedSegmentNumber"));
        }
        dimensions.add(dimension(
                organization, Tag.IMAGE_POSITION_PATIENT, Tag.PLANE_POSITION_SEQUENCE, "ImagePositionPatient"));
        set.setItems(Tag.DIMENSION_INDEX_SEQUENCE, dimensions);
    }

    private static String version() {
        String version = SegmentationObject.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    /** Patient, study, series, frame of reference, equipment. */
    private void about(DataSet set, DataSet scan, int number) {
        for (int[] module : new int[][] {PATIENT, STUDY}) {
            for (int tag : module) {
                set.set(tag); // there, if without a value
            }
            set.copy(scan, module);
        }
        set.copy(scan, OPTIONAL).copy(scan, Tag.STUDY_INSTANCE_UID, Tag.FRAME_OF_REFERENCE_UID);
        if (scan.string(Tag.SPECIFIC_CHARACTER_SET) != null) {
            set.copy(scan, Tag.SPECIFIC_CHARACTER_SET);
        }
        if (!set.has(Tag.POSITION_REFERENCE_INDICATOR)) {
            set.set(Tag.POSITION_REFERENCE_INDICATOR);
        }
        set.set(Tag.SOP_CLASS_UID, labelMap ? LABEL_MAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE)
                .set(Tag.MODALITY, "SEG")
                .setInts(Tag.SERIES_NUMBER, number + 1000) // beside the scan's, in lists of series
                .setInts(Tag.INSTANCE_NUMBER, 1)
                .set(Tag.MANUFACTURER, "voco4j")
                .set(Tag.MANUFACTURER_MODEL_NAME, "voco4j")
                .set(Tag.DEVICE_SERIAL_NUMBER, text(scan, serial))
                .set(Tag.SOFTWARE_VERSIONS, version())
                .set(Tag.CONTENT_LABEL, "SEGMENTATION")
                .set(Tag.CONTENT_CREATOR_NAME);
        date(set, scan);
        String described = scan.string(Tag.SERIES_DESCRIPTION);
        set.set(Tag.SERIES_DESCRIPTION, text(scan, "Segmentation" + (described == null ? "" : " of " + described)));
        set.set(
                Tag.CONTENT_DESCRIPTION,
                text(scan, names.segments().stream().map(Segment::name).collect(Collectors.joining(", "))));
    }

    /**
     * Content date and time, which the image has to have: those of the scan, since the same object has the same bytes whenever
     * it is made.
     */
    private static void date(DataSet set, DataSet scan) {
        for (int[] each : new int[][] {
            {Tag.CONTENT_DATE, Tag.CONTENT_TIME}, {Tag.SERIES_DATE, Tag.SERIES_TIME}, {Tag.STUDY_DATE, Tag.STUDY_TIME}
        }) {
            String day = scan.string(each[0]);
            String time = scan.string(each[1]);
            if (day != null && day.matches("[0-9]{8}")) {
                String known = time != null && time.matches("[0-9]{6}(\\.[0-9]{1,6})?") ? time : "000000";
                set.set(Tag.CONTENT_DATE, day).set(Tag.CONTENT_TIME, known);
                return;
            }
        }
        set.set(Tag.CONTENT_DATE, "19000101").set(Tag.CONTENT_TIME, "000000"); // of scans without any
    }

    /** The segmentation image, and what it was made of. */
    private void image(DataSet set, LabelMap labels, SourceSeries source, SegmentFrames frames) {
        int bits = labelMap ? 8 : 1;
        set.set(Tag.IMAGE_TYPE, "DERIVED", "PRIMARY")
                .setInts(Tag.SAMPLES_PER_PIXEL, 1)
                .set(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .setInts(Tag.NUMBER_OF_FRAMES, frames.frames().size())
                .setInts(Tag.ROWS, labels.shape().y())
                .setInts(Tag.COLUMNS, labels.shape().x())
                .setInts(Tag.BITS_ALLOCATED, bits)
                .setInts(Tag.BITS_STORED, bits)
                .setInts(Tag.HIGH_BIT, bits - 1)
                .setInts(Tag.PIXEL_REPRESENTATION, 0)
                .set(Tag.SEGMENTATION_TYPE, labelMap ? "LABELMAP" : "BINARY")
                .set(Tag.SEGMENTS_OVERLAP, overlap(names) ? "YES" : "NO");
        if (labelMap) {
            set.setInts(Tag.PIXEL_PADDING_VALUE, 0);
        }
        DataSet scan = source.header();
        boolean lossy = "01".equals(scan.string(Tag.LOSSY_IMAGE_COMPRESSION));
        set.set(Tag.LOSSY_IMAGE_COMPRESSION, lossy ? "01" : "00");
        if (lossy) {
            set.copy(scan, Tag.LOSSY_IMAGE_COMPRESSION_RATIO, Tag.LOSSY_IMAGE_COMPRESSION_METHOD);
        }
        List<DataSet> segments = new ArrayList<>();
        for (Segment segment : names.segments()) {
            segments.add(segment(scan, segment, labelMap ? segment.values().get(0) : segments.size() + 1));
        }
        set.setItems(Tag.SEGMENT_SEQUENCE, segments);
        List<DataSet> images =
                source.images().stream().map(SourceSeries.Source::reference).toList();
        set.setItems(
                Tag.REFERENCED_SERIES_SEQUENCE,
                List.of(new DataSet()
                        .copy(scan, Tag.SERIES_INSTANCE_UID)
                        .setItems(Tag.REFERENCED_INSTANCE_SEQUENCE, images)));
    }

    private DataSet segment(DataSet scan, Segment segment, int number) {
        DataSet item = new DataSet(characters(scan))
                .setInts(Tag.SEGMENT_NUMBER, number)
                .set(Tag.SEGMENT_LABEL, text(scan, segment.name()))
                .set(Tag.SEGMENT_ALGORITHM_TYPE, "AUTOMATIC")
                .set(Tag.SEGMENT_ALGORITHM_NAME, text(scan, algorithm))
                .setItems(
                        Tag.SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE,
                        List.of(code(scan, segment.terms().category())));
        DataSet type = code(scan, segment.terms().type());
        CodedTerm modifier = segment.terms().modifier();
        if (modifier != null) {
            type.setItems(Tag.SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE_SEQUENCE, List.of(code(scan, modifier)));
        }
        item.setItems(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, List.of(type));
        String colour = segment.colour();
        return colour == null ? item : item.setInts(Tag.RECOMMENDED_DISPLAY_CIELAB_VALUE, CieLab.of(colour));
    }

    private List<DataSet> perFrame(List<SegmentFrames.Frame> frames, List<SourceSeries.Shown> source) {
        List<Integer> positions = frames.stream()
                .map(SegmentFrames.Frame::slice)
                .distinct()
                .sorted()
                .toList();
        List<Integer> segments = frames.stream()
                .map(SegmentFrames.Frame::segment)
                .distinct()
                .sorted()
                .toList();
        List<DataSet> groups = new ArrayList<>();
        for (SegmentFrames.Frame frame : frames) {
            int position = positions.indexOf(frame.slice()) + 1;
            int[] index = labelMap ? new int[] {position} : new int[] {segments.indexOf(frame.segment()) + 1, position};
            SourceSeries.Shown under = source.get(frame.slice());
            DataSet group = new DataSet()
                    .setItems(
                            Tag.DERIVATION_IMAGE_SEQUENCE,
                            List.of(new DataSet()
                                    .setItems(
                                            Tag.DERIVATION_CODE_SEQUENCE,
                                            List.of(code(new CodedTerm("113076", "DCM", "Segmentation"))))
                                    .setItems(Tag.SOURCE_IMAGE_SEQUENCE, List.of(under.reference()))))
                    .setItems(
                            Tag.FRAME_CONTENT_SEQUENCE,
                            List.of(new DataSet().setInts(Tag.DIMENSION_INDEX_VALUES, index)))
                    .setItems(Tag.PLANE_POSITION_SEQUENCE, List.of(under.position()));
            if (!labelMap) {
                group.setItems(
                        Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                        List.of(new DataSet().setInts(Tag.REFERENCED_SEGMENT_NUMBER, frame.segment())));
            }
            groups.add(group);
        }
        return groups;
    }

    private static DataSet dimension(String organization, int tag, int group, String label) {
        return new DataSet()
                .set(Tag.DIMENSION_ORGANIZATION_UID, organization)
                .setInts(Tag.DIMENSION_INDEX_POINTER, tag)
                .setInts(Tag.FUNCTIONAL_GROUP_POINTER, group)
                .set(Tag.DIMENSION_DESCRIPTION_LABEL, label);
    }

    /** A code of the standard, whose meaning is in ASCII. */
    static DataSet code(CodedTerm term) {
        return code(new DataSet(), term);
    }

    private static DataSet code(DataSet scan, CodedTerm term) {
        return new DataSet(characters(scan))
                .set(Tag.CODE_VALUE, term.code())
                .set(Tag.CODING_SCHEME_DESIGNATOR, term.scheme())
                .set(Tag.CODE_MEANING, text(scan, term.meaning()));
    }

    /** Those in which the scan's text is written, and with it that of a segmentation and of all items in it. */
    private static Charset characters(DataSet scan) {
        return scan.string(Tag.SPECIFIC_CHARACTER_SET) == null ? StandardCharsets.US_ASCII : scan.charset();
    }

    /** Words of ours in the characters of the scan's data set, those that it has not as question marks. */
    private static String text(DataSet scan, String words) {
        Charset charset = characters(scan);
        String known = new String(words.replace('\\', '/').getBytes(charset), charset);
        return known.length() <= LONGEST ? known : known.substring(0, LONGEST);
    }
}
