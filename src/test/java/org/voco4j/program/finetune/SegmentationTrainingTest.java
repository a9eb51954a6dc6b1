package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

class SegmentationTrainingTest {
    private static final LabelledScans SCANS = Balls.scans(2, 1);

    private static FinetuneRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "patch.size=[16, 16, 16]",
                "model.channels=[4, 8, 8]",
                "optim.warmup=0",
                "loader.workers=0",
                "loader.prefetch=1"));
        all.addAll(List.of(settings));
        return RecipeTree.load("finetune", "tiny", all).bind(FinetuneRecipe.class);
    }

    private static SegmentationTraining training(FinetuneRecipe recipe, @Nullable PretrainedWeights weights) {
        return new SegmentationTraining(recipe, SCANS, weights, Device.CPU);
    }

    /** Weights of a pre-trained encoder with a projector that nobody wants. */
    private static PretrainedWeights weights(String... settings) {
        Module encoder = recipe(settings).network(1, 3).encoder();
        Map<String, Tensor> tensors = new LinkedHashMap<>(encoder.weights());
        tensors.put("proj_head.0.weight", Tensor.zeros(DType.F32, 4, 20));
        return new PretrainedWeights(tensors, Map.of("voco4j.channels", "[4, 8, 8]"), "digest");
    }

    private static Map<String, float[]> values(Map<String, Tensor> weights) {
        Map<String, float[]> values = new LinkedHashMap<>();
        weights.forEach((name, weight) -> values.put(name, weight.toFloats()));
        return values;
    }

    private static List<String> changed(Map<String, float[]> before, Map<String, float[]> after) {
        return before.keySet().stream()
                .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
                .toList();
    }

    @Test
    void exactlyTheEncoderIsTransferred() {
        try (SegmentationTraining scratch = training(recipe(), null);
                SegmentationTraining trained = training(recipe(), weights("seed=7"))) {
            LoadReport report = Objects.requireNonNull(trained.transferred());
            // level 0: one unit, levels 1 and 2: two units; a unit has weight and bias, γ and β
            assertThat(report.loaded())
                    .hasSize(20)
                    .containsExactlyElementsOf(
                            trained.network().encoder().weights().keySet());
            assertThat(report.unused()).containsExactly("proj_head.0.weight");
            Map<String, float[]> mine = values(trained.network().weights());
            assertThat(changed(values(scratch.network().weights()), mine))
                    .allMatch(report.loaded()::contains)
                    .contains("conv_0.conv_0.conv.weight", "down_2.convs.conv_1.conv.bias");
            values(weights("seed=7").tensors()).forEach((name, value) -> {
                if (!name.startsWith("proj_head")) {
                    assertThat(mine.get(name)).as(name).isEqualTo(value);
                }
            });
        }
    }

    @Test
    void someLevelsAloneAreTransferred() {
        try (SegmentationTraining trained = training(recipe("transfer.levels=[0, 2]"), weights("seed=7"))) {
            assertThat(Objects.requireNonNull(trained.transferred()).loaded())
                    .hasSize(12)
                    .allMatch(name -> name.startsWith("conv_0.") || name.startsWith("down_2."));
        }
    }

    @Test
    void weightsOfAnotherNetworkAreRefusedInWords() {
        assertThatThrownBy(() -> training(recipe("model.channels=[4, 8, 16]"), weights()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("down_2.convs.conv_0.conv.weight: [8, 8, 3, 3, 3] in the file, [16, 8, 3, 3, 3]")
                .hasMessageContaining("channels=[4, 8, 16]")
                .hasMessageEndingWith("the weights were trained with {channels=[4, 8, 8]}");
        assertThatThrownBy(() -> training(recipe("model.channels=[6, 12, 12]"), weights()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("the weights do not fit: no weight could be loaded");
    }

    @Test
    void aFrozenEncoderStaysBitForBitUntilItMayMove() throws IOException, InterruptedException {
        try (SegmentationTraining training =
                training(recipe("transfer.frozenSteps=3", "optim.weightDecay=0.1"), weights("seed=7"))) {
            Map<String, float[]> before = values(training.network().weights());
            for (int i = 0; i < 3; i++) {
                training.step();
            }
            Map<String, float[]> frozen = values(training.network().weights());
            assertThat(changed(before, frozen))
                    .contains("final_conv.weight", "upcat_2.upsample.deconv.weight")
                    .noneMatch(training.network().encoder().weights()::containsKey);
            training.step();
            assertThat(changed(frozen, values(training.network().encoder().weights())))
                    .isNotEmpty();
        }
        try (SegmentationTraining always = training(recipe("transfer.frozenSteps=-1", "model.norm=batch"), null)) {
            Map<String, float[]> before = values(always.network().encoder().stateDict()); // running averages too
            always.step();
            always.step();
            assertThat(changed(before, values(always.network().encoder().stateDict())))
                    .isEmpty();
        }
    }

    @Test
    void theEncodersRateIsAFactor() throws IOException, InterruptedException {
        double[] moved = new double[2];
        for (int i = 0; i < 2; i++) {
            String rate = "optim.encoderRate=" + (i == 0 ? 1.0 : 0.25);
            try (SegmentationTraining training =
                    training(recipe(rate, "optim.weightDecay=0.0", "optim.lr=1e-4"), null)) {
                float[] before = values(training.network().weights()).get("conv_0.conv_0.conv.weight");
                training.step();
                float[] after = values(training.network().weights()).get("conv_0.conv_0.conv.weight");
                for (int w = 0; before != null && after != null && w < before.length; w++) {
                    moved[i] += Math.abs(after[w] - before[w]);
                }
            }
        }
        assertThat(moved[1] / moved[0]).isCloseTo(0.25, Offset.offset(1e-3));
    }

    @Test
    void everyStageOfTheEncoderHasItsRate() throws IOException, InterruptedException {
        Map<String, double[]> moved = new LinkedHashMap<>();
        for (double decay : new double[] {1, 0.5}) {
            try (SegmentationTraining training = training(
                    recipe(
                            "optim.layerDecay=" + decay,
                            "optim.weightDecay=0.0",
                            "optim.lr=1e-4",
                            "optim.encoderRate=1"),
                    null)) {
                Map<String, float[]> before = values(training.network().weights());
                training.step();
                values(training.network().weights()).forEach((name, after) -> {
                    double[] both = moved.computeIfAbsent(name, n -> new double[2]);
                    float[] was = Objects.requireNonNull(before.get(name));
                    for (int w = 0; w < after.length; w++) {
                        both[decay == 1 ? 0 : 1] += Math.abs(after[w] - was[w]);
                    }
                });
            }
        }
        Map.of(
                        "conv_0.conv_0.conv.weight", 0.125,
                        "down_1.convs.conv_0.conv.weight", 0.25,
                        "down_2.convs.conv_1.conv.weight", 0.5,
                        "final_conv.weight", 1.0)
                .forEach((name, factor) -> {
                    double[] both = Objects.requireNonNull(moved.get(name));
                    assertThat(both[1] / both[0]).as(name).isCloseTo(factor, Offset.offset(2e-3));
                });
    }

    /** The losses are means over patches, so two scans after one another are a batch of both. */
    @Test
    void gradientsGatheredOverScansAreThoseOfOneBatchOfThemAll() {
        FinetuneRecipe recipe = recipe("loss.batch=false", "loss.crossEntropy=1");
        SegmentationNetwork network = recipe.network(1, 3);
        network.to(Device.CPU, DType.F64);
        SplittableRandom random = new SplittableRandom(5);
        double[] values = random.doubles(4 * 16 * 16 * 16).toArray();
        Tensor images = Tensor.of(values, 4, 1, 16, 16, 16);
        Tensor classes = Ops.isAbove(images, 0.3).plus(Ops.isAbove(images, 0.8));
        Map<String, Double> whole = gradients(recipe, network, images, classes, 1);
        Map<String, Double> parts = gradients(recipe, network, images, classes, 2);
        assertThat(parts.keySet()).isEqualTo(whole.keySet());
        whole.forEach((name, value) ->
                assertThat(parts.get(name)).as(name).isCloseTo(value, Offset.offset(1e-12 + 1e-10 * Math.abs(value))));
    }

    /** What a step of so many parts measures, and the norm of every weight's gradient before the weights move. */
    private static Map<String, Double> gradients(
            FinetuneRecipe recipe, SegmentationNetwork network, Tensor images, Tensor classes, int times) {
        Map<String, Double> found = new LinkedHashMap<>();
        Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, false)).add(network.weights(), 1, 0);
        TrainingStep descent = new TrainingStep(optimizer, network.weights().values(), step -> 0, 0);
        long patches = images.size(0) / times;
        long[] from = {0};
        Map<String, Double> line = descent.step(0, 4, times, () -> {
            Tensor some = images.narrow(0, from[0], patches);
            SegmentationLoss.Parts loss =
                    recipe.objective(null).parts(network.forward(some), classes.narrow(0, from[0], patches));
            from[0] += patches;
            return new Loss(loss.total(), Map.of("dice", loss.dice()));
        });
        optimizer.state().forEach((name, moment) -> {
            if (name.endsWith("exp_avg")) {
                found.put(name, moment.norm().item());
            }
        });
        List.of("loss", "dice", "gradientNorm")
                .forEach(name -> found.put(name, Objects.requireNonNull(line.get(name))));
        optimizer.close();
        return found;
    }

    @Test
    void twoAtOnceOnThreadsOfTheirOwnGiveTheBitsTheyGiveAlone() throws Exception {
        int before = Engine.threads();
        Engine.threads(1);
        List<Map<String, float[]>> alone = new ArrayList<>();
        for (int seed = 0; seed < 2; seed++) {
            alone.add(trained(seed));
        }
        Engine.threads(before);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<Map<String, float[]>>> together = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int seed = i;
                together.add(pool.submit(() -> {
                    Engine.threads(1);
                    return trained(seed);
                }));
            }
            for (int seed = 0; seed < 2; seed++) {
                assertThat(changed(alone.get(seed), together.get(seed).get())).isEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(Engine.threads()).isEqualTo(before);
        assertThat(changed(alone.get(0), alone.get(1))).isNotEmpty();
    }

    private static Map<String, float[]> trained(int seed) throws IOException, InterruptedException {
        try (SegmentationTraining training = training(recipe("seed=" + seed), null)) {
            for (int i = 0; i < 6; i++) {
                training.step();
            }
            return values(training.network().weights());
        }
    }

    @Test
    void closingFreesWhatItHeld() throws IOException, InterruptedException {
        trained(0);
        Tensors.collectGarbage();
        long before = Engine.nativeObjects();
        trained(1);
        assertThat(Engine.nativeObjects()).isEqualTo(before);
    }
}
