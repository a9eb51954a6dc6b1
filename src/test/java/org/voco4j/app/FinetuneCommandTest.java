package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.network.unet.UNetForm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FinetuneCommandTest extends CommandFixture {
    private static final List<String> SMALL = List.of(
            "--set", "data.size=[32, 32, 16]",
            "--set", "patch.size=[8, 8, 8]",
            "--set", "model.channels=[4, 8, 8]",
            "--threads", "1",
            "--set", "steps=4");

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void makeData() throws IOException {
        String data = shared.resolve("data").toString();
        assertThat(quietly("phantom", "--out", data, "--cases", "3", "--labels", "-q"))
                .isEqualTo(ExitCode.DONE);
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(4, 8, 8), UNetForm.LIGHT, FeatureNorm.GROUP);
        encoder.initialise(3);
        Safetensors.write(shared.resolve("encoder.safetensors"), encoder.weights(), Map.of("voco4j.window", "[0, 1]"));
        Safetensors.write(shared.resolve("other.safetensors"), Map.of("w", Tensor.zeros(DType.F32, 2)), Map.of());
        Files.createDirectories(shared.resolve("empty"));
        Files.writeString(shared.resolve("text.safetensors"), "these are no weights");
    }

    /** A command of words, with DIR for the shared folder, in a run folder of its own. */
    private int finetune(String line) {
        List<String> args = new ArrayList<>(
                List.of("finetune", "--out", folder.resolve("run").toString()));
        args.addAll(SMALL);
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", shared.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    @Test
    void fromScansAndWeightsToAModelAndItsScores() throws IOException {
        assertThat(finetune("--data DIR/data --weights DIR/encoder.safetensors --json"
                        + " --set labels.lungs=[1,2] --set labels.spine=10 --set colours=['#aa3300','#ffd080']"
                        + " --set validation.every=2"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("state").asString()).isEqualTo("finished");
        assertThat(document.path("transferred").path("loaded").size()).isEqualTo(20);
        assertThat(document.path("validation").path("classes").propertyNames()).containsExactly("lungs", "spine");
        assertThat(err.toString())
                .contains("Classes: lungs, spine", "Weights: loaded 20 of", "validation at step 2: mean Dice")
                .contains("warning: The weights were trained on scans with data.window [0, 1]");
        assertThat(Safetensors.read(folder.resolve("run/model.safetensors")).metadata())
                .containsEntry("voco4j.labels", "{\"lungs\":[1,2],\"spine\":[10]}")
                .containsEntry("voco4j.colours", "[\"#aa3300\",\"#ffd080\"]");
        assertThat(finetune("--data DIR/data --weights DIR/encoder.safetensors --resume --set seed=1"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("seed was 0 and is now 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--weights DIR/none --data DIR/data | there is no file or folder",
                "--weights DIR/empty --data DIR/data | has no model.safetensors",
                "--weights DIR/text.safetensors --data DIR/data | is no whole .safetensors file",
                "--weights DIR/other.safetensors --data DIR/data | the weights do not fit: no weight could be loaded",
                "--data DIR/none | nothing there",
                "--data DIR/empty | found neither imagesTr with labelsTr nor labels",
                "--data DIR/data --set labels.rib=77 | labels: the data declare no value of any class, of {rib=[77]}; they declare {",
                "--data DIR/data --set labels.rib=0 | labels: the label value 0 is the background",
                "--data DIR/data --set data.heldOut=0 | validation.scans=training validates on the scans",
                "--data DIR/data --set patch.size=[8,8,4] | patch.size needs at least 8 voxels per axis for the 3 levels",
                "--data DIR/data --fold 1of5 | --fold is k/K such as 0/5, not 1of5",
                "--data DIR/data --fold 5/5 | data.fold must lie in 0…4, not 5: data.folds is 5",
                "--data DIR/data --set patch.size=[16,8,8] --set augment.rot90=0.1 | must be the same along both, not 16x8x8",
                "--data DIR/data --set optim.schedule=official --set optim.half=5 | optim.half must lie above optim.warmup",
                "--data DIR/data --set transfer.levels=[3] | transfer.levels must lie in 0…2, not [3]",
                "--data DIR/data --set patch.positives=organs | patch.positives must be one of voxels, classes",
                "--data DIR/data --set augment.flip=2 | a probability must lie in [0, 1], not 2.0",
                "--data DIR/data --set crop.size=3 | unknown key crop",
                "--data DIR/data --cache-size 1G | --cache-size bounds the cache of --cache, which is not given",
                "--data DIR/data --cache DIR/text.safetensors | --cache: the cache DIR/text.safetensors must be a folder",
            })
    void wrongUsageIsASentenceAndCode2(String line, String sentence) {
        assertThat(finetune(line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(sentence.replace("DIR", shared.toString()))
                .doesNotContain("\tat ")
                .doesNotContain("Prepared "); // that may take hours
        assertThat(out.toString()).isEmpty();
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void whatAPretrainingCannotBeginWithIsRefusedBeforeScansArePrepared() {
        String run = folder.resolve("runs/first").toString();
        assertThat(run(
                        "pretrain",
                        "--data",
                        shared.resolve("data").toString(),
                        "--init",
                        shared.resolve("other.safetensors").toString(),
                        "--out",
                        run))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("do not fit").doesNotContain("Prepared ");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void scansThatPretrainingSawAreNamed() throws IOException {
        String[] settings = {
            "data.size=[32,32,16]",
            "crop.size=8",
            "model.channels=[4,8,8]",
            "model.projector={hidden: 8, out: 8}",
            "gate.minimumSteps=1000"
        };
        List<String> args = new ArrayList<>(List.of("pretrain", "--steps", "1", "--threads", "1", "-q"));
        Collections.addAll(args, "--data", shared.resolve("data").toString());
        Collections.addAll(args, "--out", shared.resolve("seen").toString());
        for (String setting : settings) {
            Collections.addAll(args, "--set", setting);
        }
        assertThat(run(args.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
        assertThat(shared.resolve("seen/split.json")).content().contains("torso_0001", "\"content\"");

        assertThat(finetune("--data DIR/data --weights DIR/seen --set validation.scans=training"))
                .isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).contains("warning: 2 of 2 scans to measure on were trained on, without labels");
        Path run = folder.resolve("run");
        JsonNode summary = JsonMapper.shared().readTree(Files.readString(run.resolve("summary.json")));
        assertThat(summary.path("seenInPretraining").size()).isEqualTo(2);
        assertThat(run.resolve("run.json")).content().contains("\"seenInPretraining\" : \"2 of 2\"");
    }

    @Test
    void aSecondRunTakesItsScansFromTheCache() throws IOException {
        assertThat(finetune("--data DIR/data --cache DIR/cache --cache-size 1G"))
                .isEqualTo(ExitCode.DONE);
        Files.move(folder.resolve("run"), folder.resolve("first"));
        assertThat(finetune("--data DIR/data --cache DIR/cache")).isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).contains("Cache: 0 of 3 scans were there", "Cache: 3 of 3 scans were there");
        assertThat(folder.resolve("run/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("first/model.safetensors"));
    }

    @Test
    void foldsHoldOutEveryScanOnce() throws IOException {
        List<String> heldOut = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            assertThat(finetune("--data DIR/data --steps 1 --fold " + k + "/3")).isEqualTo(ExitCode.DONE);
            Path run = folder.resolve("run");
            JsonMapper.shared()
                    .readTree(Files.readString(run.resolve("summary.json")))
                    .path("cases")
                    .propertyNames()
                    .forEach(heldOut::add);
            assertThat(run.resolve("config.yaml")).content().contains("fold: " + k, "folds: 3");
            Files.move(run, folder.resolve("fold" + k));
        }
        assertThat(heldOut).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void whatDivergesFailsWithCode1() {
        assertThat(finetune("--data DIR/data -q --set optim.lr=1e30 --set optim.warmup=0"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("at step", "optim.lr");
    }
}
