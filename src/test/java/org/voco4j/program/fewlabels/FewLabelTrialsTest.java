package org.voco4j.program.fewlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.program.finetune.Balls;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.phantom.TorsoScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Look;
import org.voco4j.run.RunLog;

class FewLabelTrialsTest {
    private static final LabelledScans SCANS = Balls.scans(6, 2);
    private static final RecipeTree RECIPE = RecipeTree.load(
            "finetune",
            "tiny",
            List.of(
                    "patch.size=[16, 16, 16]",
                    "model.channels=[4, 8]",
                    "steps=3",
                    "optim.warmup=0",
                    "validation.overlap=0"));
    private static final Arm.Rates RATES = new Arm.Rates(1e-2, 1);
    private static final Arm SCRATCH = new Arm("scratch", false, RATES, 0);
    private static final Arm VOCO = new Arm("voco", true, RATES, 0);

    @TempDir
    private Path folder = Path.of("");

    private final int threads = Engine.threads();
    private final List<String> said = new ArrayList<>();

    private final RunLog log = new RunLog() {
        @Override
        public void say(String sentence) {
            said.add(sentence);
        }

        @Override
        public void warn(String sentence) {}

        @Override
        public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {}

        @Override
        public void looked(Look look) {}
    };

    @AfterEach
    void threadsAreAsBefore() {
        assertThat(Engine.threads()).isEqualTo(threads);
    }

    /** An encoder as the seed of a recipe draws it. */
    private StoredWeights weights(long seed) throws IOException {
        FinetuneRecipe drawn = RECIPE.with(List.of("seed=" + seed)).bind(FinetuneRecipe.class);
        Path file = folder.resolve(seed + ".safetensors");
        Safetensors.write(file, drawn.network(1, 3).encoder().weights(), Map.of());
        return StoredWeights.of(file);
    }

    private @Nullable List<FewLabelsResult> run(
            String place, int abreast, StoredWeights weights, BooleanSupplier stop, FewLabelTrials.Task... tasks)
            throws IOException, InterruptedException {
        FewLabelTrials study = new FewLabelTrials(
                SCANS, FewLabelTrials.Scoring.PLAIN, Device.CPU, abreast, folder.resolve(place), log, stop);
        List<FewLabelTrials.Task> own = new ArrayList<>();
        for (FewLabelTrials.Task task : tasks) {
            own.add(new FewLabelTrials.Task(
                    task.arm(),
                    RECIPE,
                    SCANS,
                    task.arm().pretrained() ? weights : null,
                    task.labels(),
                    task.seed(),
                    task.pictured()));
        }
        return study.run("fine-tune", own, SCANS.heldOut());
    }

    private static FewLabelTrials.Task task(Arm arm, int labels, long seed) {
        return new FewLabelTrials.Task(arm, RECIPE, SCANS, null, labels, seed, false);
    }

    private List<String> lines(String place) throws IOException {
        return Files.readAllLines(folder.resolve(place).resolve("results.jsonl"));
    }

    @Test
    void fewerLabelledScansAreAmongTheMore() throws IOException, InterruptedException {
        List<List<String>> fours = new ArrayList<>();
        for (long seed = 0; seed < 5; seed++) {
            List<String> four = FewLabelTrials.labelled(SCANS, 4, seed);
            assertThat(four).doesNotHaveDuplicates().isSubsetOf(SCANS.training());
            assertThat(FewLabelTrials.labelled(SCANS, 1, seed)).isEqualTo(four.subList(0, 1));
            assertThat(FewLabelTrials.labelled(SCANS, 2, seed)).isEqualTo(four.subList(0, 2));
            fours.add(four);
        }
        assertThat(fours).doesNotHaveDuplicates();
    }

    @Test
    void armsDifferInNothingButWhatTheyBeginWith() throws IOException, InterruptedException {
        List<FewLabelsResult> same =
                Objects.requireNonNull(run("same", 2, weights(3), () -> false, task(SCRATCH, 2, 3), task(VOCO, 2, 3)));
        assertThat(same.get(1).loss()).isEqualTo(same.get(0).loss());
        assertThat(same.get(1).dice()).isEqualTo(same.get(0).dice());
        assertThat(same.get(1).training()).isEqualTo(same.get(0).training()).hasSize(2);
        List<FewLabelsResult> other =
                Objects.requireNonNull(run("other", 2, weights(4), () -> false, task(VOCO, 2, 3)));
        assertThat(other.get(0).loss()).isNotEqualTo(same.get(0).loss());
        assertThat(other.get(0).training()).isEqualTo(same.get(0).training());
    }

