package org.voco4j.pretext.moco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.NoiseBatch;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.SmallUnetr;
import org.voco4j.pretext.TanhBody;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.SineCosine;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** MoCo v3's loss, step and schedules as the authors' code makes them, and what its steps move. */
class MoCoTest {
    private static final double TOLERANCE = 1e-9;
    private static final String TABLE = "vit.patch_embedding.position_embeddings";

    private static PretextTask task(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=moco-v3", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "loss_t1"})
    void theLossAndItsGradientsAreTheReferences(String name) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("moco-v3");
            Tensor q1 = expected.tensor(name + ".q1").requireGradient(true);
            Tensor q2 = expected.tensor(name + ".q2").requireGradient(true);
            Tensor loss = MoCo.loss(
                            q1,
                            q2,
                            expected.tensor(name + ".k1"),
                            expected.tensor(name + ".k2"),
                            expected.tensor(name + ".temperature").item())
                    .get(0);
            assertThat(loss.item()).isCloseTo(expected.tensor(name + ".value").item(), within(TOLERANCE));
            loss.backward();
            equal(q1.gradient(), expected, name + ".grad_q1");
            equal(q2.gradient(), expected, name + ".grad_q2");
        }
    }

    private static void equal(@Nullable Tensor found, MethodVectors expected, String name) {
        Tensors.assertClose(Objects.requireNonNull(found, name), expected.doubles(name), TOLERANCE, name);
    }

    private static MoCoNetwork network(MethodVectors expected, String prefix, boolean predicts) {
        List<Double> never = List.of(0.0, 1.0, 1.0);
        MoCoSettings settings = new MoCoSettings(
                1,
                0.5,
                0.2,
                0.99,
                true,
                false,
                new ViewAugmentation(0, 0, never, never, never, never, never, never, never, never),
                new MoCoSettings.Projector(3, 10, 6),
                true);
        MoCoNetwork network = new MoCoNetwork(new TanhBody(), settings, predicts);
        network.to(Device.CPU, DType.F64);
        network.weights().forEach((name, weight) -> weight.copyInPlace(expected.tensor(published(prefix, name))));
        return network;
    }

    /** The reference's names of our weights. */
    private static String published(String prefix, String weight) {
        return "step." + (weight.startsWith("predictor.") ? weight : prefix + weight.replace("projector.", "head."));
    }

    private static Tensor projected(MoCoNetwork network, Tensor x) {
        Tensor crops = x.reshape(-1, 12, 1, 1, 1);
        return network.projected(PooledLevels.of(network.encoder(), crops, Precision.FP32));
    }

    @Test
    void aStepIsTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("moco-v3");
            MoCoNetwork query = network(expected, "base.", true);
            MoCoNetwork key = network(expected, "momentum.", false);
            key.requireGradients(false);
            MomentumTeacher.update(key, query, expected.tensor("step.m").item());
            key.weights().forEach((name, weight) -> equal(weight, expected, published("momentum_after.", name)));
            Tensor x1 = expected.tensor("step.x1");
            Tensor x2 = expected.tensor("step.x2");
            Tensor loss = MoCo.loss(
                            query.predicted(projected(query, x1)),
                            query.predicted(projected(query, x2)),
                            projected(key, x1),
                            projected(key, x2),
                            0.2)
                    .get(0);
            assertThat(loss.item()).isCloseTo(expected.tensor("step.loss").item(), within(TOLERANCE));
            loss.backward();
            query.weights()
                    .forEach((name, weight) -> equal(
                            weight.gradient(),
                            expected,
                            published("base.", name).replaceFirst("step\\.", "step.grad.")));
        }
    }

    @Test
    void schedulesAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("moco-v3");
            double[] epochs = expected.doubles("schedule.epoch");
            double[] momentum = expected.doubles("schedule.momentum");
            double[] rate = expected.doubles("schedule.lr");
            int fine = 10_000; // steps of an epoch
            WarmupCosine cosine = new WarmupCosine(1.5e-4 * 4096 / 256, 40 * fine, 300 * fine);
            for (int i = 0; i < epochs.length; i++) {
                assertThat(MomentumTeacher.momentum(0.99, epochs[i] / 300)).isCloseTo(momentum[i], within(TOLERANCE));
                assertThat(cosine.rate((int) Math.round(epochs[i] * fine))).isCloseTo(rate[i], within(TOLERANCE));
            }
        }
    }

    /** Ours has the sines and cosines of the fastest axis first, the source those of the slowest, and a row of zeros for the class. */
    @Test
    void placesAreTheReferencesInAnotherOrder() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("moco-v3");
            int[] grid = expected.ints("sincos2d.grid");
            int width = 16;
            double[] table = SineCosine.table(List.of(grid[1], grid[0]), width);
            float[] source = expected.floats("sincos2d.embedding");
            for (int i = 0; i < source.length; i++) {
                int other = i % width < width / 2 ? i + width / 2 : i - width / 2;
                double ours = i < width ? 0 : table[other - width];
                assertThat((double) source[i]).isCloseTo(ours, within(1e-6));
            }
        }
    }

    private static PretextTask.Batch batch(PretextTask task, int step) {
        return NoiseBatch.of(task, Draws.of(5).at(step), step, Draws.of(6).at(step));
    }

    private static double[] values(PretextTask task, String name) {
        return Objects.requireNonNull(task.state().get(name), name).toDoubles();
    }

    @Test
    void theCopyFollowsAndIsNotMoved() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.momentum=0.5");
            PretextTask.Batch batch = batch(task, 4);
            task.loss(batch).total().backward();
            Map<String, Tensor> state = task.state();
            state.forEach((name, tensor) ->
                    assertThat(tensor.gradient() == null).as(name).isEqualTo(name.startsWith("teacher.")));
            assertThat(state.keySet()).noneMatch(name -> name.startsWith("teacher.predictor."));
            String weight = "projector.0.weight";
            InPlace.add(Objects.requireNonNull(state.get(weight)), 1);
            double[] student = values(task, weight);
            double[] before = values(task, "teacher." + weight);
            task.afterStep(batch);
            double[] after = values(task, "teacher." + weight);
            for (int i = 0; i < after.length; i++) {
                assertThat(after[i]).isCloseTo(0.75 * before[i] + 0.25 * student[i], within(1e-6)); // half of the run
            }
            assertThat(task.export().keySet()).noneMatch(name -> name.startsWith("teacher."));
        }
    }

    @Test
    void normsAndBiasesDoNotDecay() {
        try (Scope scope = Scope.open()) {
            List<PretextTask.Group> groups = task().trainable();
            assertThat(groups).hasSize(2);
            assertThat(groups.get(0).decay()).isEqualTo(1);
            assertThat(groups.get(0).weights())
                    .containsKey("projector.0.weight")
                    .doesNotContainKey("projector.1.weight");
            assertThat(groups.get(1).decay()).isZero();
            assertThat(groups.get(1).weights()).containsKeys("projector.1.weight", "projector.1.bias");
        }
    }

    @Test
    void ofATransformerTheStemStays() {
        try (Scope scope = Scope.open()) {
            PretextTask task = SmallUnetr.task("moco-v3");
            double[] table = SineCosine.table(List.of(2, 2, 2), 12);
            double[] places = values(task, TABLE);
            for (int i = 0; i < table.length; i++) {
                assertThat(places[i]).isCloseTo(table[i], within(1e-6));
            }
            assertThat(task.trainable())
                    .allSatisfy(group -> assertThat(group.weights().keySet())
                            .noneMatch(name -> name.startsWith("vit.patch_embedding.")));
            assertThat(task.export()).containsKey(TABLE);
            assertThat(task.export().keySet())
                    .anyMatch(name -> name.startsWith("vit.patch_embedding.patch_embeddings."));
            assertThat(SmallUnetr.task("moco-v3", "pretext.freezeStem=false").trainable())
                    .anySatisfy(group -> assertThat(group.weights()).containsKey(TABLE));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of moco-v3 needs at least 2 pairs",
                "pretext.momentum=2 | pretext.momentum must lie in [0, 1], not 2.0",
                "pretext.projector.layers=0 | pretext.projector needs layers >= 1",
                "pretext.temperature=0 | pretext.temperature must be above 0, not 0.0",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }

    @Test
    void tokensThatCannotBeSinesAreRefused() {
        assertThatThrownBy(() -> SmallUnetr.task("moco-v3", "model.hiddenSize=10"))
                .hasMessageContaining("pretext.freezeStem needs model.hiddenSize to be a multiple of 6")
                .hasMessageContaining("not 10");
    }
}
