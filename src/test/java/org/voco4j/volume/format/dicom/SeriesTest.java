package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** What slices make volumes, and of what they do not what is said. */
class SeriesTest {
    private static final VolumeFormat FORMAT = Formats.any();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void nothingIsFixed() {
        Formats.fixGeometry(false);
    }

    private Path add(String name, DataSet data) throws IOException {
        return DicomBytes.write(folder.resolve(name), data);
    }

    private void refused(String words) {
        assertThatThrownBy(() -> FORMAT.read(folder))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(words);
    }

    /** Names and thickness say nothing. */
    @Test
    void positionsAloneSayOrderAndDistance() throws IOException {
        add("b", slice(12.5, 200));
        add("c.dcm", slice(10, 100));
        add("a.txt", slice(15, 300));
        Files.writeString(folder.resolve("LICENSE"), "no image");
        Volume volume = FORMAT.read(folder);
        assertThat(volume.shape()).isEqualTo(new Shape3(4, 3, 3));
        for (int z = 0; z < 3; z++) {
            assertThat(volume.at(0, 0, z)).isEqualTo(100 * (z + 1));
            assertThat(volume.at(3, 2, z)).isEqualTo(100 * (z + 1) + 11);
        }
        double[] rows = {-0.5, 0, 0, 10, 0, -2, 0, 20, 0, 0, 2.5, 10}; // left-posterior-superior as RAS+
        for (int i = 0; i < 12; i++) {
            assertThat(volume.affine().at(i / 4, i % 4)).as("%d", i).isEqualTo(rows[i]);
        }
        assertThat(FORMAT.files(folder)).hasSize(3);
    }

    private static DataSet slice(double z, int first) {
        return DicomBytes.slice(z, first);
    }

    @Test
    void eachSliceHasItsOwnRescaling() throws IOException {
        add("1", slice(0, 10).setDoubles(Tag.RESCALE_SLOPE, 0.5).setDoubles(Tag.RESCALE_INTERCEPT, -1));
        add("2", slice(1, 10).setDoubles(Tag.RESCALE_SLOPE, 2));
        Volume volume = FORMAT.read(folder);
        assertThat(volume.at(0, 0, 0)).isEqualTo(4);
        assertThat(volume.at(1, 0, 1)).isEqualTo(22);
    }

    @Test
    void severalImagesAtOnePlaceAreRefused() throws IOException {
        add("1", slice(0, 0));
        add("2", slice(3, 0));
        add("3", slice(3, 0));
        refused("expected one image at each place, found 3 images at 2 places: 2 at 3 mm along their normal");
    }

    /** One slice is missing: it is said, or made of its neighbours. */
    @Test
    void gapsAreRefusedOrFilled() throws IOException {
        for (int z : new int[] {0, 1, 2, 4, 5}) {
            add("z" + z, slice(3 * z, 10 * z));
        }
        refused("6 mm between slices 3 and 4, at 6 and 12 mm along their normal, where 1 slice is missing");
        Formats.fixGeometry(true);
        Volume fixed = FORMAT.read(folder);
        assertThat(fixed.shape()).isEqualTo(new Shape3(4, 3, 6));
        for (int z = 0; z < 6; z++) {
            assertThat(fixed.at(1, 0, z)).as("slice %d", z).isCloseTo(10 * z + 1, within(1e-4f));
        }
    }

    /** 3 mm along a column for each of 6 mm. */
    @Test
    void aTiltedGantryIsRefusedOrStraightened() throws IOException {
        for (int z = 0; z < 4; z++) {
            add("z" + z, slice(6 * z, 100).setDoubles(Tag.IMAGE_POSITION_PATIENT, -10, -20 + 4 * z, 6 * z));
        }
        refused("a gantry tilted by 33.6901 degrees: slices shifted by 12 mm over 18 mm");
        Formats.fixGeometry(true);
        Volume fixed = FORMAT.read(folder);
        assertThat(fixed.shape()).isEqualTo(new Shape3(4, 3 + 6, 4));
        for (int z = 0; z < 4; z++) {
            assertThat(fixed.at(2, 2 * z, z)).isEqualTo(102); // the first row of a slice lies 2 rows below that before
            assertThat(fixed.at(2, 2 * z + 2, z)).isEqualTo(110);
            assertThat(fixed.at(2, (2 * z + 5) % 9, z)).isEqualTo(100); // beside it all is as dark as it gets
        }
    }