    @Test
    void scansOfOtherGridsAreMeasuredOnTheirOwn() throws IOException, InterruptedException {
        RecipeTree tree = RECIPE.with(List.of("data.size=[24, 24, 16]", "steps=40"));
        FinetuneRecipe recipe = tree.bind(FinetuneRecipe.class);
        LabelledScans torsos =
                TorsoScans.make(recipe.data().preprocessing(), 2, 1, 3).labelled();
        List<FewLabelsResult> results = new ArrayList<>();
        for (boolean own : List.of(false, true)) {
            FewLabelTrials.Scoring scoring = new FewLabelTrials.Scoring(false, own);
            FewLabelTrials trials =
                    new FewLabelTrials(torsos, scoring, Device.CPU, 1, folder.resolve("own"), log, () -> false);
            FewLabelTrials.Task task = new FewLabelTrials.Task(SCRATCH, tree, torsos, null, 1, 5, false);
            results.addAll(Objects.requireNonNull(trials.run("fine-tune", List.of(task), torsos.heldOut())));
        }
        assertThat(lines("own")).hasSize(2); // another way to count is another result
        assertThat(results.get(1).loss()).isEqualTo(results.get(0).loss());
        double model = results.get(0).mean();
        double own = results.get(1).mean();
        assertThat(own).isNotEqualTo(model).isCloseTo(model, within(0.1)).isGreaterThan(0.02);
    }

    @Test
    void whatIsDoneIsNotDoneAgainAndOneAfterAnotherIsAsTogether() throws IOException, InterruptedException {
        FewLabelTrials.Task[] tasks = {task(SCRATCH, 1, 0), task(VOCO, 1, 0), task(SCRATCH, 2, 0), task(VOCO, 2, 0)};
        List<FewLabelsResult> whole = Objects.requireNonNull(run("whole", 2, weights(9), () -> false, tasks));

        AtomicInteger asked = new AtomicInteger();
        // a fine-tune asks once before, once after each of 3 steps, once after each of 2 scans
        assertThat(run("parts", 1, weights(9), () -> asked.incrementAndGet() > 8, tasks))
                .isNull();
        List<String> before = lines("parts");
        assertThat(before).hasSize(1);
        Files.writeString(folder.resolve("parts/results.jsonl"), "{\"arm\":\"voco\",\"la", StandardOpenOption.APPEND);
        said.clear();
        List<FewLabelsResult> parts = Objects.requireNonNull(run("parts", 1, weights(9), () -> false, tasks));
        assertThat(said).hasSize(3);
        assertThat(said.get(2))
                .startsWith("fine-tune 4 of 4: voco, 2 labels, seed 0: Dice 0.")
                .endsWith("0 s left");
        assertThat(lines("parts")).hasSize(4).startsWith(before.get(0));
        for (int i = 0; i < tasks.length; i++) {
            assertThat(parts.get(i).identity()).isEqualTo(whole.get(i).identity());
            assertThat(parts.get(i).dice()).isEqualTo(whole.get(i).dice());
            assertThat(parts.get(i).loss()).isEqualTo(whole.get(i).loss());
        }
        // Other weights are another fine-tune, where there are weights.
        said.clear();
        run("parts", 1, weights(10), () -> false, tasks);
        assertThat(said).hasSize(2).allMatch(sentence -> sentence.contains("voco"));
    }

    @Test
    void aLineHoldsTheResult() throws IOException, InterruptedException {
        List<FewLabelsResult> results =
                Objects.requireNonNull(run("run", 2, weights(1), () -> false, task(SCRATCH, 1, 0)));
        FewLabelsResult result = results.get(0);
        assertThat(FewLabelsResult.ofLine(result.toLine())).isEqualTo(result);
        assertThat(result.scans()).isEqualTo(SCANS.heldOut());
        assertThat(result.dice()).hasSize(2).allMatch(classes -> classes.size() == 2);
        assertThat(result.steps()).containsExactly(1.0, 2.0, 3.0);
        FewLabelsResult absent = new FewLabelsResult(
                "id",
                "arm",
                RATES,
                List.of("a"),
                0,
                List.of("s", "t"),
                List.of(List.of(0.5, Double.NaN), List.of(0.1, 0.3)),
                List.of(1.0),
                List.of(2.0),
                3);
        assertThat(FewLabelsResult.ofLine(absent.toLine())).isEqualTo(absent);
        assertThat(absent.perScan()).containsExactly(0.5, 0.2);
        assertThat(absent.mean()).isEqualTo(0.35);
        assertThat(absent.ofClass(0)).isEqualTo(0.3);
        assertThat(absent.ofClass(1)).isEqualTo(0.3);
    }

    @Test
    void whatDivergesHasSegmentedNothing() throws IOException, InterruptedException {
        Arm wild = new Arm("wild", false, new Arm.Rates(1e30, 1), 0);
        List<FewLabelsResult> results =
                Objects.requireNonNull(run("run", 2, weights(1), () -> false, task(wild, 1, 0)));
        assertThat(results.get(0).mean()).isZero();
        assertThat(results.get(0).loss().get(2)).isNaN();
        assertThat(FewLabelsResult.ofLine(lines("run").get(0))).isEqualTo(results.get(0));
    }
}
