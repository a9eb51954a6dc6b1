package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Percentiles;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanCommandTest extends CommandFixture {
    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void makeScans() throws IOException {
        assertThat(quietly("phantom", "--out", shared.resolve("ct").toString(), "--cases", "10"))
                .isEqualTo(ExitCode.DONE);
        assertThat(quietly("phantom", "--out", shared.resolve("labelled").toString(), "--cases", "8", "--labels"))
                .isEqualTo(ExitCode.DONE);
        Files.createDirectories(shared.resolve("empty"));
        for (int i = 0; i < 10; i++) {
            float[] voxels = new float[20 * 24 * 28];
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = v * (i + 7) % 900;
            }
            Volume mr = new Volume(new Shape3(20, 24, 28), Affine.scaling(new Spacing(1, 2, 3)), voxels);
            Files.createDirectories(shared.resolve("mr"));
            new Nifti().write(mr, shared.resolve("mr/" + i + ".nii.gz"));
        }
    }

    /** A command of words, with DIR for the scans and OWN for the test's folder. */
    private int plan(String line) {
        List<String> args = new ArrayList<>(List.of("plan"));
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", shared.toString()).replace("OWN", folder.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    @Test
    void aRecipeThatTrainsIsWrittenWithWhatItWillTake() throws IOException {
        assertThat(plan("DIR/ct --minutes 1 -o OWN/plan.yaml --threads 1 --json"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        JsonNode forecast = document.path("forecast");
        assertThat(document.path("fingerprint").path("scans").asInt()).isEqualTo(10);
        assertThat(document.path("fingerprint").path("hounsfield").asBoolean()).isTrue();
        double sum = forecast.path("aroundSeconds").asDouble()
                + forecast.path("steps").asInt() * forecast.path("stepSeconds").asDouble()
                + forecast.path("looks").asInt() * forecast.path("lookSeconds").asDouble();
        assertThat(document.path("predictedSeconds").asDouble()).isCloseTo(sum, within(1e-9 * sum));
        assertThat(sum).as("the minute is used but not exceeded").isBetween(20.0, 61.0);

        String yaml = folder.resolve("plan.yaml").toString();
        RecipeTree tree = RecipeTree.load("pretrain", yaml, List.of());
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        assertThat(recipe.steps()).isEqualTo(forecast.path("steps").asInt());
        assertThat(recipe.data().window()).containsExactly(-175.0, 250.0);
        assertThat(tree.about().get("command")).startsWith("voco pretrain --data ");
        assertThat(Files.readString(folder.resolve("plan.yaml"))).doesNotContain("teacherMomentum"); // a default
    }

    @Test
    void scansWithoutHounsfieldUnitsHaveAScaleEach() {
        assertThat(plan("DIR/mr --minutes 1 -o OWN/mr.yaml --threads 1"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        PretrainRecipe recipe = RecipeTree.load(
                        "pretrain", folder.resolve("mr.yaml").toString(), List.of())
                .bind(PretrainRecipe.class);
        assertThat(recipe.data().cut()).isEqualTo(Preprocessing.Cut.FOREGROUND);
        assertThat(recipe.data().preprocessing().intensity()).isEqualTo(new Percentiles(0.5, 99.5, 0, 1, true, true));
        assertThat(err.toString())
                .contains("20 (20 to 20) x 24 (24 to 24) x 28 (28 to 28) voxels", "not Hounsfield units");
    }

    @Test
    void labelledScansHaveARecipeOfTheSameGridAndFiveFolds() throws IOException {
        assertThat(plan("DIR/labelled --labelled DIR/labelled --minutes 5 -o OWN/both.yaml --threads 1"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        RecipeTree tree =
                RecipeTree.load("finetune", folder.resolve("both-finetune.yaml").toString(), List.of());
        FinetuneRecipe tuning = tree.bind(FinetuneRecipe.class);
        PretrainRecipe before = RecipeTree.load(
                        "pretrain", folder.resolve("both.yaml").toString(), List.of())
                .bind(PretrainRecipe.class);
        assertThat(tuning.data().size()).isEqualTo(GridSize.of(before.data().size()));
        assertThat(tuning.data().cut()).isEqualTo(before.data().cut()).isEqualTo(Preprocessing.Cut.BODY);
        assertThat(tuning.model().channels()).isEqualTo(before.model().channels());
        assertThat(tree.about().get("command")).contains("--weights RUN", "--set data.folds=5 --set data.fold=F");
        assertThat(out.toString()).contains("Predicted for each fold: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DIR/empty -o OWN/p.yaml | there is no scan to plan for",
                "DIR/nowhere -o OWN/p.yaml | nothing there",
                "DIR/ct --minutes 0 -o OWN/p.yaml | --minutes must be above 0",
                "DIR/ct -o DIR/mr/0.nii.gz | exists; --force replaces it",
                "DIR/ct -o OWN/p.yaml --minutes 0.001 | is too short",
            })
    void whatCannotBePlannedIsSaid(String line, String words) {
        assertThat(plan(line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(words).doesNotContain("\tat ");
    }
}
