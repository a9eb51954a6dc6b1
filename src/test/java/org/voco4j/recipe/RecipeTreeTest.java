package org.voco4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

class RecipeTreeTest {

    private static final String DEFAULTS = """
            data:
              spacing: null
              size: [96, 96, 64]
              window: [-175.0, 250.0]
            optim: {lr: 1.0e-3, amsgrad: false}
            pretext: {variant: paper, logit: null}
            steps: 400
            """;

    enum Variant {
        PAPER,
        OFFICIAL
    }

    record Data(@Nullable Spacing spacing, Shape3 size, List<Double> window) {}

    record Optim(double lr, boolean amsgrad) {
        Optim {
            if (lr > 1000) {
                throw new IllegalArgumentException("optim.lr must be at most 1000, not " + lr);
            }
            if (!(lr > 0)) {
                throw new IllegalArgumentException("lr must be above 0, not " + lr);
            }
        }
    }

    record Pretext(Variant variant, @Nullable Variant logit) {}

    record Run(Data data, Optim optim, Pretext pretext, int steps) {}

    private static RecipeTree defaults() {
        return RecipeTree.ofDefaults("pretrain", DEFAULTS);
    }

    private static RecipeTree set(String... overrides) {
        return defaults().with(List.of(overrides));
    }

    @Test
    void laterLayersWinAndTheRestStays() {
        Run run = defaults()
                .over("optim:\n  lr: 1.0e-4\nsteps: 10\ndata:\n", "mine.yaml")
                .with(List.of("steps=20", "data.size=[32, 32, 16]", "data.spacing=1.5", "pretext.variant=official"))
                .bind(Run.class);
        assertThat(run.optim()).isEqualTo(new Optim(1e-4, false));
        assertThat(run.steps()).isEqualTo(20);
        assertThat(run.data())
                .isEqualTo(new Data(Spacing.isotropic(1.5), new Shape3(32, 32, 16), List.of(-175.0, 250.0)));
        assertThat(run.pretext()).isEqualTo(new Pretext(Variant.OFFICIAL, null));
        assertThat(defaults().bind(Run.class).data().spacing()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optim.larningRate=1 | --set: unknown key optim.larningRate; known in optim are lr, amsgrad",
                "optim.amsgard=true | --set: unknown key optim.amsgard, did you mean optim.amsgrad?",
                "data.Spacing=1 | --set: unknown key data.Spacing, did you mean data.spacing?",
                "lr=1e-4 | --set: unknown key lr, did you mean optim.lr?",
                "data.lr=1e-4 | --set: unknown key data.lr, did you mean optim.lr?",
                "optimizer.lr=1 | --set: unknown key optimizer, did you mean optim?",
                "foo=1 | --set: unknown key foo; known are data, optim, pretext, steps",
                "steps.x=1 | --set: steps must be a whole number, not {\"x\":1}",
                "optim.lr=fast | --set: optim.lr must be a number, not \"fast\"",
                "optim.lr=.nan | --set: optim.lr must be a number, not \"NaN\"",
                "optim.lr= | --set: optim.lr must be a number, not null",
                "steps=1.5 | --set: steps must be a whole number, not 1.5",
                "optim.amsgrad=1 | --set: optim.amsgrad must be true or false, not 1",
                "data.size=3 | --set: data.size must be a list of whole numbers such as [96, 96, 64], not 3",
                "data.size=null | --set: data.size must be a list of whole numbers such as [96, 96, 64], not null",
                "data.window=[a, b] | --set: data.window must be a list of numbers such as [-175.0, 250.0], not [a, b]",
                "pretext.variant=null | --set: pretext.variant must be a word such as paper, not null",
                "data=3 | --set: data must be a group of keys (spacing, size, window), not 3",
                "steps | --set needs key=value, for example --set steps=200, not steps",
                "steps=[1 | --set steps=[1, line 1, column 3: not valid YAML at '[1' (",
            })
    void whatDoesNotFitIsRefusedInWords(String override, String message) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> set(override))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optim.lr=1001 | --set: optim.lr must be at most 1000, not 1001.0",
                "optim.lr=-1 | --set: optim: lr must be above 0, not -1.0",
                "data.size=[1, 2] | --set: data.size must be three whole numbers [x, y, z], not [1, 2]",
                "data.size=[0, 2, 2] | --set: data.size: a shape needs at least 1 voxel per axis, not 0x2x2",
                "data.spacing=thick | --set: data.spacing must be millimetres, one number or [x, y, z], not thick",
                "pretext.variant=papr | --set: pretext.variant must be one of paper, official, not papr",
                "pretext.logit=7 | --set: pretext.logit must be one of paper, official, not 7",
                "steps=5000000000 | --set: steps must be a whole number in range, not 5000000000",
            })
    void whatARecordRefusesNamesTheKeyAndItsSource(String override, String message) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> set(override).bind(Run.class))
                .withMessage(message);
    }

    @Test
    void aFileIsNamedInItsErrors() {
        assertThatThrownBy(() -> defaults().over("optim:\n  larningRate: 3\n  lr: 1\n", "run.yaml"))
                .hasMessage("run.yaml: unknown key optim.larningRate; known in optim are lr, amsgrad");
        assertThatThrownBy(() -> defaults().over("optim.lr: 3\n", "run.yaml"))
                .hasMessage(
                        "run.yaml: unknown key optim.lr; in a file keys are nested: write optim: and below it the rest");
        assertThatThrownBy(() -> defaults().over("steps: 1\nsteps: 2\n", "run.yaml"))
                .isInstanceOf(UsageException.class)
                .hasMessage("run.yaml, line 2, column 6: not valid YAML at 'steps: 2' (a key that was there before)");
        assertThatThrownBy(() -> defaults().over("optim:\n\tlr: 1\n", "run.yaml"))
                .hasMessage("run.yaml, line 2, column 1: not valid YAML at 'lr: 1' (a colon and a space behind every"
                        + " key? indented like its neighbours, with spaces? brackets and quotes closed?)");
        assertThatThrownBy(() -> defaults().over("recipe: {name: [1, 2]}\n", "run.yaml"))
                .isInstanceOf(UsageException.class)
                .hasMessage("run.yaml: recipe.name must be a text, not [1, 2]");
        assertThatThrownBy(() -> defaults().over("- 1\n", "run.yaml"))
                .hasMessageStartingWith("run.yaml: a recipe is a group of keys");
        assertThatThrownBy(() -> defaults().over("optim: {lr: -3}", "run.yaml").bind(Run.class))
                .hasMessage("run.yaml: optim: lr must be above 0, not -3.0");
    }

    @Test
    void theDescriptionIsKeptApart() {
        RecipeTree tree = defaults().over("recipe: {name: mine, time: 2 h}\nsteps: 3\n", "mine.yaml");
        assertThat(tree.about()).containsEntry("name", "mine").containsEntry("time", "2 h");
        assertThat(tree.bind(Run.class).steps()).isEqualTo(3);
        assertThat(tree.toYaml()).startsWith("recipe:\n  name: mine\ndata:\n  spacing: null\n");
        assertThatThrownBy(() -> defaults().over("recipe: {author: me}", "mine.yaml"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("mine.yaml: unknown key recipe.author");
    }

    @ParameterizedTest
    @ValueSource(strings = {"optim.lr=1.0e-5", "optim.lr=1e300", "data.spacing=[0.7, 0.7, 5]", "pretext.logit='yes'"})
    void theWrittenTreeReadsBackEqual(String override) {
        RecipeTree tree = set(override);
        RecipeTree again = defaults().over(tree.toYaml(), "config.yaml");
        assertThat(again.changesTo(tree)).isEmpty();
        assertThat(again.toYaml()).isEqualTo(tree.toYaml());
    }

    @Test
    void whatIsLeftOutWhenWritingReadsBackAsTheDefault() {
        RecipeTree tree = set("optim.lr=1.0e-5", "steps=7", "data.spacing=2");
        String part = tree.toYaml(key -> !key.startsWith("optim.") && !key.equals("steps"));
        assertThat(part).doesNotContain("optim", "steps");
        assertThat(defaults().over(part, "part").changesTo(set("data.spacing=2")))
                .isEmpty();
    }

    @Test
    void differencesAreListedWithBothValues() {
        assertThat(set("optim.lr=1.0E-3", "steps=400").changesTo(defaults())).isEmpty();
        assertThat(defaults().changesTo(set("steps=500", "data.spacing=2", "pretext.variant=official")))
                .containsExactly(
                        new RecipeTree.Change("data.spacing", "null", "2"),
                        new RecipeTree.Change("pretext.variant", "paper", "official"),
                        new RecipeTree.Change("steps", "400", "500"));
    }

    @Test
    void aRecordThatMissesAKeyIsAProgrammersError() {
        record OnlySteps(int steps) {}
        assertThatThrownBy(() -> defaults().bind(OnlySteps.class)).isInstanceOf(IllegalStateException.class);
    }

    record Classes(Map<String, List<Integer>> labels, int steps) {}

    private static RecipeTree open() {
        return RecipeTree.ofDefaults("finetune", "labels: {}\nsteps: 1\n");
    }

    @Test
    void anOpenGroupTakesNamesOfTheUsersOwnInTheirOrder() {
        assertThat(open().bind(Classes.class).labels()).isEmpty();
        RecipeTree file = open().over("labels:\n  liver: 6\n  left kidney: [3]\n", "mine.yaml");
        assertThat(file.bind(Classes.class).labels().entrySet())
                .containsExactly(Map.entry("liver", List.of(6)), Map.entry("left kidney", List.of(3)));
        assertThat(file.with(List.of("labels.kidneys=[2, 3]"))
                        .bind(Classes.class)
                        .labels()
                        .keySet())
                .containsExactly("liver", "left kidney", "kidneys");
        assertThat(file.with(List.of("labels={kidneys: [2, 3]}"))
                        .bind(Classes.class)
                        .labels())
                .isEqualTo(Map.of("kidneys", List.of(2, 3)));
        assertThat(file.over("steps: 3", "later.yaml").bind(Classes.class).labels())
                .hasSize(2);
        RecipeTree again = open().over(file.toYaml(), "config.yaml");
        assertThat(again.changesTo(file)).isEmpty();
        assertThat(again.toYaml()).isEqualTo(file.toYaml());
    }

    record Arm(@Nullable String recipe, int steps) {}

    record Study(Map<String, Arm> arms, Map<String, List<Double>> rows) {}

    @Test
    void namesOfTheUsersOwnStandWhereTheDefaultsHaveOne() {
        RecipeTree study =
                RecipeTree.ofDefaults("study", "arms: {NAME: {recipe: null, steps: 4}}\nrows: {NAME: [0.5]}\n");
        assertThat(study.bind(Study.class).arms()).isEmpty();
        RecipeTree file =
                study.over("arms:\n  one: {recipe: tiny}\n  other one: {steps: 7}\nrows: {one: [1, 2.5]}", "mine.yaml");
        assertThat(file.bind(Study.class).arms().entrySet())
                .containsExactly(Map.entry("one", new Arm("tiny", 4)), Map.entry("other one", new Arm(null, 7)));
        assertThat(file.bind(Study.class).rows()).isEqualTo(Map.of("one", List.of(1.0, 2.5)));
        RecipeTree more = file.with(List.of("arms.one.steps=5", "arms.third={recipe: tiny}"));
        assertThat(more.bind(Study.class).arms())
                .containsEntry("one", new Arm("tiny", 5))
                .containsEntry("third", new Arm("tiny", 4));
        assertThat(file.changesTo(more)).extracting(RecipeTree.Change::path).containsExactly("arms");
        RecipeTree again = study.over(more.toYaml(), "config.yaml");
        assertThat(again.toYaml()).isEqualTo(more.toYaml());
        assertThatThrownBy(() -> study.over("arms: {one: {stops: 1}}", "mine.yaml"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("mine.yaml: unknown key arms.one.stops, did you mean ");
        assertThatThrownBy(() -> study.over("arms: {one: 3}", "mine.yaml"))
                .hasMessageContaining("arms.one must be a group");
        assertThatThrownBy(() -> study.over("rows: {one: x}", "mine.yaml"))
                .hasMessageContaining("rows.one must be a list of numbers");
    }

    @Test
    void valuesOfAnotherTreeAreTaken() {
        RecipeTree other = set("steps=3", "optim.lr=0.5", "data.size=[1, 2, 3]");
        RecipeTree taken = set("optim.amsgrad=true").taking(other, "optim.lr", "data");
        assertThat(taken.changesTo(set("optim.amsgrad=true", "optim.lr=0.5", "data.size=[1, 2, 3]")))
                .isEmpty();
    }

    @Test
    void theOrderOfAnOpenGroupIsAChange() {
        assertThat(open().with(List.of("labels={a: 1, b: 2}")).changesTo(open().with(List.of("labels={b: 2, a: 1}"))))
                .containsExactly(new RecipeTree.Change("labels", "{\"a\":[1],\"b\":[2]}", "{\"b\":[2],\"a\":[1]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels=3", "labels={a: x}", "labels={a: [1, x]}", "labels={a: {b: 1}}", "labels.a=1.5"})
    void anOpenGroupTakesWholeNumbersOnly(String override) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> open().with(List.of(override)))
                .withMessageStartingWith(
                        "--set: labels must be names with whole numbers such as {left: 1, right: [2, 3]}, not ");
    }

    @Test
    void shippedRecipesFitTheirDefaults() {
        assertThat(RecipeTree.shipped("pretrain")).contains("tiny", "voco-paper", "voco-official");
        assertThat(RecipeTree.shipped("finetune")).contains("tiny");
        for (String kind : List.of("pretrain", "finetune")) {
            for (String name : RecipeTree.shipped(kind)) {
                RecipeTree tree = RecipeTree.load(kind, name, List.of());
                assertThat(tree.about().keySet())
                        .as(name)
                        .containsSubsequence("name", "command", "hardware", "time", "memory", "score", "source");
                assertThat(tree.about()).containsEntry("name", name);
            }
        }
    }

    @Test
    void recipesForClassificationSaySoAndNoneHasTheNameOfAnother() {
        assertThat(RecipeTree.shipped("classify")).contains("classify-tiny", "cc-ccii", "chestx-ray14");
        assertThat(RecipeTree.shipped("classify")).doesNotContainAnyElementsOf(RecipeTree.shipped("finetune"));
        for (String name : RecipeTree.shipped("classify")) {
            RecipeTree tree = RecipeTree.load("classify", name, List.of());
            assertThat(tree.about().keySet())
                    .as(name)
                    .containsSubsequence("name", "task", "command", "hardware", "time", "memory", "score", "source");
            assertThat(tree.about()).containsEntry("name", name).containsEntry("task", "classification");
            assertThat(RecipeTree.isClassification(name)).as(name).isTrue();
        }
        RecipeTree.shipped("finetune")
                .forEach(name ->
                        assertThat(RecipeTree.isClassification(name)).as(name).isFalse());
    }

    @Test
    void aRunsConfigurationIsARecipeForItsTask(@TempDir Path folder) throws IOException {
        RecipeTree tree = RecipeTree.load("classify", "classify-tiny", List.of());
        Path config = Files.writeString(folder.resolve("config.yaml"), tree.toYaml());
        assertThat(RecipeTree.isClassification(config.toString())).isTrue();
        assertThat(RecipeTree.load("classify", config.toString(), List.of()).changesTo(tree))
                .isEmpty();
    }

    @Test
    void aRecipeIsANameOrAFile(@TempDir Path folder) throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yaml"), "steps: 7\n");
        assertThat(RecipeTree.load("pretrain", mine.toString(), List.of())
                        .changesTo(RecipeTree.load("pretrain", null, List.of())))
                .containsExactly(new RecipeTree.Change("steps", "7", "400"));
        assertThatThrownBy(() -> RecipeTree.load("pretrain", "tinny", List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("no recipe and no file tinny, did you mean tiny?");
        assertThatThrownBy(() -> RecipeTree.load("pretrain", "other.yaml", List.of()))
                .hasMessageStartingWith("no recipe and no file other.yaml; shipped are c2l, ")
                .hasMessageEndingWith(", voco-nnssl, voco-official, voco-paper, voco-tpami");
        assertThatThrownBy(() -> RecipeTree.load("pretrain", folder.toString(), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageEndingWith("not a recipe file");
        Path binary = Files.write(folder.resolve("scan.nii.gz"), new byte[] {31, -117, 8, 0, -1, -2});
        assertThatThrownBy(() -> RecipeTree.load("pretrain", binary.toString(), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageEndingWith("not a text file");
    }
}
