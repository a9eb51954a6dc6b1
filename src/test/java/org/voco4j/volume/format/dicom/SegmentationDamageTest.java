package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** Segmentations that end early, contradict themselves or lie: one sentence each, before memory is taken for what they claim. */
class SegmentationDamageTest {
    @TempDir
    private Path folder = Path.of("");

    private Path out() {
        return folder.resolve("out.dcm");
    }

    /** A real segmentation of three slices and one segment, changed. */
    private void change(UnaryOperator<DataSet> change) throws IOException {
        DicomFile liver = DicomFile.read(TestData.path("formats/dicomseg/liver.dcm"));
        PixelData.Span where = Objects.requireNonNull(liver.pixels()).whole();
        byte[] pixels = Arrays.copyOfRange(Files.readAllBytes(liver.path()), (int) where.from(), (int) where.to());
        DicomWriter.write(out(), change.apply(liver.data().setBytes(Tag.PIXEL_DATA, Vr.OB, pixels)));
    }

    private void refused(UnaryOperator<DataSet> change, String found) throws IOException {
        change(change);
        assertThatThrownBy(() -> Formats.any().read(out()))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith(out() + ": expected ")
                .hasMessageEndingWith(found);
    }

    @Test
    void filesThatEndEarly() throws IOException {
        byte[] whole = Files.readAllBytes(TestData.path("formats/dicomseg/liver.dcm"));
        for (int i = 1; i < 60; i++) {
            Files.write(out(), Arrays.copyOf(whole, whole.length * i / 60));
            assertThatThrownBy(() -> Formats.any().read(out()))
                    .as("%d of 60 parts", i)
                    .isInstanceOf(IOException.class)
                    .message()
                    .startsWith(out() + ": expected ")
                    .doesNotContain("\n", "null")
                    .hasSizeLessThan(out().toString().length() + 200);
        }
    }

    @Test
    void framesOfWhichItDoesNotTell() throws IOException {
        refused(seg -> seg.setInts(Tag.NUMBER_OF_FRAMES, 2), "functional groups of 2 frames, found those of 3");
        refused(
                seg -> seg.setItems(
                        Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
                        seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).subList(0, 2)),
                "functional groups of 3 frames, found those of 2");
        refused(
                seg -> seg.setItems(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, List.of()),
                "functional groups of 3 frames, found those of 0");
        // as many frames as the file has bits
        refused(
                seg -> seg.setInts(Tag.ROWS, 1).setInts(Tag.COLUMNS, 1).setInts(Tag.NUMBER_OF_FRAMES, 98304 * 8),
                "functional groups of 786432 frames, found those of 3");
        refused(
                seg -> seg.setInts(Tag.NUMBER_OF_FRAMES, Integer.MAX_VALUE),
                "expected 70368744144896 bytes of pixels, found 98304");
        refused(seg -> seg.setInts(Tag.NUMBER_OF_FRAMES, -3), "found -3 frames of 512x512 pixels of 1 bits");
    }

    @Test
    void segmentsOfWhichItDoesNotTell() throws IOException {
        String said = "expected pixels of segments that it describes, found those of segment 1";
        refused(seg -> seg.setItems(Tag.SEGMENT_SEQUENCE, List.of()), said);
        refused(seg -> seg.setItems(Tag.SEGMENT_SEQUENCE, List.of(new DataSet().setInts(Tag.SEGMENT_NUMBER, 2))), said);
        refused(
                seg -> {
                    for (DataSet frame : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
                        frame.setItems(Tag.SEGMENT_IDENTIFICATION_SEQUENCE, List.of());
                    }
                    return seg;
                },
                "expected the number of a segment for each frame, found none in frame 1");
    }

    /** Its bits as bytes of an eighth of the columns. */
    private static DataSet labelMap(DataSet seg) {
        DataSet segment = new DataSet().setInts(Tag.SEGMENT_NUMBER, 255);
        return seg.set(Tag.SEGMENTATION_TYPE, "LABELMAP")
                .setInts(Tag.COLUMNS, 64)
                .setInts(Tag.BITS_ALLOCATED, 8)
                .setItems(Tag.SEGMENT_SEQUENCE, List.of(segment));
    }

    @Test
    void valuesOfLabelMaps() throws IOException {
        refused(
                seg -> labelMap(seg.setBytes(Tag.PIXEL_DATA, Vr.OB, filled(7))),
                "expected pixels of segments that it describes, found those of segment 7");
        byte[] some = filled(9);
        some[100] = -1;
        change(seg -> labelMap(seg.setInts(Tag.PIXEL_PADDING_VALUE, 9).setBytes(Tag.PIXEL_DATA, Vr.OB, some)));
        Volume read = Formats.any().read(out());
        assertThat(read.voxels()).contains(255).containsOnly(0, 255);
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[3 * 512 * 64];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
