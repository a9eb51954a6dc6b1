package org.voco4j.program.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.catalogue.Methods;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.WeightTransfer;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/** Every method of the catalogue pre-trains, is taken up again bit for bit, and hands its encoder on. */
class MethodsTest extends PretrainFixture {
    private static final List<String> SIZES = List.of(
            "data.size=[32, 32, 16]",
            "batch.volumes=2",
            "checkpoint.every=1",
            "gate.every=2",
            "gate.scans=2",
            "steps=2");

    /** One encoder of each kind: convolutions, windows, and patches with places. */
    private static final Map<Backbone.Name, List<String>> ENCODERS = Map.of(
            Backbone.Name.UNET, List.of("crop.size=8", "model.channels=[4, 8]"),
            Backbone.Name.SWIN_UNETR, List.of("crop.size=40", "model.encoder=swin-unetr", "model.featureSize=3"),
            Backbone.Name.UNETR,
                    List.of(
                            "crop.size=16",
                            "model.encoder=unetr",
                            "model.featureSize=4",
                            "model.hiddenSize=12",
                            "model.heads=3",
                            "model.patch=[4, 4, 4]",
                            "model.blocks=4"));

    /** What keeps steps small. */
    private static final Map<String, List<String>> FEW = Map.ofEntries(
            Map.entry("gl-mae", List.of("pretext.globals.crops=1", "pretext.locals.crops=1")),
            Map.entry("gvsl", List.of("pretext.crops=1", "pretext.window=5")),
            Map.entry(
                    "jssl",
                    List.of(
                            "pretext.pairs=1",
                            "pretext.slabs=2",
                            "pretext.width=8",
                            "pretext.heads=2",
                            "pretext.blocks=1")),
            Map.entry(
                    "unimiss",
                    List.of(
                            "pretext.pairs=1",
                            "pretext.slices=1",
                            "pretext.projector={hidden: 8, bottleneck: 4, out: 8}")),
            Map.entry("voco", List.of("pretext.randomCrops=2", "pretext.grid=[2, 2, 1]")),
            Map.entry("jigsaw", List.of("pretext.puzzles=1")),
            Map.entry("rubik", List.of("pretext.puzzles=1")),
            Map.entry("jigclu", List.of("pretext.images=1")),
            Map.entry("simclr", List.of("pretext.pairs=1")),
            Map.entry("moco-v3", List.of("pretext.pairs=1", "pretext.projector={hidden: 8, out: 4}")),
            Map.entry(
                    "vicregl", List.of("pretext.pairs=1", "pretext.level=1", "pretext.expander={global: 8, local: 4}")),
            Map.entry("c2l", List.of("pretext.pairs=1", "pretext.queue=16")),
            Map.entry("pcrl-v1", List.of("pretext.pairs=1", "pretext.queue=16")),
            Map.entry("pcrl-v2", List.of("pretext.pairs=1")),
            Map.entry("simsiam", List.of("pretext.pairs=2", "pretext.projector={hidden: 8, out: 4}")));

    private static final Set<String> WITH_DECODER =
            Set.of("gvsl", "mae-cnn", "models-genesis", "pcrl-v1", "rubikpp", "transvw");
    private static final Set<String> TRANSFORMER_ALONE =
            Set.of("mae3d", "gl-mae", "simmim", "swin-unetr-ssl", "swinmm", "positionlabel", "pcrl-v2");
    private static final Set<String> RESTORING = Set.of(
            "gl-mae",
            "gvsl",
            "mae-cnn",
            "mae3d",
            "models-genesis",
            "pcrl-v1",
            "pcrl-v2",
            "rubikpp",
            "simmim",
            "swin-unetr-ssl",
            "swinmm",
            "transvw");

    static Stream<String> methods() {
        return Methods.all().stream().map(PretextMethod::name);
    }

    private static Backbone.Name encoder(String method) {
        return Methods.of(method).about().encoders().contains(Backbone.Name.UNET)
                ? Backbone.Name.UNET
                : Backbone.Name.UNETR;
    }