    @Test
    void slicesBesideTheLineAreRefused() throws IOException {
        for (int z = 0; z < 5; z++) {
            int aside = z == 2 ? 5 : 0;
            add("z" + z, slice(6 * z, 0).setDoubles(Tag.IMAGE_POSITION_PATIENT, -10 + aside, -20, 6 * z));
        }
        refused("slices shifted sideways by up to 10 pixels off a straight line");
    }

    @Test
    void severalSeriesAreListedAndOneIsChosen() throws IOException {
        for (int z = 0; z < 3; z++) {
            add("a" + z, slice(z, 1));
            add("b" + z, slice(-z, 2).set(Tag.SERIES_INSTANCE_UID, "2.25.99"));
        }
        add(
                "b3",
                slice(7, 3).set(Tag.SERIES_INSTANCE_UID, "2.25.99").set(Tag.IMAGE_TYPE, "ORIGINAL", "X", "LOCALIZER"));
        refused(
                "expected one series, or --series to choose one, found 3 series (1: 3 images of 4x3; 2: 3 images of 4x3;"
                        + " 3: 1 image of 4x3)");
        assertThat(FORMAT.read(Formats.series(folder, "2")).at(0, 0, 0)).isEqualTo(2);
        assertThat(FORMAT.read(Formats.series(folder, "2.25.3")).at(0, 0, 0)).isEqualTo(1);
        assertThat(FORMAT.read(Formats.series(folder, "3")).shape()).isEqualTo(new Shape3(4, 3, 1));
        assertThatThrownBy(() -> Formats.series(folder, "2.25.99")).hasMessageContaining("2 volumes among 3 series");
        assertThat(FORMAT.group(list()).volumes())
                .containsExactly(folder.resolve("a0"), folder.resolve("b0"), folder.resolve("b3"));
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Other directions, distances of pixels and sizes make other volumes. */
    @ParameterizedTest
    @CsvSource({"orientation", "spacing", "size"})
    void whatCannotBeOneVolumeIsSeveral(String what) throws IOException {
        for (int z = 0; z < 2; z++) {
            add("a" + z, slice(z, 1));
            DataSet other = slice(z, 2);
            switch (what) {
                case "orientation" ->
                    other.setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, 0, 1, 0, 0, 0, -1)
                            .setDoubles(Tag.IMAGE_POSITION_PATIENT, z, 0, 0);
                case "spacing" -> other.setDoubles(Tag.PIXEL_SPACING, 2.1, 0.5);
                default -> other.setInts(Tag.ROWS, 2);
            }
            add("b" + z, other);
        }
        refused("found 2 series (1: 2 images of 4x3; 2: 2 images of 4x");
    }

    /** Repeated positions are told apart by what the standard gives to do so, and only if all of it fits. */
    @ParameterizedTest
    @CsvSource({"temporal, 2", "acquisition, 2", "echo, 2", "trigger, 2", "instance, 0"})
    void timesAndAcquisitionsAreVolumesOfTheirOwn(String what, int volumes) throws IOException {
        for (int z = 0; z < 3; z++) {
            for (int time = 1; time <= 2; time++) {
                DataSet slice = slice(z, 100 * time);
                switch (what) {
                    case "temporal" -> slice.setInts(Tag.TEMPORAL_POSITION_IDENTIFIER, time);
                    case "acquisition" -> slice.setInts(Tag.ACQUISITION_NUMBER, time);
                    case "echo" -> slice.setInts(Tag.ECHO_NUMBERS, time);
                    case "trigger" -> slice.setDoubles(Tag.TRIGGER_TIME, 12.5 * time);
                    default -> slice.setInts(Tag.INSTANCE_NUMBER, time);
                }
                add("t" + time + z, slice);
            }
        }
        List<Path> found = FORMAT.group(list()).volumes();
        if (volumes == 0) {
            refused("6 images at 3 places");
            return;
        }
        assertThat(found).containsExactly(folder.resolve("t10"), folder.resolve("t20"));
        assertThat(FORMAT.read(found.get(0)).at(0, 0, 2)).isEqualTo(100);
        assertThat(FORMAT.read(found.get(1)).at(0, 0, 2)).isEqualTo(200);
    }

