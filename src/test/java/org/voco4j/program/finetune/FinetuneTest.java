package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.OneThread;
import org.voco4j.Tensors;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Damage;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OneThread.class)
class FinetuneTest {
    private static final List<String> SMALL = List.of(
            "patch.size=[8, 8, 8]",
            "model.channels=[4, 8, 8]",
            "augment.flip=0.2",
            "checkpoint.every=4",
            "validation.every=6",
            "validation.overlap=0.25",
            "optim.warmup=2",
            "loss.crossEntropy=0.5",
            "optim.encoderRate=1",
            "steps=12");

    @TempDir
    private Path folder = Path.of("");

    private Finetune.Outcome<GridScores> run(
            String name,
            LabelledScans scans,
            @Nullable PretrainedWeights weights,
            boolean resume,
            BooleanSupplier stop,
            String... settings)
            throws IOException, InterruptedException {
        RecipeTree tree = tree(settings);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume)) {
            return Finetune.run(
                    tree.bind(FinetuneRecipe.class), scans, weights, Device.CPU, run, new PretrainFixture.Ears(), stop);
        }
    }

    private Finetune.Outcome<GridScores> run(String name, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        return run(name, Balls.scans(3, 2), null, resume, stop, settings);
    }

    private static RecipeTree tree(String... settings) {
        List<String> all = new ArrayList<>(SMALL);
        all.addAll(List.of(settings));
        return RecipeTree.load("finetune", "tiny", all);
    }

    private static String[] with(List<String> settings, String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Weights of a small pre-trained network: those of another seed, with a projector that nobody wants. */
    private static PretrainedWeights weights() {
        FinetuneRecipe other = tree("seed=7").bind(FinetuneRecipe.class);
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(other.network(1, 3).encoder().weights());
        tensors.put("proj_head.0.weight", Tensor.zeros(DType.F32, 4, 20));
        return new PretrainedWeights(tensors, Map.of("voco4j.channels", "[4, 8, 8]"), "digest");
    }

    private byte[] model(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(name)));
    }

    /** Stops after so many steps. */
    private static BooleanSupplier after(int steps) {
        AtomicInteger taken = new AtomicInteger();
        return () -> taken.incrementAndGet() >= steps;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6}) // interrupted with the encoder frozen, and taken up again beyond
    void takenUpAgainEqualsUninterruptedBitForBitWithAnyNumberOfWorkers(int frozen)
            throws IOException, InterruptedException {
        List<String> set = new ArrayList<>(List.of("transfer.frozenSteps=" + frozen));
        if (frozen > 0) { // and with every other option that is off by default
            set.addAll(List.of(
                    "batch.accumulate=3",
                    "optim.layerDecay=0.7",
                    "optim.schedule=official",
                    "optim.half=5",
                    "augment.rot90=0.5",
                    "validation.patience=9"));
        }
        Finetune.Outcome<GridScores> whole = run("whole", false, () -> false, with(set, "loader.workers=1"));
        assertThat(whole.state()).isEqualTo(RunState.FINISHED);

        run("parts", false, after(5), with(set, "loader.workers=4"));
        assertThat(folder.resolve("parts/model.safetensors")).doesNotExist();
        run("parts", true, after(2), with(set, "loader.workers=0"));
        Finetune.Outcome<GridScores> last =
                run("parts", true, () -> false, with(set, "loader.workers=2", "loader.prefetch=1"));
        assertThat(last.state()).isEqualTo(RunState.FINISHED);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(Files.readString(folder.resolve("parts/summary.json")))
                .isEqualTo(Files.readString(folder.resolve("whole/summary.json")));
        assertThat(json("parts/run.json")
                        .path("resumes")
                        .valueStream()
                        .map(r -> r.path("step").asInt()))
                .containsExactly(5, 7);
        assertThat(Files.readAllLines(folder.resolve("parts/metrics.jsonl"))).hasSize(12);
    }

    @Test
    void aDamagedLatestCheckpointCostsStepsAndNothingElse() throws IOException, InterruptedException {
        run("whole", false, () -> false);
        run("parts", false, after(9));
        Damage.FLIPPED.to(folder.resolve("parts/checkpoint_latest.safetensors"));
        run("parts", true, () -> false);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(Files.readString(folder.resolve("parts/summary.json")))
                .isEqualTo(Files.readString(folder.resolve("whole/summary.json")));
        assertThat(json("parts/run.json").path("resumes").path(0).path("step").asInt())
                .isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5}) // undisturbed, and taken up again after so many steps
    void aRunThatFindsNothingBetterEndsEarlyAndKeepsTheBest(int interrupted) throws IOException, InterruptedException {
        String[] hopeless = {"optim.lr=1e-30", "validation.every=2", "validation.patience=2", "checkpoint.every=3"};
        if (interrupted > 0) {
            run("run", false, after(interrupted), hopeless);
        }
        Finetune.Outcome<GridScores> outcome = run("run", interrupted > 0, () -> false, hopeless);
        assertThat(outcome.state()).isEqualTo(RunState.FINISHED);
        assertThat(outcome.steps()).isEqualTo(6); // the validation after step 2 and two that are no better
        assertThat(json("run/run.json").path("state").asString()).isEqualTo("finished");
        assertThat(json("run/summary.json").path("steps").asInt()).isEqualTo(6);
        assertThat(json("run/summary.json").path("mean").path("nsd").isNumber()).isTrue();
        assertThat(Safetensors.read(folder.resolve("run/model_best.safetensors"))
                        .metadata())
                .containsEntry("voco4j.steps", "2");
        byte[] model = model("run");
        Finetune.Outcome<GridScores> again = run("run", true, () -> false, hopeless);
        assertThat(again.steps()).isEqualTo(6);
        assertThat(model("run")).isEqualTo(model);
    }

    @Test
    void takenUpAgainAfterTheLastStepItMeasuresAgain() throws IOException, InterruptedException {
        Finetune.Outcome<GridScores> whole = run("run", false, () -> false);
        Files.delete(folder.resolve("run/model.safetensors"));
        Finetune.Outcome<GridScores> again = run("run", true, () -> false);
        assertThat(again.report()).isEqualTo(whole.report()).isNotNull();
        assertThat(folder.resolve("run/model.safetensors")).exists();
    }

    @Test
    void aRunLeavesWhatAPersonCanRead() throws IOException, InterruptedException {
        run("run", Balls.scans(3, 2), weights(), false, () -> false);
        for (String name : List.of(
                "config.yaml", "progress.png", "checkpoint_latest.safetensors", "checkpoint_best.safetensors")) {
            assertThat(folder.resolve("run").resolve(name)).isNotEmptyFile();
        }
        assertThat(json("run/run.json").path("state").asString()).isEqualTo("finished");
        assertThat(json("run/run.json").path("transferred").path("sentence").asString())
                .startsWith("loaded 20 of ");
        assertThat(json("run/run.json").path("weights").asString()).isEqualTo("digest");
        JsonNode line = JsonMapper.shared()
                .readTree(
                        Files.readAllLines(folder.resolve("run/metrics.jsonl")).get(5));
        for (String key : List.of("step", "loss", "dice", "crossEntropy", "lr", "gradientNorm", "cropsPerSecond")) {
            assertThat(line.path(key).isNumber()).as(key).isTrue();
        }
        assertThat(line.path("loss").asDouble())
                .isEqualTo(
                        line.path("dice").asDouble()
                                + 0.5 * line.path("crossEntropy").asDouble(),
                        within());
        assertThat(line.path("validation").propertyNames())
                .containsExactly("dice", "dice.ball", "dice.box", "nativeDice");
        JsonNode summary = json("run/summary.json");
        assertThat(summary.path("mean").propertyNames()).containsExactly("dice", "nsd", "hd95");
        assertThat(summary.path("classes").propertyNames()).containsExactly("ball", "box");
        assertThat(summary.path("cases").propertyNames()).containsExactly("3", "4");
        assertThat(summary.path("native").path("mean")).isEqualTo(summary.path("mean")); // one grid
        assertThat(folder.resolve("run/report.html"))
                .content()
                .contains("How well does it segment?", "ball", "box", "The worst, the median and the best scan")
                .doesNotContain(">NaN", " NaN");
        for (String name : List.of("worst.png", "best.png", "model_best.safetensors")) {
            assertThat(folder.resolve("run").resolve(name)).isNotEmptyFile();
        }
        Map<String, String> about =
                Safetensors.read(folder.resolve("run/model.safetensors")).metadata();
        assertThat(about)
                .containsEntry("voco4j.classes", "[\"ball\",\"box\"]")
                .containsEntry("voco4j.patch", "8x8x8")
                .containsEntry("voco4j.blend", "gaussian")
                .containsEntry("voco4j.pretrained", "digest");
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-6);
    }

    @Test
    void aRunIsNotContinuedAsAnother() throws IOException, InterruptedException {
        run("run", false, after(4));
        assertThatThrownBy(() -> run("run", false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> run("run", true, () -> false, "labels={ball: 1}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("labels was {} and is now {\"ball\":[1]}");
        assertThatThrownBy(() -> run("run", Balls.scans(3, 2), weights(), true, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("began with other weights (none, now digest)");
        assertThatThrownBy(() -> run("run", Balls.scans(2, 2), null, true, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the data changed");
        assertThat(run("run", true, () -> false, "log.every=3", "validation.every=5", "steps=5")
                        .steps())
                .isEqualTo(5);
        assertThatThrownBy(() -> run("run", true, () -> false, "steps=4"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the run stands after step 5, and its recipe has 4 steps now");
        assertThat(folder.resolve("run/config.yaml")).content().contains("steps: 5");
    }

    @Test
    void withoutUnseenScansItMustBeSaidOnWhichToValidate() throws IOException, InterruptedException {
        LabelledScans one = Balls.scans(1, 0);
        assertThatThrownBy(() -> run("run", one, null, false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("validation.scans=training");
        assertThat(folder.resolve("run/config.yaml")).doesNotExist();
        Finetune.Outcome<GridScores> fit = run("run", one, null, false, () -> false, "validation.scans=training");
        assertThat(fit.report()).isNotNull();
        if (fit.report() != null) {
            assertThat(fit.report().model().cases())
                    .extracting(SegmentationScores.Case::scan)
                    .containsExactly("0");
        }
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndSaysWhere() throws IOException {
        assertThatThrownBy(() -> run("run", false, () -> false, "optim.lr=1e30", "optim.warmup=0"))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("at step")
                .hasMessageContaining("optim.lr");
        assertThat(json("run/run.json").path("state").asString()).isEqualTo("failed");
    }

    @Test
    void nativeMemoryAfterFiftyStepsIsThatAfterFive() throws IOException, InterruptedException {
        List<Long> objects = new ArrayList<>();
        BooleanSupplier watch = () -> {
            objects.add(Engine.nativeObjects());
            return false;
        };
        Tensors.collectGarbage();
        run("run", false, watch, "steps=51", "validation.every=1000", "checkpoint.every=1000");
        assertThat(objects.get(49)).isEqualTo(objects.get(4));
    }

    @Test
    void regionsThatOverlapAreFittedAndVoxelsToIgnoreAreNot() throws IOException, InterruptedException {
        Finetune.Outcome<GridScores> fit = run(
                "run",
                Balls.regions(1, 0),
                null,
                false,
                () -> false,
                "validation.scans=training",
                "patch.size=[16, 16, 16]",
                "optim.warmup=5",
                "validation.every=1000",
                "loss.crossEntropy=1",
                "model.norm=instance",
                "steps=80");
        GridScores report = Objects.requireNonNull(fit.report());
        assertThat(report.model().classes()).containsExactly("things", "box");
        assertThat(report.model().mean(1, ClassScore::dice).mean()).isGreaterThan(0.9);
        assertThat(report.model().mean(2, ClassScore::dice).mean()).isGreaterThan(0.9);
        assertThat(report.own()).isEqualTo(report.model()); // one grid
        assertThat(Safetensors.read(folder.resolve("run/model.safetensors")).metadata())
                .containsEntry("voco4j.classes", "[\"things\",\"box\"]")
                .containsEntry("voco4j.regions", "{\"things\":[1,2],\"box\":[2]}")
                .containsEntry("voco4j.regionsOrder", "[1,2]");
        assertThat(folder.resolve("run/worst.png")).isNotEmptyFile();
    }

    @Test
    void aScanIsFitted() throws IOException, InterruptedException {
        Finetune.Outcome<GridScores> fit = run(
                "run",
                Balls.scans(1, 0),
                null,
                false,
                () -> false,
                "validation.scans=training",
                "patch.size=[16, 16, 16]",
                "optim.warmup=5",
                "validation.every=1000",
                "loss.crossEntropy=1",
                "model.norm=instance",
                "steps=80");
        assertThat(fit.report()).isNotNull();
        if (fit.report() != null) {
            assertThat(fit.report().model().mean(1, ClassScore::dice).mean()).isGreaterThan(0.9);
            assertThat(fit.report().model().mean(2, ClassScore::dice).mean()).isGreaterThan(0.9);
        }
    }
}
