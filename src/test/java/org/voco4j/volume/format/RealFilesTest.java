package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.TestData;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Expected;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files of other programs: what nibabel finds in them, we find (skipped where the files are not). */
class RealFilesTest {
    private static final Set<String> NOT_A_VOLUME = Set.of("unreadable", "not a volume");

    @Test
    void everyListedNiftiIsAsNibabelSeesIt() throws IOException {
        Path data = TestData.path("");
        JsonNode files = JsonMapper.shared()
                .readTree(Files.readAllBytes(TestData.path("../reference/verify_expected.json")))
                .get("files");
        int compared = 0;
        for (Map.Entry<String, JsonNode> listed : files.properties()) {
            Path file = data.resolve(listed.getKey());
            if (new Nifti().reads(file)) {
                compare(file, listed.getValue());
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(30);
    }

    @Test
    void everyNiftiThereIsReadOrRefused() throws IOException {
        Set<String> refused = new HashSet<>();
        try (Stream<Path> files = Files.list(TestData.path("formats/nifti"))) {
            for (Path file : (Iterable<Path>) files.filter(new Nifti()::reads)::iterator) {
                try {
                    new Nifti().read(file);
                } catch (VolumeFormatException e) {
                    refused.add(file.getFileName().toString());
                }
            }
        }
        assertThat(refused)
                .containsExactlyInAnyOrder(
                        "nifti1.hdr",
                        "nifti2.hdr",
                        "analyze.hdr",
                        "row_major.dconn.nii", // no volumes
                        "example4d.nii.gz",
                        "example_nifti2.nii.gz",
                        "functional.nii"); // 4-D
    }

    /** What ITK finds in them: sums over all voxels, and weighted by (i + 1) mod 97 from the last axis on. */
    @ParameterizedTest
    @CsvSource({
        "metaimage/CT_2D_head_fixed.mha, 256 256 1, 1 1 1, 0 0 0, LPS, 2660536, 127745230",
        "metaimage/CT_2D_head_moving.mha, 256 256 1, 1 1 1, 0 0 0, LPS, 5027809, 241305673",
        "nrrd/breast1_image.nrrd, 45 120 21, .664062 .664062 2.1, 116.54304 48.144654 9.45, LPS, 7187342, 345010760",
        "nrrd/breast1_label.nrrd, 45 120 21, .664062 .664062 2.1, 116.54304 48.144654 9.45, LPS, 143, 6990",
        "nrrd/lung1_label.nrrd, 512 512 48, .5703125 .5703125 5, 146 325 -777.5, LPS, 837, 40179",
        "nrrd/prostate_phantom_subvolume.nrrd, 82 67 13, .5 .5 3, -15.683382511 -76.535760880 -52.776130676, RAS,"
                + " 27811967, 1336728521",
    })
    void nrrdAndMetaImageAreAsItkSeesThem(
            String name, String shape, String spacing, String origin, String codes, long sum, long weighted)
            throws IOException {
        Volume volume = Formats.any().read(TestData.path("formats").resolve(name));
        assertThat(volume.shape() + "").isEqualTo(shape.replace(' ', 'x'));
        assertThat(Orient.codes(volume.affine())).isEqualTo(codes);
        for (int d = 0; d < 3; d++) {
            assertThat(volume.affine().spacing().along(d))
                    .isCloseTo(Double.parseDouble(spacing.split(" ")[d]), offset(1e-7));
            assertThat(volume.affine().at(d, 3)).isCloseTo(Double.parseDouble(origin.split(" ")[d]), offset(1e-7));
        }
        long found = 0;
        long foundWeighted = 0;
        for (int i = 0; i < volume.voxels().length; i++) {
            found += (long) volume.voxels()[i];
            foundWeighted += ((long) volume.voxels()[i]) * ((i + 1) % 97);
        }
        assertThat(found).isEqualTo(sum);
        assertThat(foundWeighted).isEqualTo(weighted);
    }

    private static void compare(Path file, JsonNode expected) throws IOException {
        Nifti nifti = new Nifti();
        for (JsonNode finding : expected.get("findings")) {
            if (NOT_A_VOLUME.contains(finding.get("kind").asString())) {
                assertThatThrownBy(() -> nifti.header(file)).isInstanceOf(VolumeFormatException.class);
                return;
            }
        }
        VolumeHeader header = nifti.header(file);
        JsonNode shape = expected.get("shape");
        assertThat(header.shape())
                .as("%s", file)
                .isEqualTo(new Shape3(
                        shape.get(0).asInt(), shape.get(1).asInt(), shape.get(2).asInt()));
        assertThat(header.channels()).isEqualTo(shape.size() > 3 ? shape.get(3).asInt() : 1);
        double[] rows = new double[12];
        for (int i = 0; i < 12; i++) {
            rows[i] = expected.get("affine").get(i / 4).get(i % 4).asDouble();
        }
        Expected.assertSame(header.affine(), Affine.ofRows(rows), 1e-9);
        assertThat(Orient.codes(header.affine()))
                .as("%s", file)
                .isEqualTo(expected.get("orientation").asString());
        if (expected.get("header").get("scl_slope").asString().equals("1.0")) {
            assertThat(header.dataType()).isEqualTo(expected.get("dtype").asString());
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        int holes = 0;
        for (int channel = 0; channel < header.channels(); channel++) {
            Volume volume = nifti.read(file, channel);
            for (float value : volume.voxels()) {
                if (Float.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                } else {
                    holes++;
                }
            }
        }
        double least = expected.get("min").asDouble();
        double largest = expected.get("max").asDouble();
        assertThat(low).as("%s", file).isCloseTo(least, offset(1e-7 * Math.abs(least)));
        assertThat(high).as("%s", file).isCloseTo(largest, offset(1e-7 * Math.abs(largest)));
        assertThat(holes).isEqualTo(expected.path("non_finite").asInt(0));
    }
}
