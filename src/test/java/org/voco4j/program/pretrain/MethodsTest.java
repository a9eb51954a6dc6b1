package org.voco4j.program.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.catalogue.Methods;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.WeightTransfer;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import tools.jackson.databind.JsonNode;

/** Every method of the catalogue pre-trains, is taken up again bit for bit, and hands its encoder on. */
class MethodsTest extends PretrainFixture {
    private static final List<String> SIZES = List.of(
            "data.size=[32, 32, 16]",
            "crop.size=8",
            "model.channels=[4, 8]",
            "batch.volumes=2",
            "checkpoint.every=1",
            "gate.every=2",
            "steps=3");

    private static final Set<String> RESTORING =
            Set.of("mae3d", "mae-cnn", "models-genesis", "rubikpp", "simmim", "swin-unetr-ssl", "transvw");

    private static final List<String> UNETR = List.of(
            "model.encoder=unetr",
            "model.featureSize=2",
            "model.hiddenSize=12",
            "model.heads=2",
            "model.patch=[4, 4, 4]",
            "model.blocks=2");

    /** The model of methods that need another one. */
    private static final Map<String, List<String>> MODELS = Map.of("mae3d", UNETR);

    private static List<String> settings(String method, String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.addAll(MODELS.getOrDefault(method, List.of()));
        return settings;
    }

    static Stream<String> methods() {
        return Methods.all().stream().map(PretextMethod::name);
    }

    private Pretrain.Outcome run(String method, String name, boolean resume, BooleanSupplier stop)
            throws IOException, InterruptedException {
        return run(method, List.of(), name, resume, stop);
    }

    private Pretrain.Outcome run(String method, List<String> more, String name, boolean resume, BooleanSupplier stop)
            throws IOException, InterruptedException {
        RecipeTree tree = RecipeTree.load("pretrain", null, SIZES)
                .with(settings(method, "pretext.task=" + method))
                .with(more);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume)) {
            return Pretrain.run(
                    tree.bind(PretrainRecipe.class), scans(), null, Resources.of(Device.CPU), run, ears, stop);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMethodRunsResumesAndHandsItsEncoderOn(String method) throws IOException, InterruptedException {
        Pretrain.Outcome whole = run(method, "whole", false, () -> false);
        assertThat(whole.steps()).isEqualTo(3);
        run(method, "parts", false, after(1));
        run(method, "parts", true, () -> false);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(metrics("whole"))
                .allMatch(line -> Double.isFinite(line.path("loss").asDouble(Double.NaN)));
        assertThat(Objects.requireNonNull(whole.gate()).numbers()).containsKeys("crossScan", "untrained", "positionR2");
        PretrainedWeights weights = PretrainedWeights.read(folder.resolve("whole"));
        assertThat(weights.method()).startsWith(method);
        assertThat(Files.exists(folder.resolve("whole/restored.png"))).isEqualTo(RESTORING.contains(method));
        FinetuneRecipe tuning = RecipeTree.load(
                        "finetune", null, settings(method, "model.channels=[4, 8]", "patch.size=[16, 16, 16]"))
                .bind(FinetuneRecipe.class);
        try (Scope scope = Scope.open()) {
            SegmentationNetwork network = tuning.network(1, 3);
            LoadReport report = Objects.requireNonNull(
                    new WeightTransfer(tuning.model(), tuning.transfer(), 1).into(network, network.encoder(), weights));
            List<String> handedOn = network.encoder().weights().keySet().stream()
                    .filter(name -> !MODELS.containsKey(method)
                            || (name.startsWith("vit.")
                                    && !name.startsWith("vit.norm."))) // the rest it leaves untaught
                    .toList();
            assertThat(handedOn).isNotEmpty();
            assertThat(report.loaded()).containsAll(handedOn);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aStepInChunksIsTheWholeStep(String method) throws IOException, InterruptedException {
        run(method, List.of("batch.chunk=3"), "chunks", false, () -> false);
        run(method, List.of("batch.chunk=1000"), "whole", false, () -> false);
        List<JsonNode> chunks = metrics("chunks");
        List<JsonNode> whole = metrics("whole");
        assertThat(chunks).hasSize(whole.size());
        for (int step = 0; step < whole.size(); step++) {
            for (String name : List.of("loss", "gradientNorm")) {
                double expected = whole.get(step).path(name).asDouble(Double.NaN);
                assertThat(chunks.get(step).path(name).asDouble(Double.NaN))
                        .as(name + " of step " + step)
                        .isCloseTo(expected, within(1e-3 * Math.abs(expected)));
            }
        }
    }

    @Test
    void aMethodThatIsNotThereIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> RecipeTree.load("pretrain", null, List.of("pretext.task=voko")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("pretext.task must be one of "
                        + methods().sorted().collect(Collectors.joining(", ")) + ", not voko");
        assertThatThrownBy(
                        () -> RecipeTree.load("pretrain", null, List.of("pretext.task=rotation", "pretext.lambda=2")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown key pretext.lambda");
    }

    @Test
    void keysOfEarlierBuildsStillLoad() {
        Map<String, String> old = Map.of(
                "batch.randomCrops=5", "pretext.randomCrops=5",
                "model.projector.out=7", "pretext.projector.out=7",
                "augment.flip=0.5", "pretext.augment.flip=0.5",
                "export=teacher", "pretext.export=teacher");
        old.forEach((before, now) -> assertThat(
                        RecipeTree.load("pretrain", null, List.of(before)).toYaml())
                .isEqualTo(RecipeTree.load("pretrain", null, List.of(now)).toYaml()));
        assertThat(RecipeTree.load("pretrain", null, List.of())
                        .over("model: {projector: {norm: none}}\naugment: {rot90: 0.1}\n", "config.yaml")
                        .toYaml())
                .contains("rot90: 0.1", "norm: none");
    }
}
