package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.TestData;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real files with known faults: every one is found, with its numbers, and nothing on those that are sound. */
class VerifyExpectedTest {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    /** Files whose axes are turned or tilted by more than half a degree. */
    private static final Set<String> OBLIQUE =
            Set.of("CT_pitch.nii.gz", "example4d.nii.gz", "example_nifti2.nii.gz", "test_0000_ep2d_diff_tra_7.nii.gz");

    private static JsonNode expected() throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(TestData.path("../reference/verify_expected.json")));
    }

    private static JsonNode verified(String below, @Nullable String groups) throws IOException, InterruptedException {
        Path list = groups == null ? null : TestData.path(groups);
        Verification found = Verification.run(List.of(TestData.path(below)), list, 2, (done, files, left) -> {});
        return JsonMapper.shared().valueToTree(found.document());
    }

    /** A path as the reference writes it. */
    private static String below(String path) {
        return TestData.path("")
                .toAbsolutePath()
                .normalize()
                .relativize(Path.of(path).toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    @ParameterizedTest
    @CsvSource({"ct, 19", "mr, 2", "formats/nifti, 13", "formats/dicom/c3l_00189_explicit_le, 1"})
    void everyFindingIsThereAndNoOther(String folder, int least) throws IOException, InterruptedException {
        JsonNode listed = expected().get("files");
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode finding : verified(folder, null).get("findings")) {
            found.put(
                    below(finding.get("path").asString()) + ": "
                            + finding.get("kind").asString(),
                    finding);
        }
        Set<String> wanted = new TreeSet<>();
        int files = 0;
        for (Map.Entry<String, JsonNode> file : listed.properties()) {
            boolean inside =
                    file.getKey().startsWith(folder + "/") || file.getKey().equals(folder);
            if (!inside || !isCompared(file.getKey())) {
                continue;
            }
            files++;
            for (JsonNode finding : file.getValue().get("findings")) {
                String key = file.getKey() + ": " + finding.get("kind").asString();
                wanted.add(key);
                assertThat(found).containsKey(key);
                assertThat(numbers(Objects.requireNonNull(found.get(key))))
                        .as(key)
                        .containsAll(numbers(finding));
            }
        }
        assertThat(files).isGreaterThanOrEqualTo(least);
        found.keySet().removeIf(key -> !isCompared(key.replaceFirst(": .*", "")));
        found.remove("formats/nifti/standard.nii.gz: no image"); // 140 voxels that look like labels, and may be some
        List<String> oblique = found.keySet().stream()
                .filter(key -> key.endsWith(": obliquity"))
                .toList();
        assertThat(oblique).allMatch(key -> OBLIQUE.contains(key.replaceFirst(".*/(.*): .*", "$1")));
        assertThat(oblique).hasSize(folder.equals("formats/nifti") ? OBLIQUE.size() : 0);
        assertThat(found.keySet()).containsAll(wanted).hasSize(wanted.size() + oblique.size());
    }

    /** Files of NIfTI and folders of slices; of the other formats only some are listed. */
    private static boolean isCompared(String below) {
        return new Nifti().reads(Path.of(below)) || Formats.any().readsFolder(TestData.path(below));
    }

    /** The numbers of what was found; of headers without voxels only the first, the rest is an error of Python's. */
    private static Set<Double> numbers(JsonNode finding) {
        Set<Double> numbers = new TreeSet<>();
        String text = finding.get("found").asString().replace("CIFTI-2", "") + " "
                + finding.get("fix").asString();
        boolean unreadable = finding.get("kind").asString().equals("unreadable");
        for (Matcher matcher = NUMBER.matcher(text); matcher.find() && !(unreadable && !numbers.isEmpty()); ) {
            numbers.add(Double.valueOf(matcher.group()));
        }
        return numbers;
    }

    @Test
    void soundFilesRaiseNoAlarm() throws IOException, InterruptedException {
        List<String> clean = new ArrayList<>();
        expected().get("clean").forEach(path -> clean.add(path.asString()));
        for (String folder : List.of("ct", "mr", "formats/nifti")) {
            for (JsonNode finding : verified(folder, null).get("findings")) {
                assertThat(below(finding.get("path").asString())).isNotIn(clean);
            }
        }
    }

    @Test
    void sharedContentIsFoundAndOnlyThat() throws IOException, InterruptedException {
        JsonNode shared = verified("ct", null).get("sharedContent");
        Map<Set<String>, JsonNode> found = new HashMap<>();
        shared.forEach(pair -> found.put(files(pair), pair));
        int named = 0;
        for (JsonNode pair : expected().get("shared_content")) {
            boolean visible = pair.get("kind").asString().startsWith("same scan")
                    && !files(pair).toString().contains("dicom");
            named += visible ? 1 : 0;
            assertThat(found.containsKey(files(pair))).as(pair.toString()).isEqualTo(visible);
            JsonNode equal = pair.path("equal_voxels");
            if (visible && !equal.isMissingNode()) {
                assertThat(Objects.requireNonNull(found.get(files(pair)))
                                .get("found")
                                .asString())
                        .contains("whole voxel shift [0, 0, 24], overlap [120, 102, 112]")
                        .contains(equal.asInt() + " of " + pair.get("of").asInt()
                                + " voxels equal, largest difference 2");
            }
        }
        assertThat(found).hasSize(named);
        assertThat(shared).allMatch(pair -> pair.get("level").asString().equals("warning"));
        // once the list says that both are of one patient, no split separates them
        assertThat(verified("ct", "patients.csv").get("sharedContent"))
                .hasSize(named)
                .allMatch(pair -> pair.get("level").asString().equals("note"));
    }

    private static Set<String> files(JsonNode pair) {
        Set<String> files = new TreeSet<>();
        pair.get("files")
                .forEach(file -> files.add(
                        file.asString().startsWith("ct/") || file.asString().startsWith("formats/")
                                ? file.asString()
                                : below(file.asString())));
        return files;
    }

    @ParameterizedTest
    @CsvSource({"ct", "mr", "formats/nifti", "formats/dicom/c3l_00189_explicit_le"})
    void whatFilesHoldIsAsMeasured(String folder) throws IOException, InterruptedException {
        JsonNode listed = expected().get("files");
        int compared = 0;
        for (JsonNode file : verified(folder, null).get("files")) {
            JsonNode wanted = listed.get(below(file.get("path").asString()));
            if (file.path("min").isMissingNode()) {
                continue; // could not be read, which is a finding
            }
            assertThat(wanted).isNotNull();
            assertThat(file.get("min").asDouble()).isCloseTo(wanted.get("min").asDouble(), offset(1e-3));
            assertThat(file.get("max").asDouble()).isCloseTo(wanted.get("max").asDouble(), offset(1e-3));
            assertThat(file.get("nonFinite").asLong())
                    .isEqualTo(wanted.path("non_finite").asLong(0));
            assertThat(file.get("orientation")).isEqualTo(wanted.get("orientation"));
            for (int d = 0; d < 3; d++) {
                assertThat(file.get("shape").get(d))
                        .isEqualTo(wanted.get("shape").get(d));
                assertThat(file.get("spacingMm").get(d).asDouble())
                        .isCloseTo(wanted.get("spacing_mm").get(d).asDouble(), offset(1e-5));
            }
            if (wanted.has("classes_present")) {
                assertThat(file.get("role").asString()).isEqualTo("label");
                assertThat(below(file.get("image").asString()))
                        .isEqualTo(wanted.get("image").asString());
                List<String> present = new ArrayList<>();
                wanted.get("classes_present").forEach(value -> present.add(value.asString()));
                assertThat(file.get("classes").propertyNames()).containsExactlyElementsOf(present);
                long foreground = 0;
                for (Map.Entry<String, JsonNode> value : file.get("classes").properties()) {
                    foreground +=
                            value.getKey().equals("0") ? 0 : value.getValue().asLong();
                }
                assertThat(foreground).isEqualTo(wanted.get("foreground_voxels").asLong());
            }
            compared++;
        }
        assertThat(compared).isPositive();
    }
}
