package org.voco4j.program.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TwoThreads;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two arms, two numbers of labels and two seeds, on few torsos with a tiny network and two steps of everything. */
@ExtendWith(TwoThreads.class)
class StudyTest {
    static final String MINI = """
            torsos: {training: 4, unseen: 2}
            tested: 2
            pretrain:
              set:
                - data.size=[32, 32, 16]
                - crop.size=8
                - model.channels=[4, 8]
                - pretext.projector.hidden=16
                - pretext.projector.out=16
                - pretext.randomCrops=3
                - steps=2
            finetune:
              set:
                - data.size=[32, 32, 16]
                - patch.size=[16, 16, 8]
                - batch.patches=1
                - validation.overlap=0
                - steps=2
            arms:
              scratch: {pretrain: scratch}
              VoCo: {}
            labels: [1, 2]
            seeds: 2
            sweep: {seeds: 1, scans: 1, labels: 1, rates: [[1.0e-2, 1], [1.0e-2, 0.1]]}
            paper: {table: Table 0, columns: [BTCV], rows: {scratch: [80.5], VoCo: [83.9]}}
            """;
    private static final int CELLS = 2 * 2 * 2;
    private static final int SWEPT = 2 * 2;

    private static @Nullable Path mini;
    private static @Nullable StudyScans scans;
    private static @Nullable String whole; // what an uninterrupted run wrote
    private static Path wholeFolder = Path.of("");
    private static List<String> cells = List.of();

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears log = new PretrainFixture.Ears();

    @BeforeAll
    static void anUninterruptedStudy(@TempDir Path place) throws IOException, InterruptedException {
        mini = Files.writeString(place.resolve("mini.yaml"), MINI);
        StudyTest test = new StudyTest();
        test.folder = place;
        StudyRecipe recipe = tree().bind(StudyRecipe.class);
        scans = StudyScans.open(recipe, recipe.all(), test.log);
        assertThat(test.run("whole", tree(), StudyPart.WHOLE, List.of(), () -> false)
                        .done())
                .isTrue();
        whole = test.report("whole");
        wholeFolder = place.resolve("whole");
        cells = test.cells("whole");
        assertThat(cells).hasSize(CELLS + SWEPT);
    }

    @AfterAll
    static void nothingIsKept() {
        scans = null;
    }

    private static RecipeTree tree(String... settings) {
        return RecipeTree.load(StudyRecipe.KIND, String.valueOf(mini), List.of(settings));
    }

    private Study.Outcome run(String place, RecipeTree tree, StudyPart part, List<Path> merged, BooleanSupplier stop)
            throws IOException, InterruptedException {
        return run(place, tree, part, merged, new OtherStudies("", List.of()), stop);
    }

    private Study.Outcome run(
            String place, RecipeTree tree, StudyPart part, List<Path> merged, OtherStudies others, BooleanSupplier stop)
            throws IOException, InterruptedException {
        try (RunFolder open = RunFolder.openChanging(folder.resolve(place), tree)) {
            return new Study(tree.bind(StudyRecipe.class), Device.CPU, open, log, stop)
                    .run(Objects.requireNonNull(scans), part, merged, others, false);
        }
    }

    private String report(String place) throws IOException {
        return Files.readString(folder.resolve(place).resolve(StudyPage.MARKDOWN));
    }

    /** The lines of the results in an order of their own and without the time they took. */
    private List<String> cells(String place) throws IOException {
        return Files.readAllLines(folder.resolve(place).resolve("results.jsonl")).stream()
                .map(line -> line.replaceAll("\"seconds\":[^,]*,", ""))
                .sorted()
                .toList();
    }

