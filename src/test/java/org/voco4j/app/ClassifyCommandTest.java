package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassifyCommandTest extends CommandFixture {
    private static final Shape3 SHAPE = new Shape3(24, 20, 16);

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    /** Twelve CTs of six patients with a ball of fat or of contrast agent, and one file that is none. */
    @BeforeAll
    static void makeData() throws IOException {
        List<String> table = new ArrayList<>(List.of("image,class,patient"));
        List<String> labels = new ArrayList<>(List.of("image,bright,ill"));
        for (int i = 0; i < 12; i++) {
            int patient = i / 2;
            String name = "scan-" + i + ".nii.gz";
            new Nifti().write(scan(i, patient % 2 == 1), shared.resolve(name), Nifti.Stored.INT16);
            table.add(name + "," + (patient % 2 == 1 ? "contrast" : "fat") + ",p" + patient);
            labels.add(name + "," + patient % 2 + "," + i % 3 % 2);
        }
        table.add("broken.nii.gz,fat,p9");
        Files.writeString(shared.resolve("broken.nii.gz"), "this is no scan");
        Files.write(shared.resolve("classes.csv"), table);
        Files.write(shared.resolve("labels.csv"), labels);
        Files.writeString(shared.resolve("recipe.yaml"), """
                recipe: {name: small, task: classification}
                data: {size: [16, 16, 16], heldOut: 0.34}
                model: {channels: [4, 8]}
                optim: {lr: 0.01, warmup: 2}
                batch: {scans: 4}
                steps: 60
                validation: {every: 10}
                """);
        Safetensors.write(shared.resolve("other.safetensors"), Map.of("w", Tensor.zeros(DType.F32, 2)), Map.of());
        Files.writeString(shared.resolve("odd.yaml"), "recipe: {task: detection}");
    }

    private static Volume scan(int seed, boolean bright) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) SHAPE.voxels()];
        int x0 = 8 + random.nextInt(8);
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    int r2 = (x - x0) * (x - x0) + (y - 10) * (y - 10) + (z - 8) * (z - 8);
                    double hu = r2 > 36 ? -20 : bright ? 220 : -100;
                    values[SHAPE.index(x, y, z)] = (float) (hu + 20 * random.nextDouble());
                }
            }
        }
        return new Volume(SHAPE, Affine.scaling(Spacing.isotropic(3)), values);
    }

    private int finetune(String line) {
        List<String> args = new ArrayList<>(List.of("finetune", "--threads", "1", "--out"));
        args.add(folder.resolve("run").toString());
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", shared.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    private JsonNode summary() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("run/summary.json")));
    }

    @Test
    void fromATableToAModelAndFromItToATable() throws IOException {
        assertThat(finetune("--data DIR/classes.csv --recipe DIR/recipe.yaml --json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("state").asString()).isEqualTo("finished");
        assertThat(document.path("validation").path("accuracy").asDouble()).isEqualTo(1);
        assertThat(err.toString())
                .contains("broken.nii.gz")
                .contains("12 classified scans of 6 patients")
                .contains("Classes to train on: contrast 4, fat 4")
                .contains("validation at step 10: accuracy");
        assertThat(summary().path("auc").propertyNames()).containsExactly("macro", "contrast", "fat");
        assertThat(summary().path("confusion").toString()).isEqualTo("[[2,0],[0,2]]");

        Path table = folder.resolve("predictions.csv");
        String weights = folder.resolve("run").toString();
        assertThat(run("predict", "--weights", weights, "-i", shared.toString(), "-o", table.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("broken.nii.gz");
        List<String> lines = Files.readAllLines(table);
        assertThat(lines).hasSize(13).first().isEqualTo("case,class,contrast,fat");
        for (String line : lines.subList(1, 13)) {
            int patient = Integer.parseInt(line.split("[-,]")[1]) / 2;
            assertThat(line.split(",")[1]).as(line).isEqualTo(patient % 2 == 1 ? "contrast" : "fat");
        }
        assertThat(finetune("--data DIR/classes.csv --resume --recipe " + weights + "/config.yaml"))
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void labelsOfWhichAScanHasAnyNumber() throws IOException {
        assertThat(finetune("--data DIR/labels.csv --recipe DIR/recipe.yaml --steps 3"))
                .isEqualTo(ExitCode.DONE);
        assertThat(summary().path("auc").propertyNames()).containsExactly("macro", "bright", "ill");
        assertThat(summary().has("accuracy")).isFalse();
        Path table = folder.resolve("predictions.csv");
        String weights = folder.resolve("run").toString();
        String scan = shared.resolve("scan-3.nii.gz").toString();
        assertThat(run("predict", "--weights", weights, "-i", scan, "-o", table.toString()))
                .isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(table)).hasSize(2).first().isEqualTo("case,class,bright,ill");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data DIR/classes.csv --recipe DIR/odd.yaml | recipe.task must be segmentation or classification, not detection",
                "--data DIR --recipe DIR/recipe.yaml | expected a .csv with the columns image and class",
                "--data DIR/classes.csv --recipe DIR/recipe.yaml --set classes=[fat] | expected the classes fat that the recipe",
                "--data DIR/classes.csv --recipe DIR/recipe.yaml --set patch.size=[8,8,8] | unknown key patch",
                "--data DIR/classes.csv --recipe DIR/recipe.yaml --set data.size=null | input.size or data.size must say",
                "--data DIR/classes.csv --recipe DIR/recipe.yaml --set data.fold=7 | data.fold must lie in 0…4, not 7",
                "--data DIR/classes.csv --recipe DIR/recipe.yaml --weights DIR/other.safetensors | the weights do not fit",
                "--data DIR/classes.csv --recipe none | no recipe and no file none",
            })
    void wrongUsageIsASentenceAndCode2(String line, String sentence) {
        assertThat(finetune(line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ").doesNotContain("Prepared ");
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
