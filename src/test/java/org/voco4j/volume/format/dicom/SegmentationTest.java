package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.SegmentNames;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.SegmentNames.Segment;
import org.voco4j.volume.SegmentNames.Terms;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** Segmentations that are written are read as they were; others' are read as their label maps say. */
class SegmentationTest {
    private static final Terms KIDNEY = new Terms(
            new CodedTerm("91723000", "SCT", "Anatomical Structure"),
            new CodedTerm("64033007", "SCT", "Kidney"),
            new CodedTerm("7771000", "SCT", "Left"));

    @TempDir
    private Path folder = Path.of("");

    private static List<Path> files(String series) throws IOException {
        try (Stream<Path> all = Files.list(TestData.path("formats/" + series))) {
            return all.filter(file -> file.toString().endsWith(".dcm")).sorted().toList();
        }
    }

    /** A label map on the grid of axial slices that grow upward. */
    private static LabelMap labels(List<Path> series, int slices, String values) throws IOException {
        double[] lowest = {0, 0, Double.MAX_VALUE};
        DataSet data = new DataSet();
        double highest = -Double.MAX_VALUE;
        for (Path file : series) {
            data = DicomFile.read(file).data();
            double[] at = data.doubles(Tag.IMAGE_POSITION_PATIENT);
            highest = Math.max(highest, at[2]);
            lowest = at[2] < lowest[2] ? at : lowest;
        }
        double[] mm = data.doubles(Tag.PIXEL_SPACING);
        double step = (highest - lowest[2]) / (series.size() - 1);
        Affine affine = Affine.ofRows(-mm[1], 0, 0, -lowest[0], 0, -mm[0], 0, -lowest[1], 0, 0, step, lowest[2]);
        Shape3 shape = new Shape3(512, 512, slices);
        byte[] classes = new byte[(int) shape.voxels()];
        List<Integer> painted =
                Arrays.stream(values.split(",")).map(Integer::valueOf).toList();
        for (int x = 0; x < 512; x++) {
            for (int y = 0; y < 512; y++) {
                for (int z = 1; z < slices; z++) { // the lowest stays empty
                    int i = (x / 64 + 2 * (y / 100) + z) % (painted.size() + 2);
                    classes[shape.index(x, y, z)] = (byte) (i < painted.size() ? painted.get(i) : 0);
                }
            }
        }
        return new LabelMap(shape, affine, classes);
    }

    private static SegmentNames names(int... values) {
        return new SegmentNames(IntStream.of(values)
                .mapToObj(value -> new Segment("class " + value, List.of(value), "#d88265", KIDNEY))
                .toList());
    }

    private DataSet written(boolean labelMap, SegmentNames names, LabelMap labels, List<Path> series)
            throws IOException {
        new SegmentationObject(labelMap, names, "voco4j unet", "0123").write(labels, series, out());
        return DicomFile.read(out()).data();
    }

    private Path out() {
        return folder.resolve("out.dcm");
    }

    private Volume read() throws IOException {
        return read(out());
    }

    private static Volume read(Path file) throws IOException {
        return Objects.requireNonNull(SegmentationFile.of(DicomFile.read(file))).read();
    }