    private List<Path> pretrainings(String place) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve(place).resolve(Pretrainings.FOLDER))) {
            return all.map(Path::getFileName).sorted().toList();
        }
    }

    @Test
    void theReportHasTheRowsAndTheWords() {
        assertThat(whole)
                .contains("# Ways of training beside each other", "2 arms, 1, 2 labels, 2 seeds")
                .contains("| VoCo | voco/paper | unet | 2 | 1 |")
                .containsPattern("\\| scratch \\| 0\\.\\d{3} \\[")
                .containsPattern("\\| VoCo \\| scratch \\| 1 \\| [+-]0\\.\\d{3} \\| [+-]\\d\\.\\d{3} to ")
                .containsPattern("\\| VoCo \\| scratch \\| 2 \\| ")
                .contains("## Does the gate predict the gain?", "| a place found in another scan | 1 | 2 |")
                .contains("## Beside the paper", "| VoCo | 83.90 | 0.", "Table 0")
                .containsPattern("With 1 label the order is (not )?that of BTCV: ")
                .contains("## What follows", "## What does not follow", "Anything about patients")
                .contains("## How the learning rates were chosen")
                .doesNotContain("NaN", "Equal seconds");
    }

    @Test
    void aStudyThatWasStoppedGoesOnAsIfItHadNotBeen() throws IOException, InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Study.Outcome early = run("stopped", tree(), StudyPart.WHOLE, List.of(), () -> asked.incrementAndGet() > 12);
        assertThat(early.done()).isFalse();
        assertThat(early.findings()).isNull();
        asked.set(0);
        Study.Outcome later = run("stopped", tree(), StudyPart.WHOLE, List.of(), () -> asked.incrementAndGet() > 50);
        assertThat(later.done()).isFalse();
        assertThat(cells("stopped")).isNotEmpty().hasSizeLessThan(CELLS + SWEPT);
        Path results = folder.resolve("stopped/results.jsonl");
        Files.writeString(results, "{\"arm\":\"VoCo\",\"la", StandardOpenOption.APPEND); // as a kill leaves it

        Study.Outcome end = run("stopped", tree(), StudyPart.WHOLE, List.of(), () -> false);
        assertThat(end.done()).isTrue();
        assertThat(report("stopped")).isEqualTo(whole);
        assertThat(cells("stopped")).isEqualTo(cells);
        assertThat(folder.resolve("stopped/report.html"))
                .content()
                .contains("<svg ", "Gain in mean Dice", "VoCo − scratch, 1 label", "How the learning rates were chosen")
                .contains("On a scan that no arm saw", "data:image/png;base64,");
        assertThat(Files.readString(folder.resolve("stopped/report.html")).replaceAll("base64,[^\"]*", ""))
                .doesNotContain("NaN");

        JsonNode document = JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(end.document()));
        assertThat(document.path("comparisons").size()).isEqualTo(2);
        assertThat(document.path("comparisons").path(0).path("pHolm").isNumber())
                .isTrue();
        assertThat(document.path("arms").path(1).path("crossScan").size()).isEqualTo(2);
    }

    @Test
    void partsMakeNothingTwiceAndMergedAreTheWhole() throws IOException, InterruptedException {
        Study.Outcome first = run("first", tree(), StudyPart.of("1/2"), List.of(), () -> false);
        Study.Outcome second = run("second", tree(), StudyPart.of("2/2"), List.of(), () -> false);
        assertThat(first.done() && second.done()).isTrue();
        assertThat(first.findings()).isNull();
        assertThat(cells("first")).doesNotContainAnyElementsOf(cells("second"));
        assertThat(folder.resolve("first").resolve(Pretrainings.FOLDER)).doesNotExist(); // it is scratch's
        assertThat(pretrainings("second")).hasSize(3); // two seeds, and that of the sweep

        log.said.clear();
        List<Path> parts = List.of(folder.resolve("first"), folder.resolve("second"));
        Study.Outcome merged = run("merged", tree(), StudyPart.WHOLE, parts, () -> false);
        assertThat(merged.forecast().seconds()).isZero();
        assertThat(log.said).anyMatch(sentence -> sentence.endsWith("3 pre-trainings and 6 fine-tunes."));
        assertThat(report("merged")).isEqualTo(whole);
        assertThat(cells("merged")).isEqualTo(cells);
        assertThat(folder.resolve("merged/report.html")).content().contains("On a scan that no arm saw");

        Files.createDirectories(folder.resolve("none"));
        assertThatThrownBy(() -> run("merged", tree(), StudyPart.WHOLE, List.of(folder.resolve("none")), () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("it is no folder of a part of a study");
        assertThatThrownBy(() -> run("merged", tree(), StudyPart.of("1/3"), List.of(), () -> false))
                .hasMessageContaining("cannot be divided into 3");
    }

    @Test
    void gainsOnOtherScansStandBeside() throws IOException, InterruptedException {
        List<StudyArm> arms = tree().bind(StudyRecipe.class).all();
        Path here = folder.resolve("torsos");
        Path patients = Files.createDirectories(folder.resolve("patients"));
        assertThatThrownBy(() -> OtherStudies.read(List.of(patients), here, arms))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no findings.json");
        String found = Files.readString(StudyDocument.file(wholeFolder));
        Path findings = StudyDocument.file(patients);
        Files.writeString(findings, found.substring(0, found.length() / 2));
        assertThatThrownBy(() -> OtherStudies.read(List.of(patients), here, arms))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
        Files.writeString(findings, found.replace("\"scratch\"", "\"nothing\""));
        assertThatThrownBy(() -> OtherStudies.read(List.of(patients), here, arms))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("compares none of the arms that this study compares, scratch, VoCo");
        Files.writeString(findings, found.replaceAll("\"gain\" : [^,]*,", "\"gain\" : 0.125,"));
        assertThatThrownBy(() -> OtherStudies.read(List.of(patients, patients), here, arms))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the second study called patients");

        OtherStudies others = OtherStudies.read(List.of(patients), here, arms);
        assertThat(run("torsos", tree(), StudyPart.WHOLE, List.of(wholeFolder), others, () -> false)
                        .done())
                .isTrue();
        assertThat(report("torsos"))
                .containsPattern(
                        "## Over data sets\n\n\\|[^\n]*\n\\|[^\n]*\n\\| VoCo \\| scratch \\| 1 \\| torsos \\| [+-]0\\.\\d{3}")
                .contains("| VoCo | scratch | 1 | patients | +0.125 |", "| VoCo | scratch | 2 | patients | +0.125 |");
        assertThat(here.resolve("report.html")).content().contains("VoCo − scratch, 2 labels: patients");
        try (RunFolder open = RunFolder.openChanging(folder.resolve("part"), tree())) {
            Study study = new Study(tree().bind(StudyRecipe.class), Device.CPU, open, log, () -> false);
            assertThatThrownBy(() -> study.run(StudyPart.of("1/2"), List.of(), List.of(patients), false))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--beside: a part has no report");
        }
    }

    @Test
    void anotherArmKeepsWhatIsDone() throws IOException, InterruptedException {
        run("more", tree(), StudyPart.WHOLE, List.of(), () -> false);
        List<String> before = Files.readAllLines(folder.resolve("more/results.jsonl"));
        log.said.clear();
        RecipeTree more = tree(
                "arms.scratch={pretrain: scratch, against: VoCo}",
                "arms.no regulariser={pretrain: pretext.lambda=0, against: [scratch, VoCo]}",
                "arms.same as VoCo={}",
                "pretrain.cpuSeconds=0.05");
        Study.Outcome outcome = run("more", more, StudyPart.WHOLE, List.of(), () -> false);
        assertThat(outcome.done()).isTrue();
        assertThat(Files.readAllLines(folder.resolve("more/results.jsonl"))).startsWith(before.toArray(String[]::new));
        StudyFindings findings = Objects.requireNonNull(outcome.findings());
        assertThat(findings.arms())
                .extracting(StudyFindings.Entry::name)
                .containsExactly(
                        "scratch",
                        "VoCo",
                        "no regulariser",
                        "same as VoCo",
                        "VoCo (0.05 CPU s)",
                        "no regulariser (0.05 CPU s)",
                        "same as VoCo (0.05 CPU s)");
        assertThat(findings.comparisons(false))
                .extracting(StudyFindings.Comparison::arm)
                .contains("VoCo", "no regulariser", "same as VoCo")
                .noneMatch(arm -> arm.contains("CPU"));
        assertThat(findings.comparisons(true))
                .extracting(StudyFindings.Comparison::against)
                .containsOnly("scratch", "VoCo (0.05 CPU s)");
        assertThat(findings.comparisons(true))
                .filteredOn(one -> one.arm().equals("scratch"))
                .extracting(StudyFindings.Comparison::against)
                .containsOnly("VoCo (0.05 CPU s)");
        StudyFindings.Entry same = Objects.requireNonNull(findings.of("same as VoCo"));
        assertThat(same.dice(1))
                .isEqualTo(Objects.requireNonNull(findings.of("VoCo")).dice(1));
        assertThat(log.said.stream().filter(sentence -> sentence.startsWith("pre-training ")))
                .noneMatch(sentence -> sentence.contains("VoCo, seed") && !sentence.contains("CPU"))
                .noneMatch(sentence -> sentence.contains("same as"));
        assertThat(report("more")).contains("## Equal steps", "## Equal seconds", "| no regulariser | VoCo | 1 | ");
    }

    @Test
    void anArmBeginsWithTheWeightsOfAnother() throws IOException, InterruptedException {
        RecipeTree tree = tree("arms.more={after: VoCo}", "labels=[1]", "seeds=1", "sweep.seeds=0");
        assertThat(run("after", tree, StudyPart.WHOLE, List.of(), () -> false).done())
                .isTrue();
        assertThat(pretrainings("after")).hasSize(2);
        assertThat(report("after"))
                .contains(
                        "1 seed, each with a pre-training",
                        "Of one seed intervals and tests tell about other scans alone.")
                .contains("with the 95 % interval for other scans, not for other seeds.")
                .contains("\nThat a difference would be there with another pre-training");
        assertThat(whole).contains("interval for other seeds and scans.").doesNotContain("Of one seed");
        assertThat(report("after")).doesNotContain("chance of 8 in 10, the one that scatters most");
        List<String> begun = new ArrayList<>();
        for (Path run : pretrainings("after")) {
            Path record = folder.resolve("after/pretrain").resolve(run).resolve(Pretrainings.RECORD);
            begun.add(JsonMapper.shared()
                    .readTree(Files.readString(record))
                    .path("init")
                    .asString());
        }
        Path first =
                folder.resolve("after/pretrain").resolve(pretrainings("after").get(begun.indexOf("none")));
        assertThat(begun)
                .containsExactlyInAnyOrder("none", PretrainedWeights.read(first).digest());
        StudyRecipe recipe = tree.bind(StudyRecipe.class);
        assertThat(StudyPart.of("2/2").among(recipe.all()))
                .extracting(StudyArm::name)
                .containsExactly("VoCo", "more");
        assertThatThrownBy(() -> tree("arms.more={after: scratch}").bind(StudyRecipe.class))
                .hasMessageContaining("arms.more.after: what is pre-trained begins with an arm that is");
    }

    @Test
    void armsOfOtherGridsAreMeasuredOnTheSameScans() throws IOException, InterruptedException {
        RecipeTree tree = tree(
                "arms={scratch: {pretrain: scratch}, coarse: {pretrain: scratch, finetune: \"data.size=[24, 24, 16]\"}}",
                "labels=[1]",
                "sweep.seeds=0",
                "paper={}");
        try (RunFolder open = RunFolder.openChanging(folder.resolve("grids"), tree)) {
            assertThat(new Study(tree.bind(StudyRecipe.class), Device.CPU, open, log, () -> false)
                            .run(StudyPart.WHOLE, List.of(), List.of(), false)
                            .done())
                    .isTrue();
        }
        assertThat(report("grids")).contains("seeds, on the scans' own grids, with the 95 % interval");
        assertThat(whole).contains("scans and seeds, with the 95 % interval");
        assertThat(report("grids")).containsPattern("\\| coarse \\| scratch \\| 1 \\| [+-]0");
        assertThat(folder.resolve("grids/report.html")).content().contains("arms whose scans are prepared alike");
    }

    @Test
    void whatATimeHoldsIsSettledOnce() throws IOException {
        StudyRecipe recipe = tree("pretrain.cpuSeconds=10").bind(StudyRecipe.class);
        StudyArm timed = recipe.all().get(2);
        assertThat(timed.name()).isEqualTo("VoCo (10 CPU s)");
        StudyPlan plan = StudyPlan.open(folder);
        plan.addPretraining(timed, new StudyPlan.Cost("VoCo", 3, 0.5, 1000));
        plan.addPretraining(timed, new StudyPlan.Cost("VoCo", 3, 0.1, 1000));
        assertThat(plan.steps(timed)).isZero();
        assertThat(plan.predictedSteps(timed)).isEqualTo(20);
        plan.addRun(Path.of("a"), "seed 0", 0.2);
        plan.addRun(Path.of("b"), "seed 1", 0.25);
        plan.addRun(Path.of("c"), "seed 2", 0.4);
        plan.settle(timed, List.of(Path.of("a"), Path.of("b"), Path.of("c"), Path.of("d")));
        plan.settle(timed, List.of(Path.of("a")));
        assertThat(plan.steps(timed)).isEqualTo(40);
        assertThat(plan.steps(recipe.all().get(1))).isEqualTo(2);
        StudyPlan again = StudyPlan.open(folder);
        assertThat(again.steps(timed)).isEqualTo(40);
        assertThat(again.bytes(recipe.all())).isEqualTo(1000);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        assertThatThrownBy(() -> tree("against=voco").bind(StudyRecipe.class))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("against must be among the arms, [scratch, VoCo], not voco");
        assertThatThrownBy(() -> tree("paper.columns=[A, B]").bind(StudyRecipe.class))
                .hasMessageContaining("paper.rows.scratch must be a number for each of paper.columns");
        assertThatThrownBy(() -> tree("tested=4").bind(StudyRecipe.class)).hasMessageContaining("torsos.unseen, 2");
        assertThatThrownBy(() -> tree("arms.VoCo.pretrain=[pretext.lamda=1]")
                        .bind(StudyRecipe.class)
                        .all())
                .hasMessageContaining("did you mean pretext.lambda?");
        StudyRecipe other = tree("arms.VoCo.finetune=[\"labels={liver: [4]}\"]").bind(StudyRecipe.class);
        assertThatThrownBy(() -> StudyScans.open(other, other.all(), log)).hasMessageContaining("finetune.set");
        assertThatThrownBy(() -> StudyPart.of("3/2")).hasMessageContaining("--part");
    }
}
