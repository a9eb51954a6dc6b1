package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.program.archive.FakeArchive;
import org.voco4j.volume.format.dicom.DicomFile;
import org.voco4j.volume.format.dicom.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** DICOM Segmentations from command to command, on two series of real scans. */
class DicomSegCommandTest extends CommandFixture {
    @TempDir
    private static Path data = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    /** Three slices of one patient, six of another, and a model that was trained for one step on torsos. */
    @BeforeAll
    static void scansAndAModel() throws IOException {
        copy("formats/dicomseg/ct-3slice", 3, data.resolve("set/images/a"));
        copy("formats/dicom/c3l_00189_explicit_le", 6, data.resolve("set/images/b"));
        assertThat(quietly("phantom", "--out", data.resolve("torsos").toString(), "--cases", "2", "--labels"))
                .isEqualTo(ExitCode.DONE);
        assertThat(quietly(
                        ("finetune -q --steps 1 --threads 1 --data DIR/torsos --out DIR/run --set data.size=[32,32,16]"
                                        + " --set patch.size=[16,16,16] --set model.channels=[4,8,8]")
                                .replace("DIR", data.toString())
                                .split(" ")))
                .isEqualTo(ExitCode.DONE);
    }

    private static void copy(String series, int slices, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(TestData.path(series))) {
            for (Path file : files.sorted().limit(slices).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private int voco(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return run(line.replace("DATA", data.toString())
                .replace("DIR", folder.toString())
                .split(" "));
    }

    private JsonNode document() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private void predict(String options) {
        assertThat(voco("predict -q --threads 1 --overlap 0 --weights DATA/run -i DATA/set/images " + options))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
    }

    /** Compared with what the same model says in NIfTI, each once as prediction and once as truth. */
    @ParameterizedTest
    @ValueSource(strings = {"", " --labelmap"})
    void segmentsAreTheLabelMap(String kind) {
        predict("-o DIR/nii");
        predict("-o DIR/seg --format dicom-seg" + kind);
        assertThat(folder.resolve("seg")).isDirectoryContaining("glob:**a.dcm").isDirectoryContaining("glob:**b.dcm");
        for (String sides : List.of("--pred DIR/seg --truth DIR/nii", "--pred DIR/nii --truth DIR/seg")) {
            assertThat(voco("evaluate --json " + sides)).as(err.toString()).isEqualTo(ExitCode.DONE);
            JsonNode mean = document().path("mean");
            assertThat(document().path("cases").size()).isEqualTo(2);
            assertThat(mean.path("dice").asDouble()).isEqualTo(1);
            assertThat(mean.path("hd95").asDouble()).isZero();
        }
    }

    @Test
    void segmentsAreLabelsToLearnFromAndToCheck() throws IOException {
        predict("-o DATA/set/labels --format dicom-seg");
        Files.delete(data.resolve("set/labels/labels.json"));
        assertThat(voco("verify --json DATA/set")).isNotEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).doesNotContain("grid", "no image");
        String[] line = ("finetune --steps 1 --threads 1 --data DATA/set --out DIR/run --set data.size=[32,32,16]"
                        + " --set patch.size=[16,16,16] --set model.channels=[4,8,8]")
                .replace("DATA", data.toString())
                .replace("DIR", folder.toString())
                .split(" ");
        String[] all = Stream.concat(Stream.of(line), Stream.of("--set", "labels={right_lung: 1, left_lung: 2}"))
                .toArray(String[]::new);
        assertThat(run(all)).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).contains("2 labelled scans");
        Files.copy(TestData.path("formats/dicom/pydicom/rtstruct.dcm"), data.resolve("set/labels/c.dcm"));
        assertThat(voco("pretrain --steps 1 --recipe tiny --data DATA/set/labels --out DIR/pretrained"))
                .isNotEqualTo(ExitCode.DONE);
        assertThat(err.toString()).contains("left out: 1 file that holds structures of radiotherapy (RTSTRUCT)");
    }

    /** A series is fetched, segmented and its segmentation stored; whoever does so again stores the same to the last byte. */
    @Test
    void fromAnArchiveAndBack() throws IOException {
        try (FakeArchive archive = new FakeArchive()) {
            try (Stream<Path> files = Files.list(data.resolve("set/images/a"))) {
                for (Path file : files.toList()) {
                    String uid = DicomFile.read(file).data().string(Tag.SOP_INSTANCE_UID);
                    archive.objects.put(uid + "", Files.readAllBytes(file));
                }
            }
            String predict = "predict --json --threads 1 --overlap 0 --weights DATA/run --store --dicomweb "
                    + archive.url() + " --series " + FakeArchive.SERIES;
            assertThat(voco(predict + " -i DIR/scans -o DIR/first"))
                    .as(err.toString())
                    .isEqualTo(ExitCode.DONE);
            assertThat(document().path("stored").asInt()).isEqualTo(1);
            assertThat(voco(predict + " -i DIR/scans -o DIR/first")).isEqualTo(ExitCode.DONE);
            assertThat(document().path("kept").asInt()).isEqualTo(1);
            assertThat(voco(predict + " -i DIR/again -o DIR/second")).isEqualTo(ExitCode.DONE);
            byte[] segmentation = Files.readAllBytes(folder.resolve("first/" + FakeArchive.SERIES + ".dcm"));
            assertThat(folder.resolve("second/" + FakeArchive.SERIES + ".dcm")).hasBinaryContent(segmentation);
            String sent = new String(segmentation, StandardCharsets.ISO_8859_1);
            assertThat(archive.stored)
                    .hasSize(3)
                    .allSatisfy(body -> assertThat(body.contains(sent)).isTrue());

            assertThat(voco("fetch-series --json -o DIR/study --dicomweb " + archive.url() + " --study "
                            + FakeArchive.STUDY))
                    .isEqualTo(ExitCode.DONE);
            assertThat(document().path("fetched").asInt()).isEqualTo(3);
            assertThat(document().path("series").path(0).path("folder").asString())
                    .isEqualTo(
                            folder.resolve("study").resolve(FakeArchive.SERIES).toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--store, '--study and --store are about an archive, which --dicomweb names'",
        "--dicomweb http://localhost:1, '--dicomweb: --series has to say what is fetched, or --store that results go there'",
        "--dicomweb http://localhost:1 --store --format nii.gz, '--store is for --format dicom-seg, which archives take'",
        "--dicomweb http://localhost:1 --series 1.2 -i DATA/torsos, '-i: with --series expected one folder'",
        "--labelmap, '--labelmap is for --format dicom-seg, not nii.gz'",
    })
    void optionsThatDoNotGoTogether(String options, String sentence) {
        assertThat(voco("predict --weights DATA/run -i DATA/set/images -o DIR/out " + options))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate --truth RT --pred RT", "predict --weights DATA/run -o DIR/x.nii.gz -i RT"})
    void structuresAreRefusedByName(String line) {
        String file = TestData.path("formats/dicom/pydicom/rtstruct.dcm").toString();
        assertThat(voco(line.replace("RT", file))).isNotEqualTo(ExitCode.DONE);
        assertThat(err.toString()).contains("structures of radiotherapy (RTSTRUCT)");
    }
}