    /** What the label map has above its lowest slice, which is empty and has no frame. */
    private static void assertUpper(Volume read, LabelMap labels) {
        Shape3 shape = labels.shape();
        assertThat(read.shape()).isEqualTo(new Shape3(shape.x(), shape.y(), shape.z() - 1));
        for (int r = 0; r < 3; r++) {
            assertThat(read.affine().apply(511, 0, 0)[r])
                    .isCloseTo(labels.affine().apply(511, 0, 1)[r], offset(1e-4));
        }
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 1; z < shape.z(); z++) {
                    if (read.at(x, y, z - 1) != labels.at(shape.index(x, y, z))) {
                        throw new AssertionError("voxel " + x + " " + y + " " + z);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsWrittenIsReadAgain(boolean labelMap) throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap labels = labels(series, 3, "1,2,3");
        DataSet seg = written(labelMap, names(1, 2, 3), labels, series);
        assertUpper(read(), labels);
        assertThat(seg.integer(Tag.NUMBER_OF_FRAMES, 0)).isEqualTo(labelMap ? 2 : 6);
        assertThat(seg.string(Tag.SEGMENTS_OVERLAP)).isEqualTo("NO");

        DataSet scan = DicomFile.read(series.get(0)).data();
        for (int tag :
                new int[] {Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.STUDY_INSTANCE_UID, Tag.FRAME_OF_REFERENCE_UID}) {
            assertThat(seg.string(tag)).isNotEmpty().isEqualTo(scan.string(tag));
        }
        assertThat(seg.string(Tag.SERIES_INSTANCE_UID))
                .startsWith("2.25.")
                .isNotEqualTo(seg.string(Tag.SOP_INSTANCE_UID));
        assertThat(seg.items(Tag.REFERENCED_SERIES_SEQUENCE).get(0).items(Tag.REFERENCED_INSTANCE_SEQUENCE))
                .hasSize(3);
        DataSet segment = seg.items(Tag.SEGMENT_SEQUENCE).get(1);
        assertThat(segment.string(Tag.SEGMENT_LABEL)).isEqualTo("class 2");
        assertThat(segment.integer(Tag.SEGMENT_NUMBER, 0)).isEqualTo(2);
        assertThat(segment.ints(Tag.RECOMMENDED_DISPLAY_CIELAB_VALUE)).isEqualTo(CieLab.of("#d88265"));
        DataSet type = segment.items(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE).get(0);
        assertThat(type.string(Tag.CODE_VALUE)).isEqualTo("64033007");
        assertThat(type.items(Tag.SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE_SEQUENCE))
                .hasSize(1);
    }

    /** Each frame names the image whose position it has, and holds the label map's voxels there, bit by bit. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesAreTheLabelMapsSlices(boolean labelMap) throws IOException {
        List<Path> series = files("dicom/c3l_00189_explicit_le");
        LabelMap labels = labels(series, 35, "1,2");
        DataSet seg = written(labelMap, names(1, 2), labels, series);
        byte[] pixels = pixels(out());
        Map<String, double[]> positions = new HashMap<>();
        for (Path file : series) {
            DataSet data = DicomFile.read(file).data();
            positions.put(data.string(Tag.SOP_INSTANCE_UID), data.doubles(Tag.IMAGE_POSITION_PATIENT));
        }
        List<DataSet> frames = seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        assertThat(frames).hasSize(labelMap ? 34 : 68);
        for (int i = 0; i < frames.size(); i++) {
            DataSet frame = frames.get(i);
            String image = frame.items(Tag.DERIVATION_IMAGE_SEQUENCE)
                    .get(0)
                    .items(Tag.SOURCE_IMAGE_SEQUENCE)
                    .get(0)
                    .string(Tag.REFERENCED_SOP_INSTANCE_UID);
            double[] at = frame.items(Tag.PLANE_POSITION_SEQUENCE).get(0).doubles(Tag.IMAGE_POSITION_PATIENT);
            assertThat(positions.get(image)).isEqualTo(at);
            DataSet shown = frame.item(Tag.SEGMENT_IDENTIFICATION_SEQUENCE);
            int segment = shown == null ? 0 : shown.integer(Tag.REFERENCED_SEGMENT_NUMBER, 0);
            int z = (int) Math.rint(labels.affine().inverse().apply(-at[0], -at[1], at[2])[2]);
            for (int y = 0; y < 512; y++) {
                for (int x = 0; x < 512; x++) {
                    int value = labels.at(labels.shape().index(x, y, z));
                    long pixel = ((long) i * 512 + y) * 512 + x;
                    int stored = labelMap ? pixels[(int) pixel] : pixels[(int) (pixel / 8)] >> pixel % 8 & 1;
                    if (stored != (labelMap ? value : value == segment ? 1 : 0)) {
                        throw new AssertionError("frame " + i + ", pixel " + x + " " + y);
                    }
                }
            }
        }
        assertUpper(read(), labels);
    }

    private static byte[] pixels(Path file) throws IOException {
        PixelData.Span where =
                Objects.requireNonNull(DicomFile.read(file).pixels()).whole();
        return Arrays.copyOfRange(Files.readAllBytes(file), (int) where.from(), (int) where.to());
    }

    /** To the last byte, whatever the scan's files are called; one voxel more is another object. */
    @Test
    void theSameIsTheSameObject() throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap labels = labels(series, 3, "1");
        DataSet first = written(false, names(1), labels, series);
        byte[] bytes = Files.readAllBytes(out());
        List<Path> renamed = new ArrayList<>();
        for (Path file : series) {
            renamed.add(0, Files.copy(file, folder.resolve("slice" + (9 - renamed.size()))));
        }
        written(false, names(1), labels, renamed);
        assertThat(out()).hasBinaryContent(bytes);
        labels.classes()[labels.shape().index(5, 5, 1)] ^= 1;
        DataSet other = written(false, names(1), labels, series);
        for (int tag : new int[] {Tag.SOP_INSTANCE_UID, Tag.SERIES_INSTANCE_UID}) {
            assertThat(other.string(tag)).startsWith("2.25.").isNotEqualTo(first.string(tag));
        }
        assertThat(other.string(Tag.STUDY_INSTANCE_UID)).isEqualTo(first.string(Tag.STUDY_INSTANCE_UID));
    }