    /** Anonymised files may have lost them all: the folder counts. */
    @Test
    void identifiersMayBeEmptyOrRepeated() throws IOException {
        for (int z = 0; z < 3; z++) {
            add("z" + z, slice(z, 0).set(Tag.SERIES_INSTANCE_UID, "").set(Tag.PATIENT_ID, ""));
        }
        VolumeHeader header = FORMAT.header(folder);
        assertThat(header.shape()).isEqualTo(new Shape3(4, 3, 3));
        assertThat(header.doubts()).singleElement().satisfies(doubt -> {
            assertThat(doubt.of()).isEqualTo(VolumeHeader.Doubt.Subject.IDENTIFIERS);
            assertThat(doubt.found()).isEqualTo("SeriesInstanceUID, PatientID empty in every file");
        });
    }

    /** Of enhanced objects functional groups say it, of each frame or of all. */
    @Test
    void framesOfOneFileAreSlices() throws IOException {
        Path file = add("enhanced", enhanced(new double[] {6, 2, 4}, ""));
        for (Path path : List.of(file, folder)) {
            Volume volume = FORMAT.read(path);
            assertThat(volume.shape()).isEqualTo(new Shape3(4, 3, 3));
            assertThat(volume.at(0, 0, 0)).isEqualTo(12 * 2 - 1);
            assertThat(volume.at(0, 0, 1)).isEqualTo(24 * 2 - 1);
            assertThat(volume.at(1, 0, 2)).isEqualTo(1 * 2 - 1);
            assertThat(volume.affine().at(2, 2)).isEqualTo(2);
            assertThat(volume.affine().at(0, 0)).isEqualTo(-0.25);
        }
        add("enhanced", enhanced(new double[] {0, 1, 0, 1}, "AABB"));
        refused("expected one volume, found 2 in 4 frames: split it");
        add("enhanced", enhanced(new double[] {0, 1, 0, 1}, "AAAB"));
        refused("4 images at 2 places");
        add(
                "enhanced",
                enhanced(new double[] {0, 1, 0, 1}, "---B")); // frames without a content of their own before one with
        refused("4 images at 2 places");
    }

    private static DataSet enhanced(double[] z, String stacks) {
        List<DataSet> frames = new ArrayList<>();
        for (int f = 0; f < z.length; f++) {
            DataSet frame = new DataSet()
                    .setItems(
                            Tag.PLANE_POSITION_SEQUENCE,
                            List.of(new DataSet().setDoubles(Tag.IMAGE_POSITION_PATIENT, 0, 0, z[f])));
            if (!stacks.isEmpty() && stacks.charAt(f) != '-') {
                frame.setItems(
                        Tag.FRAME_CONTENT_SEQUENCE,
                        List.of(new DataSet().set(Tag.STACK_ID, stacks.substring(f, f + 1))));
            }
            frames.add(frame);
        }
        DataSet shared = new DataSet()
                .setItems(
                        Tag.PLANE_ORIENTATION_SEQUENCE,
                        List.of(new DataSet().setDoubles(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)))
                .setItems(Tag.PIXEL_MEASURES_SEQUENCE, List.of(new DataSet().setDoubles(Tag.PIXEL_SPACING, 0.25, 0.25)))
                .setItems(
                        Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
                        List.of(new DataSet().setDoubles(Tag.RESCALE_SLOPE, 2).setDoubles(Tag.RESCALE_INTERCEPT, -1)));
        return DicomBytes.image(0)
                .set(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2.1")
                .setInts(Tag.NUMBER_OF_FRAMES, z.length)
                .setItems(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared))
                .setItems(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames)
                .setBytes(Tag.PIXEL_DATA, Vr.OW, DicomBytes.pixels(0, 12 * z.length));
    }
}
