package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import embedding.SegmentOneScan;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.unet.UNet;
import org.voco4j.network.unet.UNetForm;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PredictCommandTest extends CommandFixture {
    private static final Nifti NIFTI = new Nifti();

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    private Path results = Path.of("");

    /** Three torsos, and a model that was trained for one step on their organs. */
    @BeforeAll
    static void aModel() {
        Path data = shared.resolve("data");
        assertThat(quietly("phantom", "--out", data.toString(), "--cases", "3", "--labels"))
                .isEqualTo(ExitCode.DONE);
        List<String> args = new ArrayList<>(List.of("finetune", "-q", "--steps", "1", "--threads", "1"));
        args.addAll(List.of(
                "--data", data.toString(), "--out", shared.resolve("run").toString()));
        for (String setting : List.of("data.size=[32,32,16]", "patch.size=[16,16,16]", "model.channels=[4,8,8]")) {
            args.addAll(List.of("--set", setting));
        }
        assertThat(quietly(args.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
    }

    @BeforeEach
    void scans() throws IOException {
        results = folder.resolve("results");
        Files.createDirectories(folder.resolve("in"));
        for (String name : List.of("torso_0001.nii.gz", "torso_0002.nii.gz")) {
            Files.copy(
                    shared.resolve("data").resolve(name), folder.resolve("in").resolve(name));
        }
    }

    private int predict(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String whole = "predict --threads 1 --weights RUN " + line;
        return run(whole.replace("RUN", shared.resolve("run").toString())
                .replace("DIR", folder.toString())
                .split(" "));
    }

    private JsonNode document() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(results.resolve(name)));
    }

    @Test
    void everyScanGetsLabelsOnItsOwnGrid() throws IOException {
        assertThat(predict("-i DIR/in -o DIR/results --max-memory 64G")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("2 scans segmented: ");
        assertThat(err.toString()).contains("1/2  torso_0001: ", "2/2  torso_0002: ");
        Volume scan = NIFTI.read(folder.resolve("in/torso_0001.nii.gz"));
        Volume labels = NIFTI.read(results.resolve("torso_0001.nii.gz"));
        assertThat(labels.shape()).isEqualTo(scan.shape());
        assertThat(labels.affine()).isEqualTo(scan.affine());
        assertThat(NIFTI.header(results.resolve("torso_0001.nii.gz")).dataType())
                .isEqualTo("uint8");
        JsonNode names = JsonMapper.shared()
                .readTree(Files.readString(shared.resolve("data/dataset.json")))
                .path("labels");
        JsonNode said = json("labels.json").path("labels");
        assertThat(said.size()).isPositive();
        said.properties()
                .forEach(label -> assertThat(names.toString())
                        .contains(label.getKey())
                        .contains(label.getValue().asString()));
        byte[] own = SegmentOneScan.segment(
                shared.resolve("run"),
                scan.voxels(),
                scan.shape(),
                scan.affine().spacing());
        assertThat(own).hasSize(labels.voxels().length);
    }

    @Test
    void whatIsFinishedIsKeptAndTheRestIsMadeAgain() throws IOException {
        String line = "-i DIR/in -o DIR/results --json -q";
        assertThat(predict(line)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").size()).isEqualTo(2);
        Path first = results.resolve("torso_0001.nii.gz");
        byte[] whole = Files.readAllBytes(first);
        FileTime made = Files.getLastModifiedTime(results.resolve("torso_0002.nii.gz"));
        Files.delete(results.resolve("torso_0001.prediction.json")); // as a kill before its record was written
        Files.write(first, new byte[] {1, 2, 3});
        assertThat(predict(line)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").toString()).isEqualTo("[\"torso_0001\"]");
        assertThat(document().path("kept").asInt()).isEqualTo(1);
        assertThat(Files.readAllBytes(first)).isEqualTo(whole);
        assertThat(Files.getLastModifiedTime(results.resolve("torso_0002.nii.gz")))
                .isEqualTo(made);
        Files.copy(
                folder.resolve("in/torso_0001.nii.gz"),
                folder.resolve("in/torso_0002.nii.gz"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(predict(line)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").toString()).isEqualTo("[\"torso_0002\"]");
        assertThat(predict(line + " --overlap 0.25")).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").size()).isEqualTo(2);
    }

    @Test
    void brokenScansAreNamedAndTheOthersGoOn() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("in/torso_0001.nii.gz"));
        Files.write(folder.resolve("in/half.nii.gz"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(folder.resolve("in/text.nii"), "no scan");
        assertThat(predict("-i DIR/in -o DIR/results --json")).isEqualTo(ExitCode.FAILED);
        assertThat(document().path("written").size()).isEqualTo(2);
        assertThat(document().path("failed").toString()).contains("half.nii.gz").contains("text.nii");
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 2})
    void fewThickSlicesAreSegmented(int slices) throws IOException {
        float[] voxels = new float[24 * 22 * slices];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % 22 < 4 ? -1000 : i * 31 % 200;
        }
        Shape3 shape = new Shape3(24, 22, slices);
        NIFTI.write(new Volume(shape, Affine.scaling(new Spacing(1, 1, 10)), voxels), folder.resolve("thick.nii.gz"));
        assertThat(predict("-i DIR/thick.nii.gz -o DIR/results"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        assertThat(NIFTI.read(results.resolve("thick.nii.gz")).shape()).isEqualTo(shape);
    }

    @Test
    void reflectionsAreRefusedWhereClassesNameSides() {
        assertThat(predict("-i DIR/in -o DIR/results --mirror")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--mirror: the class '", "names a side of the body");
        assertThat(results).doesNotExist();
    }

    @Test
    void whatCannotBeSegmentedIsCountedEvenInSilence() throws IOException {
        Volume scan = NIFTI.read(folder.resolve("in/torso_0001.nii.gz"));
        Path zeros = folder.resolve("zeros.nii.gz");
        NIFTI.write(scan.withVoxels(new float[scan.voxels().length]), zeros);
        assertThat(predict("-q -i DIR/zeros.nii.gz -o DIR/results")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains(zeros.toString(), "every voxel is 0");
        Path link =
                Files.createSymbolicLink(folder.resolve("in/case_002.nii.gz"), Path.of("../.git/annex/gone.nii.gz"));
        assertThat(predict("-q --json -i DIR/in -o DIR/results")).isEqualTo(ExitCode.FAILED);
        assertThat(document().path("written").size()).isEqualTo(2);
        assertThat(document().path("failed").toString())
                .contains(link.toString(), "a link whose target ../.git/annex/gone.nii.gz does not exist");
        assertThat(err.toString()).contains(link.toString());
    }

    @Test
    void whatIsGivenIsSegmentedWhateverItsNameSays() throws IOException {
        Files.move(folder.resolve("in/torso_0001.nii.gz"), folder.resolve("in/ct_with_label.nii.gz"));
        Files.copy(folder.resolve("in/torso_0002.nii.gz"), folder.resolve("in/patient_seg_ct.nii.gz"));
        assertThat(predict("-q --json -i DIR/in -o DIR/results")).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").toString())
                .isEqualTo("[\"ct_with_label\",\"patient_seg_ct\",\"torso_0002\"]");
    }

    @Test
    void namesThatAreNoCharactersFailAndAreToldApart() throws IOException {
        for (String name : List.of("M%E4ller.nii.gz", "M%FCller.nii.gz")) { // Latin-1 in a UTF-8 locale
            Path latin = Path.of(URI.create(folder.toUri() + "in/" + name));
            Files.copy(folder.resolve("in/torso_0001.nii.gz"), latin);
        }
        assertThat(predict("-q --json -i DIR/in -o DIR/results")).isEqualTo(ExitCode.FAILED);
        assertThat(document().path("written").size()).isEqualTo(2);
        assertThat(document().path("failed").size()).isEqualTo(2);
        assertThat(document().path("failed").toString()).contains("M%E4ller.nii.gz", "M%FCller.nii.gz");
        assertThat(err.toString()).contains("M%E4ller.nii.gz", "M%FCller.nii.gz");
    }

    @Test
    void oneScanMayGoToAFile() throws IOException {
        assertThat(predict("-i DIR/in/torso_0001.nii.gz -o DIR/organs.nii --largest-component"))
                .isEqualTo(ExitCode.DONE);
        assertThat(NIFTI.read(folder.resolve("organs.nii")).shape())
                .isEqualTo(NIFTI.read(folder.resolve("in/torso_0001.nii.gz")).shape());
        assertThat(folder.resolve("organs.prediction.json")).exists();
    }

    @Test
    void probabilitiesAreFilesOfTheirOwn() throws IOException {
        assertThat(predict("-i DIR/in/torso_0001.nii.gz -o DIR/results --probabilities"))
                .isEqualTo(ExitCode.DONE);
        int logits = json("labels.json").path("labels").size() + 1;
        try (var files = Files.list(results.resolve("probabilities/torso_0001"))) {
            assertThat(files.count()).isEqualTo(logits);
        }
        Volume background = NIFTI.read(results.resolve("probabilities/torso_0001/000.nii.gz"));
        assertThat(background.at(0, 0, 0)).isEqualTo(1); // nothing was prepared there
    }

    @Test
    void weightsOfOtherProgramsNeedARecipe() throws IOException {
        Path weights = folder.resolve("foreign.safetensors");
        try (Scope scope = Scope.open()) {
            UNet network = new UNet(3, 2, List.of(4, 8), 3, UNetForm.LIGHT, FeatureNorm.GROUP);
            network.initialise(1);
            Safetensors.write(weights, network.stateDict(), Map.of());
        }
        Files.move(folder.resolve("in/torso_0001.nii.gz"), folder.resolve("in/a_0000.nii.gz"));
        Files.copy(folder.resolve("in/a_0000.nii.gz"), folder.resolve("in/a_0001.nii.gz"));
        Files.delete(folder.resolve("in/torso_0002.nii.gz"));
        String line = "predict --threads 1 -i DIR/in -o DIR/results --weights " + weights;
        assertThat(run(line.replace("DIR", folder.toString()).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("its metadata do not say what it is for", "--recipe says it");
        String recipe = """
                data: {size: [32, 32, 16]}
                labels: {one: [7], two: [9]}
                patch: {size: [16, 8, 16]} # not square, which only the quarter turns of training need
                model: {channels: [4, 8]}
                """;
        Files.writeString(folder.resolve("r.yaml"), recipe, StandardCharsets.UTF_8);
        assertThat(run((line + " --recipe DIR/r.yaml --mirror")
                        .replace("DIR", folder.toString())
                        .split(" ")))
                .isEqualTo(ExitCode.DONE);
        assertThat(json("labels.json").path("labels").toString()).isEqualTo("{\"7\":\"one\",\"9\":\"two\"}");
        for (float value : NIFTI.read(results.resolve("a.nii.gz")).voxels()) {
            assertThat(value).isIn(0f, 7f, 9f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-i DIR/none -o DIR/results | found nothing there",
                "-i DIR/in -o DIR/in | the results need a folder of their own",
                "-i DIR/in -o DIR/one.nii.gz | one.nii.gz is one file, but there are 2 scans",
                "-i DIR/in/torso_0001.nii.gz -o DIR/in | the result would take the place of the scan",
                "-i DIR/in -o DIR/results --overlap 1 | --overlap must lie in [0, 1), not 1.0",
                "-i DIR/in -o DIR/results --format jpg | --format must be nii.gz, nii, nrrd, mha, dicom-seg or (of 2-D images) png, not jpg",
                "-i DIR/in -o DIR/results --labelmap | --labelmap is for --format dicom-seg, not nii.gz",
                "-i DIR/in -o DIR/results --format dicom-seg --probabilities | are no whole numbers, which dicom-seg holds",
                "-i DIR/in -o DIR/results --format dicom-seg --layout btcv | --layout is for label maps",
                "-i DIR/in -o DIR/results --format png | a result with many slices is no picture: expected .nii.gz, .nii,",
                "-i DIR/in -o DIR/results --format png --probabilities | are no whole numbers, which a png holds",
                "-i DIR/in -o DIR/results --weights DIR/none | there is no file or folder",
                "-i DIR/in -o DIR/results --max-memory much | is no amount of memory",
                "-i DIR/in -o DIR/results --layout btcv | --layout: BTCV has no class 'right_lung'",
            })
    void wrongUsageIsASentenceAndCode2(String line, String sentence) {
        assertThat(predict(line + " -q")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(results).doesNotExist();
    }

    @Test
    void resultsAreNamedAndCodedAsAChallengeHasThem() throws IOException {
        String model = folder.resolve("abdomen").toString();
        assertThat(quietly(
                        "finetune",
                        "-q",
                        "--steps",
                        "1",
                        "--threads",
                        "1",
                        "--data",
                        shared.resolve("data").toString(),
                        "--out",
                        model,
                        "--set",
                        "data.size=[32,32,16]",
                        "--set",
                        "patch.size=[16,16,16]",
                        "--set",
                        "model.channels=[4,8,8]",
                        "--set",
                        "labels={liver: [5], kidney_left: [8], spleen: [6]}",
                        "--set",
                        "labelNames=rename"))
                .isEqualTo(ExitCode.DONE);
        Path scan = folder.resolve("img0061.nii.gz");
        Files.move(folder.resolve("in/torso_0001.nii.gz"), scan);
        assertThat(run(
                        "predict",
                        "-i",
                        scan.toString(),
                        "-o",
                        results.toString(),
                        "--weights",
                        model,
                        "--layout",
                        "btcv"))
                .isEqualTo(ExitCode.DONE);
        assertThat(json("labels.json").path("labels").toString())
                .isEqualTo("{\"6\":\"liver\",\"3\":\"kidney_left\",\"1\":\"spleen\"}");
        for (float value : NIFTI.read(results.resolve("label0061.nii.gz")).voxels()) {
            assertThat(value).isIn(0f, 1f, 3f, 6f);
        }
        assertThat(run(
                        "predict",
                        "-i",
                        folder.resolve("in").toString(),
                        "-o",
                        results.toString(),
                        "--weights",
                        model,
                        "--layout",
                        "btcv"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'torso_0002' is no scan of BTCV: expected a name like img0061");
    }

    @Test
    void aScanThatNeedsMoreMemoryIsRefusedWithWhatWouldDo() {
        assertThat(predict("-i DIR/in -o DIR/results --max-memory 10M")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("cannot be segmented within 10 MiB: at least ");
    }
}
