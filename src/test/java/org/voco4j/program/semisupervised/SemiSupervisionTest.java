package org.voco4j.program.semisupervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.OneThread;
import org.voco4j.downstream.loss.DiceCrossEntropy;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.DiceLoss;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.program.finetune.Balls;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.GridScores;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.pretrain.ViewSource;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;

@ExtendWith(OneThread.class)
class SemiSupervisionTest {
    private static final List<String> SMALL = List.of(
            "data.size=[24, 22, 20]", "model.channels=[4, 8]", "crop.size=8", "steps=120", "labelled.pseudoAfter=0.75");
    private static final List<String> VOCO = List.of(
            "pretext.grid=[2, 2, 1]", "model.projector.hidden=16", "model.projector.out=16", "batch.randomCrops=3");
    private static final List<String> LABELLED = List.of(
            "data.size=[24, 22, 20]",
            "model.channels=[4, 8]",
            "patch.size=[16, 16, 16]",
            "checkpoint.every=30",
            "validation.every=120",
            "validation.overlap=0.25",
            "optim.encoderRate=1",
            "loss.crossEntropy=0.5");

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();
    private final LabelledScans labelled = Balls.scans(3, 2);

    private static UnlabelledScans unlabelled() {
        LabelledScans balls = Balls.scans(6, 0);
        return new UnlabelledScans(
                balls.training(),
                List.of(),
                name -> balls.source().scan(name).image().single(),
                "balls");
    }