    /** In the characters of the scan, as everything else in the file; what they have not is a question mark. */
    @ParameterizedTest
    @CsvSource({
        "ISO_IR 192, Größe 肝, Größe 肝",
        "ISO_IR 144, печень 肝, печень ?",
        "ISO_IR 100, Größe 肝, Größe ?",
        ", Größe, Gr??e"
    })
    void namesOfSegmentsAreInTheCharactersOfTheScan(@Nullable String set, String name, String written)
            throws IOException {
        List<Path> series = new ArrayList<>();
        for (Path file : files("dicomseg/ct-3slice")) {
            DataSet data = DicomFile.read(file).data();
            data.set(Tag.SPECIFIC_CHARACTER_SET, set == null ? new String[0] : new String[] {set});
            data.setBytes(Tag.PIXEL_DATA, Vr.OW, new byte[2 * 512 * 512]);
            series.add(DicomBytes.write(folder.resolve("series").resolve(String.valueOf(file.getFileName())), data));
        }
        CodedTerm type = new CodedTerm("1", "99VOCO", name);
        SegmentNames names = new SegmentNames(
                List.of(new Segment(name, List.of(1), "#d88265", new Terms(KIDNEY.category(), type, null))));
        DataSet found = written(false, names, labels(series, 3, "1"), series);
        DataSet segment = Objects.requireNonNull(found.item(Tag.SEGMENT_SEQUENCE));
        assertThat(segment.string(Tag.SEGMENT_LABEL)).isEqualTo(written);
        assertThat(found.string(Tag.CONTENT_DESCRIPTION)).isEqualTo(written);
        DataSet code = Objects.requireNonNull(segment.item(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE));
        assertThat(code.string(Tag.CODE_MEANING)).isEqualTo(written);
    }