    static Stream<Arguments> methodsAndEncoders() {
        return Methods.all().stream()
                .flatMap(method -> method.about().encoders().stream()
                        .filter(ENCODERS::containsKey)
                        .map(encoder -> Arguments.of(method.name(), encoder)));
    }

    private RecipeTree tree(String method, Backbone.Name encoder, List<String> more) {
        return RecipeTree.load("pretrain", null, SIZES)
                .with(List.of("pretext.task=" + method))
                .with(FEW.getOrDefault(
                        method, List.of("pretext.crops=" + (encoder == Backbone.Name.SWIN_UNETR ? 1 : 2))))
                .with(Objects.requireNonNull(ENCODERS.get(encoder)))
                .with(more);
    }

    private Pretrain.Outcome run(RecipeTree tree, String name, boolean resume, BooleanSupplier stop)
            throws IOException, InterruptedException {
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume)) {
            return Pretrain.run(
                    tree.bind(PretrainRecipe.class), scans(patients), null, Resources.of(Device.CPU), run, ears, stop);
        }
    }

    @ParameterizedTest
    @MethodSource("methodsAndEncoders")
    void aMethodRunsResumesAndHandsItsEncoderOn(String method, Backbone.Name encoder)
            throws IOException, InterruptedException {
        patients = encoder == Backbone.Name.SWIN_UNETR ? 1 : patients;
        RecipeTree tree = tree(method, encoder, List.of());
        Pretrain.Outcome whole = run(tree, "whole", false, () -> false);
        assertThat(whole.steps()).isEqualTo(2);
        run(tree, "parts", false, after(1));
        run(tree, "parts", true, () -> false);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(metrics("whole"))
                .allMatch(line -> Double.isFinite(line.path("loss").asDouble(Double.NaN)));
        if (patients > 1) {
            assertThat(Objects.requireNonNull(whole.gate()).numbers())
                    .containsKeys("crossScan", "untrained", "positionR2");
        }
        PretrainedWeights weights = PretrainedWeights.read(folder.resolve("whole"));
        assertThat(weights.method()).startsWith(method);
        assertThat(Files.exists(folder.resolve("whole/restored.png"))).isEqualTo(RESTORING.contains(method));
        assertIsTakenOver(method, encoder, weights);
    }

    /** A fine-tune takes what was taught and nothing else, and says how much that is. */
    private static void assertIsTakenOver(String method, Backbone.Name encoder, PretrainedWeights weights) {
        List<String> model = Objects.requireNonNull(ENCODERS.get(encoder)).stream()
                .filter(key -> key.startsWith("model."))
                .toList();
        FinetuneRecipe tuning = RecipeTree.load("finetune", null, model)
                .with(List.of(encoder == Backbone.Name.UNETR ? "patch.size=[16, 16, 16]" : "patch.size=[32, 32, 32]"))
                .bind(FinetuneRecipe.class);
        try (Scope scope = Scope.open()) {
            SegmentationNetwork network = tuning.network(1, 3);
            LoadReport report = Objects.requireNonNull(
                    new WeightTransfer(tuning.model(), tuning.transfer(), 1).into(network, network.encoder(), weights));
            Set<String> taught = new TreeSet<>(weights.tensors().keySet());
            assertThat(taught).containsAll(report.loaded());
            taught.retainAll(network.state().keySet());
            assertThat(report.loaded()).containsAll(taught);
            Set<String> expected = new TreeSet<>(network.encoder().weights().keySet());
            if (WITH_DECODER.contains(method)) {
                expected.addAll(network.weights().keySet());
                expected.removeIf(network::isOfClasses);
            } else if (network.encoder() instanceof TokenEncoder tokens && TRANSFORMER_ALONE.contains(method)) {
                expected.removeIf(weight -> !tokens.isInDeepest(weight));
            }
            if (method.equals("positionlabel")) {
                expected.removeIf(weight -> weight.contains("position")); // tables would give the answer away
            }
            assertThat(report.loaded()).containsAll(expected);
        }
    }

    @Test
    void pairsOfTokensGoThroughInChunks() throws IOException, InterruptedException {
        patients = 1;
        for (int chunk : new int[] {3, 1000}) {
            List<String> more = List.of("pretext.pairs=50", "batch.chunk=" + chunk);
            run(tree("positionlabel", Backbone.Name.UNET, more), "pairs" + chunk, false, () -> false);
        }
        for (String name : List.of("loss", "offsets", "offsets.accuracy", "gradientNorm")) {
            double expected = metrics("pairs1000").get(1).path(name).asDouble(Double.NaN);
            assertThat(metrics("pairs3").get(1).path(name).asDouble(Double.NaN))
                    .as(name)
                    .isCloseTo(expected, within(1e-3 * Math.abs(expected)));
        }
    }

    @Test
    void aCriticIsTakenUpAgainBitForBitAndTakesChunks() throws IOException, InterruptedException {
        patients = 1;
        List<String> judged = List.of(
                "crop.size=20",
                "pretext.adversarial=true",
                "pretext.criticAfter=1",
                "pretext.crops=1",
                "optim.warmup=0",
                "steps=3");
        RecipeTree tree = tree("rubikpp", Backbone.Name.UNET, judged);
        run(tree, "whole", false, () -> false);
        run(tree, "parts", false, after(2));
        run(tree, "parts", true, () -> false);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(Files.readAllBytes(folder.resolve("parts/checkpoint_latest.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoint_latest.safetensors")));
        assertThat(metrics("whole").stream().map(line -> line.has("fooled"))).containsExactly(false, true, true);
        run(tree.with(List.of("batch.chunk=1")), "chunks", false, () -> false);
        for (int step = 0; step < 3; step++) {
            assertThat(metrics("chunks").get(step).path("loss").asDouble(Double.NaN))
                    .isCloseTo(metrics("whole").get(step).path("loss").asDouble(Double.NaN), within(1e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aStepInChunksIsTheWholeStep(String method) throws IOException, InterruptedException {
        run(tree(method, encoder(method), List.of("batch.chunk=3")), "chunks", false, () -> false);
        run(tree(method, encoder(method), List.of("batch.chunk=1000")), "whole", false, () -> false);
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

    /** One slice of a made-up scan. */
    private static Volume slice(long seed) {
        Volume whole = volume(seed);
        float[] values = new float[SIZE.x() * SIZE.y()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole.voxels()[i * SIZE.z()];
        }
        return new Volume(new Shape3(SIZE.x(), SIZE.y(), 1), Affine.identity(), values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"models-genesis", "transvw", "simsiam", "c2l", "pcrl-v1", "pcrl-v2"})
    void methodsOfTable11TakeImagesOfOneSlice(String method) throws IOException, InterruptedException {
        RecipeTree tree =
                tree(method, Backbone.Name.UNET, List.of("model.dims=2", "data.size=[32, 32, 1]", "crop.size=16"));
        UnlabelledScans images = new UnlabelledScans(
                List.of("0", "1", "2"),
                List.of(new HeldOutScan("a", "a", () -> slice(7)), new HeldOutScan("b", "b", () -> slice(8))),
                id -> slice(Integer.parseInt(id)),
                "made up");
        try (RunFolder run = RunFolder.open(folder.resolve("flat"), tree, false)) {
            Pretrain.Outcome outcome = Pretrain.run(
                    tree.bind(PretrainRecipe.class), images, null, Resources.of(Device.CPU), run, ears, () -> false);
            assertThat(outcome.steps()).isEqualTo(2);
        }
        assertThat(metrics("flat"))
                .allMatch(line -> Double.isFinite(line.path("loss").asDouble(Double.NaN)));
        assertThat(Files.exists(folder.resolve("flat/restored.png"))).isEqualTo(RESTORING.contains(method));
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