    private static RecipeTree tree(String... settings) {
        List<String> all = new ArrayList<>(SMALL);
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all);
    }

    private static FinetuneRecipe labelledRecipe(PretrainRecipe recipe, String... settings) {
        List<String> all = new ArrayList<>(LABELLED);
        all.addAll(List.of(settings));
        return RecipeTree.load("finetune", "tiny", all)
                .with(List.of("steps=" + recipe.steps()))
                .bind(FinetuneRecipe.class);
    }

    private Finetune.Outcome<GridScores> run(String name, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        RecipeTree tree = tree(settings);
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        FinetuneRecipe second = labelledRecipe(recipe);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume);
                SegmentationTraining training = new SegmentationTraining(
                        SemiSupervision.KIND,
                        second,
                        labelled,
                        Device.CPU,
                        new SemiSupervision(recipe, second, unlabelled(), labelled, Device.CPU, ears))) {
            return Finetune.run(training, null, run, ears, stop);
        }
    }

    private byte[] model(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
    }

    private static BooleanSupplier after(int steps) {
        AtomicInteger taken = new AtomicInteger();
        return () -> taken.incrementAndGet() >= steps;
    }

    @ParameterizedTest
    @ValueSource(strings = {"voco", "simclr"})
    void takenUpAgainBeforeAndAfterTheCopyEqualsUninterruptedBitForBit(String task)
            throws IOException, InterruptedException {
        String[] set = task.equals("voco")
                ? VOCO.toArray(String[]::new)
                : new String[] {"pretext.task=simclr", "batch.volumes=2", "pretext.pairs=2"};
        Finetune.Outcome<GridScores> whole = run("whole", false, () -> false, set);
        assertThat(ears.said("From step 91 on")).hasSize(1);
        run("parts", false, after(53), set); // the copy is of step 90
        run("parts", true, after(40), set);
        Finetune.Outcome<GridScores> last = run("parts", true, () -> false, set);
        assertThat(last.state()).isEqualTo(RunState.FINISHED);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(last.report()).isEqualTo(whole.report());
        run("labels", false, () -> false, "labelled.pretext=false", "labelled.pseudoAfter=1");
        assertThat(model("labels")).isNotEqualTo(model("whole"));
    }

    @Test
    void aCopyThatKnowsLessThanTheCommonClassesIsRefused() {
        assertThatThrownBy(() -> run("early", false, () -> false, "labelled.pseudoAfter=0.005"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("After 1 steps the network is no teacher")
                .hasMessageContaining("labelled.pseudoAfter=1 does without");
    }

    @Test
    void recipesThatDoNotGoTogetherAreRefused() {
        PretrainRecipe recipe = tree().bind(PretrainRecipe.class);
        for (String setting : List.of("model.channels=[4, 16]", "data.size=[32, 32, 16]", "transfer.frozenSteps=2")) {
            FinetuneRecipe other = labelledRecipe(recipe, setting);
            assertThatThrownBy(() -> new SemiSupervision(recipe, other, unlabelled(), labelled, Device.CPU, ears))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(setting.substring(0, setting.indexOf('.')));
        }
        PretrainRecipe released = tree("labelled.pseudoTeaches=released").bind(PretrainRecipe.class);
        assertThatThrownBy(() -> new SemiSupervision(
                        released, labelledRecipe(released), unlabelled(), labelled, Device.CPU, ears))
                .hasMessageContaining("swin-unetr");
    }

    /** Gradients that the first step of a companion leaves, beside a loss of labels that is 0. */
    private Map<String, float[]> gradients(PretrainRecipe recipe, FinetuneRecipe second)
            throws IOException, InterruptedException {
        SemiSupervision companion = new SemiSupervision(recipe, second, unlabelled(), labelled, Device.CPU, ears);
        SegmentationTraining training =
                new SegmentationTraining(SemiSupervision.KIND, second, labelled, Device.CPU, companion);
        SegmentationNetwork network = training.network();
        companion.before(training);
        Tensor nothing = network.weights().values().iterator().next().sum().times(0);
        companion
                .with(new Loss(nothing, Map.of()), network, new DiceCrossEntropy(dice()))
                .backward();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        network.weights().forEach((name, weight) -> {
            Tensor gradient = weight.gradient();
            if (gradient != null
                    && Ops.largest(gradient.reshape(1, -1).times(gradient.reshape(1, -1)), 1)
                                    .item()
                            > 0) {
                gradients.put(name, gradient.toFloats());
            }
        });
        companion.after();
        training.close();
        return gradients;
    }

    @Test
    void thePretextTaskTeachesTheNetworksOwnEncoder() throws IOException, InterruptedException {
        try (Scope scope = Scope.open()) {
            List<String> set = new ArrayList<>(VOCO);
            set.add("labelled.pseudoAfter=1");
            PretrainRecipe recipe = tree(set.toArray(String[]::new)).bind(PretrainRecipe.class);
            FinetuneRecipe second = labelledRecipe(recipe);
            Map<String, float[]> together = gradients(recipe, second);
            PretextTask task = recipe.pretext().chosen().task(recipe.setup(Device.CPU));
            task.initialise(second.network(1, 3).encoder().weights());
            ViewSource source = new ViewSource(task, unlabelled(), 1, recipe.seed(), 1);
            Samples samples = source.make(0);
            task.loss(new PretextTask.Batch(samples.tensors(Device.CPU), 0, 120, source.drawsOf(0)))
                    .backward();
            Map<String, Tensor> alone = task.trainable().get(0).weights();
            assertThat(together).isNotEmpty();
            together.forEach((name, gradient) -> assertThat(gradient)
                    .as(name)
                    .isEqualTo(Objects.requireNonNull(
                                    Objects.requireNonNull(alone.get(name)).gradient())
                            .toFloats()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"decoder", "all", "released"})
    void pseudoLabelsTeachWhatIsSaid(String taught) throws IOException, InterruptedException {
        try (Scope scope = Scope.open()) {
            List<String> swin = List.of("model.encoder=swin-unetr", "model.featureSize=6", "model.swin=v1");
            List<String> first = new ArrayList<>(swin);
            first.addAll(List.of(
                    "labelled.pretext=false",
                    "crop.size=33",
                    "labelled.pseudoTeaches=" + taught,
                    "labelled.pseudoAfter=0.01"));
            PretrainRecipe recipe = tree(first.toArray(String[]::new)).bind(PretrainRecipe.class);
            List<String> last = new ArrayList<>(swin);
            last.addAll(List.of("patch.size=[64, 32, 32]", "batch.patches=1"));
            FinetuneRecipe second = labelledRecipe(recipe, last.toArray(String[]::new));
            SemiSupervision companion = new SemiSupervision(recipe, second, unlabelled(), labelled, Device.CPU, ears);
            Set<String> kinds = new TreeSet<>();
            SegmentationNetwork network = second.network(1, 3);
            Tensor noise = Tensor.of(
                            new SplittableRandom(1).doubles(64 * 32 * 32).toArray(), 1, 1, 64, 32, 32)
                    .to(DType.F32);
            companion.pseudo(noise, network, new DiceCrossEntropy(dice())).backward();
            network.weights().forEach((name, weight) -> {
                if (weight.gradient() != null) {
                    kinds.add(name.replaceAll("^(swinViT\\.(patch_embed|layers\\d)|(en|de)coder\\d+|out).*", "$1"));
                }
            });
            companion.close();
            Set<String> decoder = Set.of("decoder1", "decoder2", "decoder3", "decoder4", "decoder5", "out");
            assertThat(kinds).containsAll(decoder);
            Set<String> beyond = new TreeSet<>(kinds);
            beyond.removeAll(decoder);
            switch (taught) {
                case "decoder" -> assertThat(beyond).isEmpty();
                case "released" ->
                    assertThat(beyond)
                            .containsExactlyInAnyOrder(
                                    "swinViT.patch_embed", "swinViT.layers1", "swinViT.layers2", "swinViT.layers3");
                default -> assertThat(beyond).contains("swinViT.layers4", "encoder1", "encoder10");
            }
        }
    }

    private static DiceLoss dice() {
        return new DiceLoss(false, false, false, 1e-5, 1e-5);
    }

    @Test
    void bothLossesAreThoseOfTheReleasedCode() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-omni");
            SegmentationLoss objective = new DiceCrossEntropy(dice());
            Tensor truth = expected.tensor("labelled.truth");
            Tensor labelled = expected.tensor("labelled.logits").requireGradient(true);
            Tensor supervised = objective.parts(labelled, truth).total();
            Tensor classes = Ops.indexOfLargest(expected.tensor("pseudo.teacher_logits"), 1);
            assertThat(classes.toDoubles()).isEqualTo(expected.doubles("pseudo.labels"));
            Tensor student = expected.tensor("pseudo.student_logits").requireGradient(true);
            Tensor pseudo = objective.parts(student, classes).total();
            supervised.plus(pseudo).backward();
            close(supervised, expected.doubles("labelled.loss"));
            close(pseudo, expected.doubles("pseudo.loss"));
            close(supervised.plus(pseudo), expected.doubles("total"));
            close(Objects.requireNonNull(labelled.gradient()), expected.doubles("labelled.grad"));
            close(Objects.requireNonNull(student.gradient()), expected.doubles("pseudo.grad"));
        }
    }

    private static void close(Tensor found, double[] expected) {
        double[] values = found.toDoubles();
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(expected[i], within(1e-9));
        }
    }
}
