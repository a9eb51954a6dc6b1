package org.voco4j.program.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.OneThread;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Damage;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OneThread.class)
class ClassificationTrainingTest {
    private static final List<String> SMALL = List.of(
            "data.size=[20, 18, 16]",
            "data.window=[0, 1]",
            "input.size=[16, 16, 16]",
            "input.jitter=[2, 1, 0]",
            "model.channels=[4, 8, 8]",
            "batch.scans=3",
            "checkpoint.every=4",
            "validation.every=6",
            "optim.warmup=2",
            "steps=12");

    private static final Map<Backbone.Name, String> SETTINGS = Map.of(
            Backbone.Name.SWIN_UNETR, "input.size=[33, 34, 17]; model.featureSize=3; batch.scans=1",
            Backbone.Name.UNETR, "model.featureSize=2; model.hiddenSize=12; model.heads=2; input.size=[32, 16, 16]",
            Backbone.Name.UNET_3D, "model.featureSize=2",
            Backbone.Name.RESNET, "input.size=[17, 17, 17]; model.channels=[4, 4, 8, 8]; model.depth=10",
            Backbone.Name.MEDICALNET, "input.size=[33, 33, 33]; model.channels=[4, 4, 8, 8]; model.depth=10",
            Backbone.Name.DENSENET, "input.size=[61, 61, 61]; model.featureSize=2; batch.scans=1");

    @TempDir
    private Path folder = Path.of("");

    private static RecipeTree tree(String... settings) {
        List<String> all = new ArrayList<>(SMALL);
        all.addAll(List.of(settings));
        return RecipeTree.load("classify", null, all);
    }

