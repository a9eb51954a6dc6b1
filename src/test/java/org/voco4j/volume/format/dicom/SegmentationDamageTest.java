package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** Segmentations that end early, contradict themselves or lie: one sentence each, before memory is taken for what they claim. */
class SegmentationDamageTest {
    private static final int MUTANTS = 2000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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

    /** Small ones of both kinds, changed at 1 to 6 places or cut: a label map or a sentence, in the memory of what it says. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changedBytesGiveALabelMapOrASentence(boolean values) throws IOException {
        change(seg -> {
            seg.setInts(Tag.ROWS, 64).setBytes(Tag.PIXEL_DATA, Vr.OB, Arrays.copyOf(filled(255), 3 * 64 * 64));
            return values ? labelMap(seg) : seg.setInts(Tag.COLUMNS, 64);
        });
        byte[] good = Files.readAllBytes(out());
        long honest = good.length + 4L * Formats.any().read(out()).voxels().length;
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = good.clone();
            for (int n = random.nextInt(1, 7); n > 0; n--) {
                bytes[132 + random.nextInt(bytes.length - 3 * 64 * 64 - 132)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(12) == 0 ? random.nextInt(bytes.length) : bytes.length;
            Path file = Files.write(folder.resolve(seed + ".dcm"), Arrays.copyOf(bytes, length));
            long begun = System.nanoTime();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long allowed = honest;
            try {
                SegmentationFile segmentation = SegmentationFile.of(DicomFile.read(file));
                if (segmentation == null) { // by its class it is another object now
                    refused++;
                } else {
                    allowed += 4L * segmentation.read().voxels().length;
                }
            } catch (VolumeFormatException e) {
                refused++;
                assertThat(e).message().startsWith(file + ": expected ").doesNotContain("\n");
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated, seed %d", seed)
                    .isLessThan((1 << 20) + 4 * allowed);
            assertThat(System.nanoTime() - begun).as("seed %d", seed).isLessThan(5_000_000_000L);
            Files.delete(file);
        }
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS - 100);
    }
}
