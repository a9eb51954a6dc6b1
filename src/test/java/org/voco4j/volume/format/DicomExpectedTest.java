package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.TestData;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.dicom.Headers;
import org.voco4j.volume.format.dicom.SeriesSorter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real DICOM files: what GDCM, DCMTK, OpenJPEG and pydicom find in them, we find, or refuse as must be. */
class DicomExpectedTest {
    /** What a refusal of an entry must say: the numbers, or the name of the object. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("sliceincrement/001", "10 mm between slices 3 and 4, at 28.1075 and 38.1075 mm"),
            Map.entry("notavolume/001", "4 images at 1 place: 4 at 61.5 mm"),
            Map.entry("ExplVR_BigEnd.dcm", "3 samples per pixel"),
            Map.entry("rtstruct.dcm", "RTSTRUCT"),
            Map.entry("liver.dcm", "SEG"),
            Map.entry("emri_small.dcm", "10 without a position"),
            Map.entry("emri_small_RLE.dcm", "10 without a position"),
            Map.entry("emri_small_big_endian.dcm", "10 without a position"),
            Map.entry("emri_small_jpeg_2k_lossless.dcm", "10 without a position"),
            Map.entry("emri_small_jpeg_ls_lossless.dcm", "10 without a position"),
            Map.entry("emri_small_jpeg_2k_lossless_too_short.dcm", "the end of the file after 10 of their pieces"));

    private static JsonNode expected() throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(TestData.path("../reference/dicom_expected.json")));
    }

    @Test
    void everyEntryIsReadOrRefusedAsMustBe() throws IOException {
        int read = 0;
        Map<String, String> refused = new TreeMap<>(REFUSED);
        StringBuilder table = new StringBuilder("| file or folder | transfer syntax | |\n|---|---|---|\n");
        for (Map.Entry<String, JsonNode> entry : expected().get("entries").properties()) {
            Path path = TestData.path(entry.getKey());
            JsonNode wanted = entry.getValue();
            String result;
            if (wanted.get("verdict").asString().startsWith("read")) {
                result = compare(new Dicom(), path, wanted);
                read++;
            } else {
                String words = refused.remove(refused.keySet().stream()
                        .filter(name -> entry.getKey().endsWith("/" + name))
                        .findFirst()
                        .orElseThrow());
                VolumeFormatException e =
                        catchThrowableOfType(VolumeFormatException.class, () -> new Dicom().read(path));
                assertThat(e).hasMessageContaining(words);
                result = (e.found().contains("(SEG)") ? "a label map; as an image " : "") + "refused: expected "
                        + e.expected() + ", found " + e.found();
            }
            table.append("| `" + entry.getKey() + "` | "
                    + wanted.get("transfer_syntax").asString().replace("none (no file meta group)", "not said") + " | "
                    + result + " |\n");
        }
        assertThat(read).isEqualTo(26);
        assertThat(refused).isEmpty();
        assertThat(DicomPage.text("dicom-series.md", table))
                .as("it is in target/reference/parts/dicom-series.md")
                .contains(table);
    }

    /** Compares and tells what is read, for the page. */
    private static String compare(Dicom dicom, Path path, JsonNode wanted) throws IOException {
        assertThat(dicom.reads(path) || dicom.readsFolder(path)).as("%s", path).isTrue();
        VolumeHeader header = dicom.header(path);
        Volume volume = dicom.read(path);
        if (wanted.has("shape")) {
            assertThat(volume.shape()).as("%s", path).isEqualTo(shape(wanted.get("shape")));
            assertAffine(path, volume.affine(), wanted.get("affine_ras"));
        }
        assertThat(header.shape()).isEqualTo(volume.shape());
        assertThat(header.affine()).isEqualTo(volume.affine());
        assertThat(header.dataType())
                .isEqualTo(wanted.get("stored").get("dtype").asString());
        JsonNode values = wanted.get("values");
        double sum = 0;
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float voxel : volume.voxels()) {
            sum += voxel;
            low = Math.min(low, voxel);
            high = Math.max(high, voxel);
        }
        assertThat((double) low).as("%s", path).isCloseTo(values.get("min").asDouble(), offset(1e-3));
        assertThat((double) high).as("%s", path).isCloseTo(values.get("max").asDouble(), offset(1e-3));
        assertThat(sum / volume.shape().voxels())
                .as("%s", path)
                .isCloseTo(values.get("mean").asDouble(), offset(1e-3));
        if (values.get("dtype").asString().equals("int16")) {
            assertThat(sha(volume, 1, 0))
                    .as("%s", path)
                    .isEqualTo(values.get("sha256").asString());
        } else {
            double slope = wanted.get("rescale_slope").asDouble();
            double intercept = wanted.get("rescale_intercept").asDouble();
            assertThat(sha(volume, slope, intercept))
                    .as("%s", path)
                    .isEqualTo(wanted.get("stored").get("sha256").asString());
        }
        if (wanted.has("closest_ras") && values.get("dtype").asString().equals("int16")) {
            JsonNode closest = wanted.get("closest_ras");
            Volume ras = Orient.toRas(volume);
            assertThat(ras.shape()).isEqualTo(shape(closest.get("shape")));
            assertAffine(path, ras.affine(), closest.get("affine"));
            assertThat(sha(ras, 1, 0))
                    .as("%s", path)
                    .isEqualTo(closest.get("sha256").asString());
        }
        int[] slices = {0};
        dicom.visit(path, (slice, width) -> {
            for (int i = 0; i < slice.length; i++) {
                if (slice[i] != volume.at(i % width, i / width, slices[0])) {
                    throw new AssertionError(path + ": slice " + slices[0] + " is another");
                }
            }
            slices[0]++;
            return true;
        });
        assertThat(slices[0]).isEqualTo(volume.shape().z());
        Spacing mm = volume.affine().spacing();
        return String.format(
                Locale.ROOT, "%s %s, %.4g x %.4g x %.4g mm", volume.shape(), header.dataType(), mm.x(), mm.y(), mm.z());
    }

    private static Shape3 shape(JsonNode sizes) {
        return new Shape3(
                sizes.get(0).asInt(), sizes.get(1).asInt(), sizes.get(2).asInt());
    }

    private static void assertAffine(Path path, Affine found, JsonNode wanted) {
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                assertThat(found.at(row, column))
                        .as("%s, affine entry %d,%d", path, row, column)
                        .isCloseTo(wanted.get(row).get(column).asDouble(), offset(1e-4));
            }
        }
    }

    /** Of the values as 16-bit numbers, little endian, x fastest. */
    private static String sha(Volume volume, double slope, double intercept) {
        Shape3 shape = volume.shape();
        ByteBuffer bytes = ByteBuffer.allocate(2 * (int) shape.voxels()).order(ByteOrder.LITTLE_ENDIAN);
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    bytes.putShort((short) Math.rint((volume.at(x, y, z) - intercept) / slope));
                }
            }
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(bytes.flip().array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twinsAreEqual() throws IOException {
        int equal = 0;
        for (Map.Entry<String, JsonNode> pair : expected().get("twins").properties()) {
            Path twin = TestData.path(pair.getValue().get("twin").asString());
            Path path = TestData.path(pair.getKey());
            if (path.toString().contains("emri_small")) {
                continue; // no volumes: their frames are compared where frames are read
            }
            boolean same = Arrays.equals(
                    new Dicom().read(path).voxels(), new Dicom().read(twin).voxels());
            assertThat(same)
                    .as("%s", path)
                    .isEqualTo(pair.getValue().get("equal").asBoolean());
            equal += same ? 1 : 0;
        }
        assertThat(equal).isEqualTo(7);
    }

    @Test
    void whatAnotherProgramConvertedIsTheSame() throws IOException {
        int compared = 0;
        for (Map.Entry<String, JsonNode> pair : expected().get("nifti_truths").properties()) {
            Volume truth = Orient.toRas(
                    new Nifti().read(TestData.path(pair.getValue().get("truth").asString())));
            Volume found = Orient.toRas(new Dicom().read(TestData.path(pair.getKey())));
            assertThat(found.shape()).isEqualTo(truth.shape());
            assertThat(found.voxels()).isEqualTo(truth.voxels());
            for (int i = 0; i < 12; i++) {
                assertThat(found.affine().at(i / 4, i % 4))
                        .isCloseTo(truth.affine().at(i / 4, i % 4), offset(1e-5));
            }
            compared++;
        }
        assertThat(compared).isEqualTo(5);
    }

    /** A missing slice is made of its two neighbours, and the present ones stay as they are. */
    @Test
    void aGapIsFilledOnDemand() throws IOException {
        String name = "formats/dicom/dicom2nifti/failing/sliceincrement/001";
        JsonNode wanted = expected().get("entries").get(name).get("if_resampled");
        Dicom dicom = new Dicom();
        dicom.fixGeometry(true);
        Volume fixed = dicom.read(TestData.path(name));
        assertThat(fixed.shape().z()).isEqualTo(wanted.get("slices").asInt());
        assertAffine(TestData.path(name), fixed.affine(), wanted.get("affine_ras"));
        for (int i = 0; i < 512; i++) {
            float between = (fixed.at(i, 300, 2) + fixed.at(i, 300, 4)) / 2;
            assertThat(fixed.at(i, 300, 3)).isEqualTo(between, offset(1e-3f));
            assertThat(fixed.at(i, 300, 1)).isEqualTo((float) Math.rint(fixed.at(i, 300, 1)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "formats/dicom/pydicom/data_store/data, 11",
        "formats/dicom/pydicom, 6",
        "ct/totalsegmentator/example_dicom, 1"
    })
    void foldersAreSortedIntoSeries(String folder, int series) throws IOException {
        Dicom dicom = new Dicom();
        Path path = TestData.path(folder);
        try (var files = Files.list(path)) {
            VolumeFormat.Grouped grouped =
                    dicom.group(files.filter(file -> Files.isRegularFile(file) && dicom.reads(file))
                            .sorted()
                            .toList());
            assertThat(grouped.volumes()).hasSize(series);
            if (series == 1) {
                assertThat(grouped.volumes()).containsExactly(path);
                assertThat(dicom.files(path)).hasSize(20);
            }
            assertThat(grouped.others().values())
                    .hasSize(folder.endsWith("pydicom") ? 1 : 0)
                    .allMatch(words -> words.contains("RTSTRUCT"));
        }
    }

    /** Each series of a folder has the files that are listed for it; what is no image or no DICOM is none of them. */
    @Test
    void seriesHaveTheirFiles() throws IOException {
        int series = 0;
        for (Map.Entry<String, JsonNode> entry : expected().get("folders").properties()) {
            Path folder = TestData.path(entry.getKey());
            List<Path> files;
            try (Stream<Path> all = Files.list(folder)) {
                files = all.filter(Files::isRegularFile).sorted().toList();
            }
            Dicom dicom = new Dicom();
            SeriesSorter sorter =
                    SeriesSorter.of(files.stream().filter(dicom::reads).toList(), new Headers());
            Set<String> left = new TreeSet<>(names(files));
            for (JsonNode wanted : entry.getValue().get("series")) {
                Set<String> listed = new TreeSet<>();
                wanted.get("files").forEach(name -> listed.add(name.asString()));
                String uid = wanted.get("uid").asString().replace("(missing)", "");
                Set<String> found = new TreeSet<>();
                sorter.volumes().stream()
                        .filter(volume -> volume.uid().equals(uid))
                        .forEach(volume -> found.addAll(names(volume.files())));
                names(sorter.broken().keySet()).stream()
                        .filter(listed::contains)
                        .forEach(found::add);
                assertThat(found).isEqualTo(listed);
                left.removeAll(listed);
                series++;
            }
            Set<String> others = new TreeSet<>();
            JsonNode notImages = entry.getValue().get("not_images");
            if (notImages != null) {
                notImages.forEach(name -> others.add(name.asString()));
            }
            assertThat(left).isEqualTo(others);
        }
        assertThat(series).isEqualTo(12);
    }

    private static Set<String> names(Collection<Path> files) {
        Set<String> names = new TreeSet<>();
        files.forEach(file -> names.add(file.getFileName().toString()));
        return names;
    }

    /** Several encodings of one slice lie at one place; a folder of several series is listed, and one of them chosen. */
    @Test
    void aSeriesIsChosen() throws IOException {
        Dicom dicom = new Dicom();
        Path folder = TestData.path("formats/dicom/pydicom");
        assertThatThrownBy(() -> dicom.read(folder))
                .hasMessageContaining("3 samples per pixel"); // a colour picture among them
        assertThatThrownBy(() -> dicom.series(folder, "7")).hasMessageContaining("none among 5 series (1: 1 image of");
        String uid = "1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322";
        assertThat(dicom.series(folder, uid)).isEqualTo(folder.resolve("CT_small.dcm"));
        assertThat(dicom.series(folder, "1")).isEqualTo(folder.resolve("CT_small.dcm"));
        Path same = dicom.series(folder, "1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457");
        assertThatThrownBy(() -> dicom.read(same)).hasMessageContaining("5 images at 1 place: 5 at 6.6406 mm");
    }
}
