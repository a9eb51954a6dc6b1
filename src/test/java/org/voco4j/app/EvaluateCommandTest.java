package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluateCommandTest extends CommandFixture {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeTorsosAndPredictions() throws IOException {
        assertThat(quietly("phantom", "--out", folder.resolve("torsos").toString(), "--cases", "3", "--labels", "-q"))
                .isZero();
        Path labels = folder.resolve("torsos/labels");
        Files.createDirectories(folder.resolve("same"));
        Files.createDirectories(folder.resolve("moved"));
        Files.createDirectories(folder.resolve("empty"));
        for (int i = 1; i <= 3; i++) {
            String name = "torso_000" + i + ".nii.gz";
            Files.copy(labels.resolve(name), folder.resolve("same").resolve(name));
            Volume truth = new Nifti().read(labels.resolve(name));
            float[] moved = new float[truth.voxels().length];
            int plane = truth.shape().y() * truth.shape().z();
            System.arraycopy(truth.voxels(), 0, moved, plane, moved.length - plane);
            Volume shifted = new Volume(truth.shape(), truth.affine(), moved);
            new Nifti().write(shifted, folder.resolve("moved").resolve(name), Nifti.Stored.UINT8);
        }
        Map<String, Tensor> weights = Map.of("w", Tensor.zeros(DType.F32, 1));
        FinetuneRecipe recipe = RecipeTree.load(
                        "finetune",
                        null,
                        List.of("labels={liver: [4]}", "data.spacing=[5, 4, 8]", "data.foreground=0.1"))
                .bind(FinetuneRecipe.class);
        Map<String, String> about = new TreeMap<>(recipe.card(1).facts());
        Safetensors.write(folder.resolve("model.safetensors"), weights, about);
        about.remove("voco4j.spacing");
        Safetensors.write(folder.resolve("silent.safetensors"), weights, about);
        Files.writeString(folder.resolve("p.csv"), "case,x,y\na,1,0\nb,0,1\n");
        Files.writeString(folder.resolve("t.csv"), "case,class\na,x\nb,y\n");
    }

    private int voco(String line) {
        List<String> args = new ArrayList<>();
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", folder.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    @Test
    void whatEqualsTruthIsPerfect() throws IOException {
        assertThat(voco("evaluate --pred DIR/same --truth DIR/torsos/dataset.json --json -o DIR/out"))
                .isEqualTo(ExitCode.DONE);
        JsonNode summary = JsonMapper.shared().readTree(out.toString());
        assertThat(summary)
                .isEqualTo(JsonMapper.shared().readTree(Files.readString(folder.resolve("out/summary.json"))));
        for (String measure : List.of("dice", "iou", "nsd")) {
            assertThat(summary.path("mean").path(measure).asDouble()).isEqualTo(1);
        }
        assertThat(summary.path("mean").path("hd95").asDouble()).isZero();
        assertThat(summary.path("mean").path("interval").path("dice").toString())
                .isEqualTo("[1.0,1.0]");
        JsonNode liver = summary.path("classes").path("liver");
        assertThat(liver.path("dice").asDouble()).isEqualTo(1);
        assertThat(liver.path("truthMl").asDouble())
                .isEqualTo(liver.path("predictionMl").asDouble())
                .isGreaterThan(100);
        assertThat(summary.path("cases")).hasSize(3);
        assertThat(summary.path("problems")).isEmpty();
        assertThat(summary.path("grid").asString()).isEqualTo("native");
        assertThat(Files.readAllLines(folder.resolve("out/cases.csv")))
                .hasSize(1 + 3 * summary.path("classes").size())
                .contains("case,class,dice,iou,nsd,hd95,truthMl,predictionMl,state");
        assertThat(Files.readString(folder.resolve("out/table.md"))).contains("| average | 100.00 |", "left out of");
    }

    @Test
    void aModelSaysItsClassesAndItsGrid() {
        String both = "evaluate --pred DIR/moved --labels DIR/model.safetensors --json --truth DIR/torsos";
        assertThat(voco(both)).isEqualTo(ExitCode.DONE);
        JsonNode own = JsonMapper.shared().readTree(out.toString());
        assertThat(own.path("classes").propertyNames()).containsExactly("liver");
        out.getBuffer().setLength(0);
        assertThat(voco(both + " --grid model --weights DIR/model.safetensors")).isEqualTo(ExitCode.DONE);
        JsonNode model = JsonMapper.shared().readTree(out.toString());
        assertThat(model.path("grid").asString()).isEqualTo("model");
        assertThat(model.path("mean").path("dice").asDouble())
                .isNotEqualTo(own.path("mean").path("dice").asDouble())
                .isBetween(0.5, 0.99);
        out.getBuffer().setLength(0);
        assertThat(voco("evaluate --pred DIR/moved --json --truth DIR/torsos/labels --images DIR/torsos"
                        + " --labels liver=4 --grid model --weights DIR/model.safetensors"))
                .isEqualTo(ExitCode.DONE);
        assertThat(JsonMapper.shared().readTree(out.toString()).path("mean")).isEqualTo(model.path("mean"));
    }

    @Test
    void aScanIsNoPrediction() {
        assertThat(voco("evaluate --pred DIR/torsos --truth DIR/same --labels liver=4 --json"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("expected a label map of whole numbers from 0 on, found the value -");
    }

    @Test
    void severalPredictionsStandInOneTable() {
        assertThat(
                        voco(
                                "evaluate --pred good=DIR/same --pred bad=DIR/moved --truth DIR/torsos --json --labels liver=5"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        JsonNode bad = document.path("predictions").path("bad");
        double dice = bad.path("mean").path("dice").asDouble();
        assertThat(dice).isBetween(0.5, 0.99);
        JsonNode comparison = document.path("comparisons").get(0);
        assertThat(comparison.path("of").asString()).isEqualTo("bad");
        assertThat(comparison.path("dice").asDouble()).isCloseTo(dice - 1, within(1e-9));
        assertThat(err.toString()).contains("bad against good: mean Dice −".replace('−', '-'), "liver", "average");
    }

    @Test
    void whatIsMissingOrBrokenIsSaidAndTheOthersGoOn() throws IOException {
        Path some = Files.createDirectories(folder.resolve("some"));
        Files.copy(folder.resolve("same/torso_0001.nii.gz"), some.resolve("torso_0001.nii.gz"));
        byte[] whole = Files.readAllBytes(folder.resolve("same/torso_0002.nii.gz"));
        Files.write(some.resolve("torso_0002.nii.gz"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(voco("evaluate --pred DIR/some --truth DIR/torsos --json")).isEqualTo(ExitCode.FAILED);
        JsonNode summary = JsonMapper.shared().readTree(out.toString());
        assertThat(summary.path("cases")).hasSize(1);
        assertThat(summary.path("problems")).hasSize(2);
        assertThat(err.toString())
                .contains("labels/torso_0003.nii.gz: no prediction of this name".replace('/', File.separatorChar))
                .contains("torso_0002.nii.gz: expected");
    }

    @Test
    void classificationsAreComparedToo() {
        assertThat(voco("evaluate --pred DIR/p.csv --truth DIR/t.csv --json -o DIR/classified"))
                .isEqualTo(ExitCode.DONE);
        assertThat(JsonMapper.shared().readTree(out.toString()).path("accuracy").asDouble())
                .isEqualTo(1);
        assertThat(folder.resolve("classified/table.md")).exists();
        assertThat(voco("evaluate --pred DIR/p.csv --truth DIR/t.csv")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("truth \\ predicted", "accuracy 100.00 %");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pred DIR/empty --truth DIR/torsos | expected a folder of predicted label maps",
                "--pred DIR/none --truth DIR/torsos | found nothing there",
                "--pred DIR/same --truth DIR/none | found nothing there",
                "--pred DIR/same --truth DIR/empty | found none in it",
                "--pred DIR/same --truth DIR/torsos --tolerance -1 | --tolerance must be 0 mm or more",
                "--pred DIR/same --truth DIR/torsos --grid model | --grid model, --weights and (with it) --images belong",
                "--pred DIR/same --truth DIR/torsos --weights DIR/none | belong together",
                "--pred DIR/same --truth DIR/torsos --grid model --weights DIR/none | there is no file or folder",
                "--pred DIR/same --truth DIR/torsos/labels --grid model --weights DIR/model.safetensors | --images: the model's",
                "--pred DIR/same --truth DIR/torsos --grid model --weights DIR/silent.safetensors | its metadata lack voco4j.spacing",
                "--pred DIR/same --pred DIR/same --truth DIR/torsos | stands there twice; NAME=DIR",
                "--pred DIR/same --truth DIR/torsos --labels liver | no recipe and no file liver",
                "--pred DIR/same --truth DIR/torsos -o DIR/p.csv | is a file, expected a folder",
                "--pred DIR/p.csv --truth DIR/torsos | expected a .csv with the columns case and class",
                "--pred DIR/p.csv --truth DIR/t.csv --labels a=1 | a .csv of classifications is compared alone",
            })
    void wrongUsageIsASentenceAndCode2(String line, String sentence) {
        assertThat(voco("evaluate " + line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }
}