    /** Regions as BraTS has them: all of each is in the file, and read again are the values that they paint. */
    @Test
    void segmentsWithinOthersArePaintedOverThem() throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap labels = labels(series, 3, "1,2,3");
        SegmentNames nested = new SegmentNames(List.of(
                new Segment("whole", List.of(1, 2, 3), null, KIDNEY),
                new Segment("core", List.of(2, 3), null, KIDNEY),
                new Segment("enhancing", List.of(3), null, KIDNEY)));
        assertThat(written(false, nested, labels, series).string(Tag.SEGMENTS_OVERLAP))
                .isEqualTo("YES");
        assertUpper(read(), labels);
        SegmentNames crossing = new SegmentNames(List.of(
                new Segment("one", List.of(1, 2), null, KIDNEY), new Segment("other", List.of(2, 3), null, KIDNEY)));
        written(false, crossing, labels, series);
        assertThatThrownBy(this::read)
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageMatching(".*wholly within one before it, found segment 2 with \\d+ of its \\d+ voxels in"
                        + " segment 1");
        assertThatThrownBy(() -> new SegmentationObject(true, nested, "", ""))
                .hasMessage("segments that overlap cannot lie in one frame");
    }

    @Test
    void anEmptyLabelMapHasOneFrame() throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap full = labels(series, 3, "1");
        LabelMap empty = new LabelMap(full.shape(), full.affine(), new byte[full.classes().length]);
        assertThat(written(false, names(1, 2), empty, series).integer(Tag.NUMBER_OF_FRAMES, 0))
                .isEqualTo(1);
        assertThat(read().voxels()).hasSize(512 * 512).containsOnly(0);
    }

    @Test
    void whatIsNotOnTheSeriesIsRefused() throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap labels = labels(series, 3, "1");
        LabelMap beside =
                new LabelMap(labels.shape(), Affine.translation(0.5, 0, 0).times(labels.affine()), labels.classes());
        SegmentationObject object = new SegmentationObject(false, names(1), "", "");
        assertThatThrownBy(() -> object.write(beside, series, out()))
                .hasMessageStartingWith("slice 1 of the label map, 512x512x3 voxels of ");
        assertThatThrownBy(() -> object.require(series, beside.shape(), beside.affine()))
                .hasMessageContaining("lies on no image of its series");
        Path text = Files.writeString(folder.resolve("scan.nii"), "no DICOM");
        assertThatThrownBy(() -> object.require(List.of(text), labels.shape(), labels.affine()))
                .hasMessageContaining("expected a series of DICOM, which a DICOM segmentation refers to");
        assertThat(out()).doesNotExist();
    }

    /** Through the formats as a whole, whatever the name. */
    @Test
    void othersAreReadAsTheirLabelMapsSay() throws IOException {
        Path unnamed = Files.copy(TestData.path("formats/dicomseg/liver.dcm"), folder.resolve("unnamed"));
        assertThat(Formats.any().isCut(unnamed)).isTrue();
        assertThat(Formats.any().group(List.of(unnamed)).volumes()).containsExactly(unnamed);
        Volume read = Formats.any().read(unnamed);
        Volume truth = Formats.any().read(TestData.path("formats/dicomseg/liver_seg.nrrd"));
        assertThat(read.shape()).isEqualTo(truth.shape());
        assertThat(Orient.codes(read.affine())).isEqualTo(Orient.codes(truth.affine()));
        assertThat(read.voxels()).contains(1).isEqualTo(truth.voxels());
        int[] slice = {0};
        Formats.any().visit(unnamed, (voxels, width) -> {
            assertThat(voxels[200 * width + 100]).isEqualTo(read.at(100, 200, slice[0]));
            slice[0]++;
            return true;
        });
        assertThat(slice[0]).isEqualTo(read.shape().z());
    }

    private void change(UnaryOperator<DataSet> change) throws IOException {
        DicomFile liver = DicomFile.read(TestData.path("formats/dicomseg/liver.dcm"));
        DicomWriter.write(out(), change.apply(liver.data().setBytes(Tag.PIXEL_DATA, Vr.OB, pixels(liver.path()))));
    }

    @Test
    void whatCannotBeALabelMapIsRefused() throws IOException {
        change(seg -> seg);
        assertThat(read().voxels()).contains(1);
        change(seg -> seg.set(Tag.SEGMENTATION_TYPE, "FRACTIONAL"));
        assertThatThrownBy(this::read)
                .hasMessageEndingWith(
                        "expected a segmentation of the type BINARY or LABELMAP, found FRACTIONAL, shares of voxels");
        change(seg -> seg.set(Tag.SEGMENTATION_TYPE, "LAB\u001bMAP"));
        assertThatThrownBy(this::read).hasMessageContaining("BINARY or LABELMAP, found one of another type");
        change(seg -> seg.setInts(Tag.NUMBER_OF_FRAMES, 4));
        assertThatThrownBy(this::read).hasMessageContaining("expected 131072 bytes of pixels, found 98304");
        change(seg -> seg.setInts(Tag.ROWS, 40000).setInts(Tag.COLUMNS, 40000));
        assertThatThrownBy(this::read).hasMessageContaining("expected 600000000 bytes of pixels, found 98304");
        change(seg -> {
            positions(seg).get(1).setDoubles(Tag.IMAGE_POSITION_PATIENT, -235.2, -226.8, -127.3);
            return seg;
        });
        assertThatThrownBy(this::read)
                .hasMessageEndingWith(
                        "expected slices at even distances, 1 mm as it says, found distances of 0.61 to 1.39 mm");
        change(seg -> {
            positions(seg).get(1).setDoubles(Tag.IMAGE_POSITION_PATIENT, -235.2, -226.3, -127.69);
            return seg;
        });
        assertThatThrownBy(this::read).hasMessageEndingWith("found frame 2 0 mm and 0.6169 pixels beside its place");
        change(seg -> {
            positions(seg).get(2).setDoubles(Tag.IMAGE_POSITION_PATIENT, -235.2, -226.8, 1e6 + 0.31);
            return seg;
        });
        assertThatThrownBy(this::read)
                .hasMessageEndingWith("expected at most 10000 slices, found 1000129 mm at a distance of 1 mm");
        change(seg -> {
            positions(seg).get(2).set(Tag.IMAGE_POSITION_PATIENT, "here");
            return seg;
        });
        assertThatThrownBy(this::read)
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining("(0020,0032): expected numbers, found other text");
    }

    private static List<DataSet> positions(DataSet seg) {
        return seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).stream()
                .map(frame -> frame.items(Tag.PLANE_POSITION_SEQUENCE).get(0))
                .toList();
    }

    /** Frames of slices 1 and 3 only: the one between is empty, at the distance that the file says. */
    @Test
    void slicesWithoutAFrameAreEmpty() throws IOException {
        List<Path> series = files("dicomseg/ct-3slice");
        LabelMap labels = labels(series, 3, "1");
        byte[] classes = labels.classes();
        for (int i = 0; i < classes.length; i += 3) {
            classes[i] = classes[i + 2];
            classes[i + 1] = 0;
        }
        written(false, names(1), labels, series);
        Volume read = read();
        assertThat(read.shape()).isEqualTo(labels.shape());
        assertThat(read.voxels()).contains(1).isEqualTo(labels.toVolume().voxels());
    }
}
