package org.voco4j.program.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Damage;
import org.voco4j.run.RunState;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PretrainTest extends PretrainFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pretext.variant=paper",
                "pretext.variant=official",
                "pretext.variant=tpami; batch.volumes=2; pretext.window=whole; pretext.featureDropout=features",
                "batch.chunk=5",
                "optim.name=sgd; optim.nesterov=true",
                "precision=bf16",
                "model={encoder: swin-unetr, featureSize: 3}; crop.size=33; pretext.grid=[2, 1, 1];"
                        + " batch.randomCrops=1; batch.chunk=2; precision=bf16; steps=4"
            })
    void takenUpAgainEqualsUninterruptedBitForBitWithAnyNumberOfWorkers(String settings)
            throws IOException, InterruptedException {
        String[] set = settings.split("; ");
        boolean large = settings.contains("swin-unetr"); // whose steps take a second each
        patients = large ? 1 : 3;
        int first = large ? 1 : 5;
        Pretrain.Outcome whole = run("whole", false, () -> false, with(set, "loader.workers=1"));
        assertThat(whole.state()).isEqualTo(RunState.FINISHED);
        assertThat(whole.gate() == null).isEqualTo(large);

        run("parts", false, after(first), with(set, "loader.workers=4"));
        assertThat(folder.resolve("parts/model.safetensors")).doesNotExist();
        run("parts", true, after(2), with(set, "loader.workers=0"));
        Pretrain.Outcome last = run("parts", true, () -> false, with(set, "loader.workers=2", "loader.prefetch=1"));
        assertThat(last.state()).isEqualTo(RunState.FINISHED);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(steps("parts"))
                .isEqualTo(IntStream.rangeClosed(1, large ? 4 : 12).boxed().toList());
        JsonNode record = JsonMapper.shared().readTree(Files.readString(folder.resolve("parts/run.json")));
        assertThat(record.path("resumes").valueStream().map(r -> r.path("step").asInt()))
                .containsExactly(first, first + 2);
        assertThat(record.path("state").asString()).isEqualTo("finished");
    }

    @Test
    void windowsOfLargerScansAreTakenUpAgainBitForBit() throws IOException, InterruptedException {
        patients = 1; // without looks, which take scans of data.size
        String[] set = {
            "pretext.window=random", "data.size=[24, 16, 16]", "pretext.grid=[3, 2, 1]", "pretext.featureDropout=rows"
        };
        run("whole", false, () -> false, set);
        run("parts", false, after(5), set);
        run("parts", true, () -> false, set);
        assertThat(model("parts")).isEqualTo(model("whole"));
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void convolutionsThatAreNotComputedIn16BitsAreSaidAndNoted() throws IOException, InterruptedException {
        String[] swin = {
            "model={encoder: swin-unetr, featureSize: 3}", "crop.size=33", "pretext.grid=[2, 1, 1]", "steps=1"
        };
        patients = 1;
        run("whole", false, () -> false, with(swin, "precision=fp32"));
        assertThat(record("whole").has("convolutionsIn32Bits")).isFalse();

        run("half", false, () -> false, with(swin, "precision=bf16"));
        String shortest = "48 to 48 channels, kernel 3, stride 1, map 2x2x2";
        assertThat(record("half").path("convolutionsIn32Bits").valueStream().map(JsonNode::asString))
                .anyMatch(name -> name.startsWith(shortest)) // perhaps with the channels side by side
                .noneMatch(name -> name.startsWith("3 to 3 channels, kernel 3, stride 1, map 17x17x17"));
        assertThat(ears.said)
                .filteredOn(line -> line.contains("convolutions are computed in 32 bits"))
                .singleElement()
                .asString()
                .contains(shortest);
    }

    private JsonNode record(String run) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(run + "/run.json")));
    }

    @Test
    void aRunGoesOnWithTheChunkThatItBeganWith() throws IOException, InterruptedException {
        run("whole", false, () -> false);
        run("parts", false, after(5));
        Path record = folder.resolve("parts/run.json");
        JsonNode memory = JsonMapper.shared().readTree(Files.readString(record)).path("memory");
        assertThat(memory.path("chunk").asInt())
                .isEqualTo(19)
                .isEqualTo(memory.path("crops").asInt());
        assertThat(memory.path("predictedPeakBytes").asLong()).isPositive();
        assertThat(memory.path("peakBytes").asLong()).isPositive();
        Files.writeString(record, Files.readString(record).replace("\"chunk\" : 19", "\"chunk\" : 4"));
        run("parts", true, () -> false);
        assertThat(JsonMapper.shared()
                        .readTree(Files.readString(record))
                        .path("memory")
                        .path("chunk")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void aRunThatDiedGoesOnFromItsLastCheckpoint() throws IOException, InterruptedException {
        run("whole", false, () -> false);
        run("died", false, after(6));
        // Died at once after step 6, two steps behind the last regular checkpoint: the files are as at step 4, the
        // metrics two whole lines and one torn line ahead.
        run("four", false, after(4));
        Path died = folder.resolve("died");
        Files.copy(
                folder.resolve("four/checkpoint_latest.safetensors"),
                died.resolve("checkpoint_latest.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(died.resolve("metrics.jsonl"), "{\"step\":7,\"lo", java.nio.file.StandardOpenOption.APPEND);
        run("died", true, () -> false);
        assertThat(model("died")).isEqualTo(model("whole"));
        assertThat(steps("died")).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void aDamagedLatestCheckpointCostsStepsAndNothingElse() throws IOException, InterruptedException {
        run("whole", false, () -> false);
        run("parts", false, after(5));
        Damage.TRUNCATED.to(folder.resolve("parts/checkpoint_latest.safetensors"));
        run("parts", true, after(1)); // the one step that was lost, and saved: the damaged file is replaced
        run("parts", true, after(2));
        Damage.FLIPPED.to(folder.resolve("parts/checkpoint_latest.safetensors"));
        run("parts", true, () -> false);
        assertThat(ears.warnings)
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning)
                        .contains(
                                "checkpoint_latest.safetensors is not",
                                "expected",
                                "found",
                                "checkpoint_previous.safetensors"));
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(steps("parts")).isEqualTo(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        JsonNode record = JsonMapper.shared().readTree(Files.readString(folder.resolve("parts/run.json")));
        assertThat(record.path("resumes").valueStream().map(r -> r.path("step").asInt()))
                .containsExactly(4, 5, 5);
    }

    @Test
    void withoutAWholeCheckpointNothingIsTouched() throws IOException, InterruptedException {
        run("run", false, after(5));
        Damage.FLIPPED.to(folder.resolve("run/checkpoint_latest.safetensors"));
        Damage.TRUNCATED.to(folder.resolve("run/checkpoint_previous.safetensors"));
        Map<String, byte[]> before = files(folder.resolve("run"));
        assertThatThrownBy(() -> run("run", true, () -> false, "log.every=3"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("checkpoint_latest.safetensors", "checksum", "expected")
                .hasMessageContainingAll("checkpoint_previous.safetensors", "bytes of tensors, found");
        assertThat(files(folder.resolve("run"))).containsExactlyInAnyOrderEntriesOf(before);
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (var paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    @Test
    void aRunLeavesWhatAPersonCanRead() throws IOException, InterruptedException {
        run("run", false, () -> false);
        Path run = folder.resolve("run");
        for (String name : List.of(
                "config.yaml",
                "run.json",
                "metrics.jsonl",
                "progress.png",
                "checkpoint_latest.safetensors",
                "checkpoint_best.safetensors",
                "model.safetensors")) {
            assertThat(run.resolve(name)).isNotEmptyFile();
        }
        try (var files = Files.list(run)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("events.out.tfevents")))
                    .hasSize(1);
        }
        JsonNode line = metrics("run").get(5);
        for (String key : List.of(
                "step",
                "loss",
                "prediction",
                "regularization",
                "deadPositives",
                "lr",
                "gradientNorm",
                "seconds",
                "cropsPerSecond",
                "rss")) {
            assertThat(line.path(key).isNumber()).as(key).isTrue();
        }
        assertThat(line.path("gate").path("pixels").isNumber()).isTrue();
        Map<String, String> about =
                Safetensors.read(run.resolve("model.safetensors")).metadata();
        assertThat(about).containsEntry("voco4j.method", "voco/paper").containsKey("voco4j.window");
        RecipeTree tree =
                RecipeTree.load("pretrain", null, SMALL).with(List.of("gate.every=100", "checkpoint.every=50"));
        assertThat(PretrainedModel.read(run).recipe())
                .as("all but how often")
                .isEqualTo(tree.bind(PretrainRecipe.class));
    }

    @Test
    void aRunIsNotContinuedAsAnother() throws IOException, InterruptedException {
        run("run", false, after(4));
        assertThatThrownBy(() -> run("run", false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> run("run", true, () -> false, "optim.lr=1e-4"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("optim.lr was");
        assertThat(run("run", true, () -> false, "log.every=3", "steps=5").steps())
                .isEqualTo(5);
        assertThatThrownBy(() -> run("run", true, () -> false, "steps=4"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the run stands after step 5, and its recipe has 4 steps now");
        assertThat(folder.resolve("run/config.yaml")).content().contains("steps: 5");
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndSaysWhere() {
        assertThatThrownBy(() -> run("run", false, () -> false, "optim.lr=1e30", "optim.warmup=0"))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("at step")
                .hasMessageContaining("optim.lr");
        assertThat(folder.resolve("run/run.json")).content().contains("\"failed\"");
    }

    private static void settle() {
        try {
            Tensors.collectGarbage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nativeMemoryAfterFiftyStepsIsThatAfterFive() throws IOException, InterruptedException {
        List<Long> bytes = new ArrayList<>();
        List<Long> objects = new ArrayList<>();
        BooleanSupplier watch = () -> {
            if (bytes.size() == 4 || bytes.size() == 49) {
                settle(); // else Java frees what earlier tests and the beginning left whenever it likes
            }
            bytes.add(Engine.nativeBytes());
            objects.add(Engine.nativeObjects());
            return false;
        };
        run("run", false, watch, "steps=51", "gate.every=1000", "checkpoint.every=1000");
        assertThat(bytes.get(49)).isEqualTo(bytes.get(4));
        assertThat(objects.get(49)).isEqualTo(objects.get(4));
    }

    @Test
    void aProjectorWithoutNormIsCaughtAsCollapsed() throws IOException, InterruptedException {
        Pretrain.Outcome outcome = run("run", false, () -> false, "model.projector.norm=none", "gate.minimumSteps=10");
        assertThat(outcome.didNotLearn(10)).isTrue();
        assertThat(outcome.gate()).isNotNull();
        if (outcome.gate() != null) {
            assertThat(outcome.gate().verdict()).isEqualTo(org.voco4j.pretext.Verdict.COLLAPSED);
            assertThat(outcome.gate().causes().get(0)).contains("projector has no normalisation");
        }
    }
}