    private Finetune.Outcome<ClassificationScores> run(
            String name,
            ClassifiedScans scans,
            @Nullable PretrainedWeights weights,
            boolean resume,
            BooleanSupplier stop,
            String... settings)
            throws IOException, InterruptedException {
        RecipeTree tree = tree(settings);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume);
                ClassificationTraining training =
                        new ClassificationTraining(tree.bind(ClassifyRecipe.class), scans, weights, Device.CPU)) {
            return Finetune.run(training, weights, run, new PretrainFixture.Ears(), stop);
        }
    }

    private Finetune.Outcome<ClassificationScores> run(
            String name, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        return run(name, ClassifiedBalls.oneClass(7, 4), null, resume, stop, settings);
    }

    private static ClassificationScores report(Finetune.Outcome<ClassificationScores> outcome) {
        return Objects.requireNonNull(outcome.report());
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(name)));
    }

    private void assertSameEnd(String one, String other) throws IOException {
        for (String file : List.of("model.safetensors", "summary.json", "checkpoint_best.safetensors")) {
            assertThat(folder.resolve(one).resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(folder.resolve(other).resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6}) // interrupted with the encoder frozen, and taken up again beyond
    void takenUpAgainEqualsUninterruptedBitForBitWithAnyNumberOfWorkers(int frozen)
            throws IOException, InterruptedException {
        String set = "transfer.frozenSteps=" + frozen;
        Finetune.Outcome<ClassificationScores> whole = run("whole", false, () -> false, set);
        assertThat(whole.state()).isEqualTo(RunState.FINISHED);
        run("parts", false, PretrainFixture.after(5), set, "loader.workers=4");
        assertThat(folder.resolve("parts/model.safetensors")).doesNotExist();
        run("parts", true, PretrainFixture.after(2), set, "loader.workers=0");
        run("parts", true, () -> false, set, "loader.workers=2", "loader.prefetch=1");
        assertSameEnd("parts", "whole");
        assertThat(Files.readAllLines(folder.resolve("parts/metrics.jsonl"))).hasSize(12);
    }

    @Test
    void aDamagedLatestCheckpointCostsStepsAndNothingElse() throws IOException, InterruptedException {
        run("whole", false, () -> false);
        run("parts", false, PretrainFixture.after(9));
        Damage.FLIPPED.to(folder.resolve("parts/checkpoint_latest.safetensors"));
        run("parts", true, () -> false);
        assertSameEnd("parts", "whole");
    }

    @Test
    void aFrozenEncoderStaysAsItIsAndTheRestMoves() {
        ClassifyRecipe recipe = tree("transfer.frozenSteps=-1").bind(ClassifyRecipe.class);
        try (ClassificationTraining training =
                new ClassificationTraining(recipe, ClassifiedBalls.oneClass(4, 2), null, Device.CPU)) {
            Map<String, float[]> before = new LinkedHashMap<>();
            training.network().weights().forEach((name, weight) -> before.put(name, weight.toFloats()));
            training.step();
            training.step();
            training.network().weights().forEach((name, weight) -> {
                boolean same = Arrays.equals(weight.toFloats(), before.get(name));
                assertThat(same).as(name).isEqualTo(!name.startsWith("head."));
            });
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void brightBallsAreToldFromDarkOnes() throws IOException, InterruptedException {
        Finetune.Outcome<ClassificationScores> outcome = run(
                "run",
                ClassifiedBalls.oneClass(12, 8),
                null,
                false,
                () -> false,
                "steps=60",
                "validation.every=30",
                "optim.lr=0.01",
                "augment.scale=0.02",
                "augment.shift=0.02");
        assertThat(report(outcome).numbers()).containsEntry("accuracy", 1.0).containsEntry("auc", 1.0);
        JsonNode summary = json("run/summary.json");
        assertThat(summary.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(summary.path("auc").propertyNames()).containsExactly("macro", "dark", "bright");
        assertThat(summary.path("confusion").toString()).isEqualTo("[[4,0],[0,4]]");
        assertThat(summary.path("cases").path("13").path("truth").toString()).isEqualTo("[\"bright\"]");
    }

    @Test
    void labelsOfWhichAScanHasAnyNumberAreLearned() throws IOException, InterruptedException {
        Finetune.Outcome<ClassificationScores> outcome = run(
                "run",
                ClassifiedBalls.labels(16, 8),
                null,
                false,
                () -> false,
                "steps=60",
                "validation.every=30",
                "optim.lr=0.01",
                "augment.scale=0.02",
                "augment.shift=0.02");
        assertThat(report(outcome).numbers().keySet()).containsExactly("loss", "auc", "auc.bright", "auc.large");
        assertThat(report(outcome).score()).isGreaterThan(0.95);
        assertThat(json("run/summary.json").has("accuracy")).isFalse();
    }

    @Test
    void aRunLeavesWhatAPersonCanRead() throws IOException, InterruptedException {
        run("run", false, () -> false);
        for (String name : List.of(
                "config.yaml", "progress.png", "checkpoint_latest.safetensors", "checkpoint_best.safetensors")) {
            assertThat(folder.resolve("run").resolve(name)).isNotEmptyFile();
        }
        assertThat(json("run/run.json").path("state").asString()).isEqualTo("finished");
        JsonNode line = JsonMapper.shared()
                .readTree(
                        Files.readAllLines(folder.resolve("run/metrics.jsonl")).get(5));
        for (String key : List.of("step", "loss", "lr", "gradientNorm", "cropsPerSecond")) {
            assertThat(line.path(key).isNumber()).as(key).isTrue();
        }
        assertThat(line.path("validation").propertyNames())
                .containsExactly("loss", "accuracy", "auc", "auc.dark", "auc.bright");
        assertThat(Safetensors.read(folder.resolve("run/model.safetensors")).metadata())
                .containsEntry("voco4j.kind", "classification")
                .containsEntry("voco4j.classes", "[\"dark\",\"bright\"]")
                .containsEntry("voco4j.exclusive", "true")
                .containsEntry("voco4j.input", "16x16x16");
    }

    @ParameterizedTest
    @EnumSource(Backbone.Name.class)
    void everyEncoderClassifiesTakesItsWeightsOverAndIsReadBack(Backbone.Name encoder)
            throws IOException, InterruptedException {
        List<String> settings = new ArrayList<>(List.of("model.encoder=" + encoder, "steps=2", "validation.every=2"));
        settings.addAll(List.of(SETTINGS.getOrDefault(encoder, "").split("; ")));
        settings.removeIf(String::isEmpty);
        settings.add("input.jitter=[0, 0, 0]");
        String[] all = settings.toArray(String[]::new);
        ClassifyRecipe recipe = tree(all).bind(ClassifyRecipe.class);
        Map<String, Tensor> pretrained = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            recipe.network(1, 2).encoder().stateDict().forEach((name, tensor) -> pretrained.put(name, tensor.copy()));
            pretrained.put("proj_head.0.weight", Tensor.zeros(DType.F32, 4, 20));
            PretrainedWeights weights =
                    new PretrainedWeights(pretrained, recipe.model().facts(), "digest");
            Finetune.Outcome<ClassificationScores> outcome =
                    run("run", ClassifiedBalls.oneClass(3, 1), weights, false, () -> false, all);
            LoadReport taken = Objects.requireNonNull(outcome.transferred());
            assertThat(taken.loaded().size() + taken.passedOver().size()).isEqualTo(pretrained.size() - 1);
            try (Classifier classifier = Classifier.load(folder.resolve("run"))) {
                ClassificationScores.Case first = report(outcome).cases().get(0);
                Volume scan = ClassifiedBalls.scan(Integer.parseInt(first.scan()));
                double[] probabilities = classifier.probabilities(Channels.of(scan));
                assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-6));
                assertThat(probabilities[0]).isCloseTo(first.probabilities().get(0), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.size=null; input.size=null | input.size or data.size must say how many voxels",
                "input.jitter=[1, 2] | input.jitter must be three numbers of voxels",
                "batch.scans=0 | batch.scans must be at least 1, not 0",
                "transfer.levels=[1] | transfer.levels must be null",
                "classes=[a, a] | classes must be different names",
                "validation.every=0 | validation.every must be at least 1 step",
                "model.encoder=swin-unetr; input.size=[32, 32, 16] | are too small for model.encoder swin-unetr",
            })
    void whatCannotBeIsSaidInWords(String settings, String words) {
        assertThatThrownBy(() -> run("run", false, () -> false, settings.split("; ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void withoutUnseenScansItMustBeSaidOnWhichToValidate() throws IOException, InterruptedException {
        ClassifiedScans all = ClassifiedBalls.oneClass(4, 0);
        assertThatThrownBy(() -> run("run", all, null, false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("validation.scans=training");
        assertThat(report(run("run", all, null, false, () -> false, "validation.scans=training"))
                        .cases())
                .hasSize(4);
    }

    @Test
    void nativeMemoryAfterFiftyStepsIsThatAfterFive() throws IOException, InterruptedException {
        List<Long> objects = new ArrayList<>();
        BooleanSupplier watch = () -> {
            objects.add(Engine.nativeObjects());
            return false;
        };
        run("run", false, watch, "steps=51", "validation.every=1000", "checkpoint.every=1000");
        assertThat(objects.get(49)).isEqualTo(objects.get(4));
    }
}
