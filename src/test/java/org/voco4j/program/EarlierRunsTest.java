package org.voco4j.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.OneThread;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.GridScores;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.locate.Locate;
import org.voco4j.program.predict.Predict;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Formats;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an earlier build left, before packages and keys moved, is taken up by this one: configurations and recipes, stopped runs,
 * weights, models. How it was made stands in {@code src/test/resources/before/README.md}.
 *
 * <p>Expected is what that build computed. On the processor that it ran on losses, logits and label maps are the same bits; other
 * processors add in another order, so losses and logits may differ by {@link #RELATIVE}. With the vector instructions restricted to
 * AVX2 or SSE4.1 losses differed by 2.2e-6 of their size at most, logits by 6.4e-6, and no voxel. Norms of gradients are not
 * compared: where a rounding error turned a unit off, one differed by 7e-4.
 */
@ExtendWith(OneThread.class)
class EarlierRunsTest {
    private static final Path BEFORE = Path.of("src/test/resources/before");
    private static final double RELATIVE = 1e-4;

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();

    /** Runs write into their folders, so a copy is taken up. */
    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.walk(BEFORE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(BEFORE.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private RecipeTree tree(String kind, String file) {
        return RecipeTree.load(kind, folder.resolve(file).toString(), List.of());
    }

    private List<JsonNode> metrics(String run) throws IOException {
        return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private void equal(String run, String expected, int steps) throws IOException {
        List<JsonNode> lines = metrics(run);
        List<JsonNode> before = metrics(expected);
        assertThat(lines).hasSize(steps);
        for (int i = 0; i < steps; i++) {
            for (String name : List.of("step", "loss", "lr")) {
                double value = before.get(i).path(name).asDouble(Double.NaN);
                assertThat(lines.get(i).path(name).asDouble(Double.NaN))
                        .as("%s after step %d", name, i + 1)
                        .isCloseTo(value, within(RELATIVE * Math.abs(value)));
            }
        }
    }

    @Test
    void recipesAndConfigurationsMeanTheSame() {
        RecipeTree today = RecipeTree.load(
                "pretrain",
                null,
                List.of(
                        "data.size=[32, 32, 16]",
                        "data.window=[0, 1]",
                        "data.heldOut=0.4",
                        "pretext.variant=official",
                        "pretext.lambda=0.5",
                        "pretext.randomCrops=5",
                        "pretext.augment={flip: 0.5, rot90: 0.25, shiftProbability: 0.5, shift: 0.05, bases: false}",
                        "pretext.projector={hidden: 16, out: 12, norm: hidden}",
                        "pretext.export=teacher",
                        "crop.size=8",
                        "model.channels=[4, 8]",
                        "optim.warmup=4",
                        "steps=16",
                        "checkpoint.every=4",
                        "gate.every=4"));
        assertThat(List.of("pretrain.yaml", "pretrained/config.yaml", "pretraining/config.yaml"))
                .allSatisfy(file -> assertThat(tree("pretrain", file).toYaml()).isEqualTo(today.toYaml()));
        assertThat(tree("finetune", "tuning/config.yaml").toYaml())
                .isEqualTo(tree("finetune", "finetune.yaml").toYaml());
    }

    @Test
    void aStoppedPretrainingGoesOnAsItWouldHave() throws IOException, InterruptedException {
        RecipeTree tree = tree("pretrain", "pretraining/config.yaml");
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve("pretraining"), tree, true)) {
            Pretrain.Outcome outcome = Pretrain.run(
                    recipe,
                    UnlabelledFiles.open(List.of(folder.resolve("scans")), null, recipe, null, ears),
                    null,
                    Resources.of(Device.CPU),
                    run,
                    ears,
                    () -> false);
            assertThat(outcome.state()).isEqualTo(RunState.FINISHED);
        }
        assertThat(ears.said("Continuing")).containsExactly("Continuing after step 5 of 16.");
        equal("pretraining", "pretrained", 16);
        assertThat(Safetensors.read(folder.resolve("pretraining/model.safetensors"))
                        .tensors()
                        .keySet())
                .isEqualTo(Safetensors.read(folder.resolve("pretrained/model.safetensors"))
                        .tensors()
                        .keySet());
    }

    @Test
    void whatWasLearnedLocatesTheSame() throws IOException {
        double[][] predicted = Locate.run(
                        PretrainedModel.read(folder.resolve("pretrained")),
                        folder.resolve("scans/torso_0004.nii.gz"),
                        folder.resolve("scans/torso_0005.nii.gz"),
                        null,
                        Device.CPU)
                .prediction()
                .predicted();
        JsonNode before = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("pretrained/located.json")))
                .path("predicted");
        assertThat(predicted).hasNumberOfRows(before.size());
        for (int crop = 0; crop < predicted.length; crop++) {
            for (int base = 0; base < predicted[crop].length; base++) {
                assertThat(predicted[crop][base])
                        .isCloseTo(before.path(crop).path(base).asDouble(), within(RELATIVE)); // of logits up to 1
            }
        }
    }

    private Finetune.Outcome<GridScores> tune(String name, boolean resume, BooleanSupplier stop)
            throws IOException, InterruptedException {
        RecipeTree tree = tree("finetune", "finetune.yaml");
        FinetuneRecipe recipe = tree.bind(FinetuneRecipe.class);
        PretrainedWeights weights = PretrainedWeights.read(folder.resolve("pretrained"));
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume)) {
            LabelledScans scans =
                    LabelledFiles.open(List.of(folder.resolve("two-labels.json")), null, recipe, weights, null, ears);
            return Finetune.run(recipe, scans, weights, Device.CPU, run, ears, stop);
        }
    }

    @Test
    void whatWasLearnedIsFineTunedAsItWas() throws IOException, InterruptedException {
        Finetune.Outcome<GridScores> outcome = tune("fresh", false, PretrainFixture.after(20));
        assertThat(Objects.requireNonNull(outcome.transferred()).sentence())
                .startsWith("loaded 12 of 20: 8 left out (upcat_1.…, final_conv.…: not in file);"); // the whole encoder
        assertThat(ears.warnings)
                .anySatisfy(warning ->
                        assertThat(warning).contains("were trained on").endsWith("scans/torso_0003."));
        equal("fresh", "tuned", 20);
    }

    @Test
    void aStoppedFineTuningGoesOnAsItWouldHave() throws IOException, InterruptedException {
        tune("tuning", true, PretrainFixture.after(20));
        assertThat(ears.said("Continuing")).containsExactly("Continuing after step 12 of 200.");
        equal("tuning", "tuned", 32);
    }

    @Test
    void aModelSegmentsAsItDid() throws IOException {
        Path scan = folder.resolve("scans/torso_0004.nii.gz");
        byte[] labels;
        try (Segmenter segmenter = Segmenter.load(folder.resolve("tuned"))) {
            labels = segmenter.segment(Formats.any().read(scan)).classes();
        }
        byte[] before = LabelMap.of(Formats.any().read(folder.resolve("predicted/torso_0004.nii.gz")))
                .classes();
        assertThat(labels).hasSameSizeAs(before);
        assertThat(IntStream.range(0, before.length)
                        .map(i -> before[i])
                        .distinct()
                        .count())
                .isGreaterThan(4);
        assertThat(IntStream.range(0, before.length)
                        .filter(i -> labels[i] != before[i])
                        .count())
                .isLessThanOrEqualTo(5); // of 9408 voxels, where two classes are as good as equal
    }

    @Test
    void resultsThatAreThereAreRecognised() throws IOException {
        try (Segmenter segmenter = Predict.load(List.of(folder.resolve("tuned")), null, Device.CPU)) {
            Predict.Outcome outcome = Predict.run(
                    segmenter,
                    new Predict.Task(
                            List.of(folder.resolve("scans/torso_0004.nii.gz")),
                            folder.resolve("predicted"),
                            "nii.gz",
                            null,
                            SegmenterOptions.DEFAULT),
                    ears);
            assertThat(outcome.kept()).isEqualTo(1);
        }
    }

    @Test
    void aModelClassifiesAsItDid() throws IOException {
        String[] before = Files.readAllLines(folder.resolve("classified/predicted.csv"))
                .get(1)
                .split(",");
        try (Classifier classifier = Classifier.load(folder.resolve("classified"))) {
            double[] now = classifier.probabilities(
                    Channels.of(Formats.any().read(folder.resolve("scans/torso_0004.nii.gz"))));
            assertThat(now).hasSize(2);
            assertThat(now[0]).isCloseTo(Double.parseDouble(before[2]), within(RELATIVE));
            assertThat(now[1]).isCloseTo(Double.parseDouble(before[3]), within(RELATIVE));
        }
    }
}
