package org.voco4j.pretext.jssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Targets, losses and clusters against the released code, and where prototypes go. */
class JsslTest {
    private static final Shape3 SIZE = new Shape3(32, 32, 16);

    private static void assertClose(Tensor found, MethodVectors vectors, String name) {
        assertThat(found.toDoubles()).as(name).containsExactly(vectors.doubles(name), within(1e-9));
    }

    @Test
    void swappedPredictionIsTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("jssl");
            Tensor z1 = vectors.tensor("swav.z1").copy().requireGradient(true);
            Tensor z2 = vectors.tensor("swav.z2").copy().requireGradient(true);
            Tensor prototypes = vectors.tensor("swav.prototypes").copy().requireGradient(true);
            Tensor unit1 = SupervisedContrast.unit(z1);
            Tensor unit2 = SupervisedContrast.unit(z2);
            Tensor scores1 = SphericalKMeans.scores(unit1, prototypes);
            Tensor scores2 = SphericalKMeans.scores(unit2, prototypes);
            assertClose(scores1, vectors, "swav.scores1");
            assertClose(scores2, vectors, "swav.scores2");
            Tensor q1 = SwappedPrediction.shared(scores1, 0.05);
            Tensor q2 = SwappedPrediction.shared(scores2, 0.05);
            assertClose(q1, vectors, "swav.q1");
            assertClose(q2, vectors, "swav.q2");
            Tensor loss = SwappedPrediction.of(scores1, scores2, q1, q2, 0.1);
            assertClose(loss, vectors, "swav.loss");
            loss.backward();
            Map.of("z1", z1, "z2", z2, "prototypes", prototypes)
                    .forEach((name, of) ->
                            assertClose(Objects.requireNonNull(of.gradient()), vectors, "swav.grad_" + name));
        }
    }

    @Test
    void hiddenSlabsCostAsInTheReleasedCode() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("jssl");
            Tensor predicted = vectors.tensor("mask.predicted").copy().requireGradient(true);
            Tensor loss = HiddenSlabs.error(predicted, vectors.tensor("mask.target"), vectors.doubles("mask.share")[0]);
            assertClose(loss, vectors, "mask.loss");
            loss.backward();
            assertClose(Objects.requireNonNull(predicted.gradient()), vectors, "mask.grad_predicted");
            Tensor mask = HiddenSlabs.draw(5, 8, 0.3, new SplittableRandom(3), predicted);
            assertThat(mask.mean(1, 2).toDoubles()).containsOnly(3 / 8.0);
        }
    }

    @Test
    void centresAreTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("jssl");
            Tensor bank = vectors.tensor("kmeans.bank");
            Tensor start = Rearrange.rows(bank, vectors.tensor("kmeans.start").to(DType.I64));
            Tensor centres = SphericalKMeans.centres(bank, start);
            assertClose(centres, vectors, "kmeans.centroids");
            Tensor number = Tensor.of(new double[] {0, 1, 2}, 3, 1);
            Tensor nearest = SwappedPrediction.nearest(SphericalKMeans.scores(bank, centres));
            assertClose(nearest.matmul(number).reshape(12), vectors, "kmeans.assignment");
        }
    }

    @Test
    void centresThatNothingGoesToStay() {
        try (Scope scope = Scope.open()) {
            Tensor features = Tensor.of(new double[] {1, 0, 0.8, 0.6}, 2, 2);
            Tensor start = Tensor.of(new double[] {1, 0, -1, 0}, 2, 2);
            double[] centres = SphericalKMeans.centres(features, start).toDoubles();
            double length = Math.sqrt(1.8 * 1.8 + 0.6 * 0.6);
            assertThat(centres).containsExactly(new double[] {1.8 / length, 0.6 / length, -1, 0}, within(1e-12));
        }
    }

    private static PretextTask task(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "pretext.task=jssl",
                "data.size=[32, 32, 16]",
                "model.channels=[4, 8]",
                "crop.size=8",
                "pretext.width=8",
                "pretext.heads=2",
                "pretext.prototypes=6",
                "pretext.bank=8"));
        all.addAll(List.of(settings));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    private static PretextTask.Batch batch(PretextTask task, int step) {
        float[] voxels = Tensors.smoothInput("scan", 1, 1, 32, 32, 16).toFloats();
        Samples samples = new Samples(task, 1);
        samples.fill(0, List.of(new Volume(SIZE, Affine.identity(), voxels)), Draws.of(step));
        return new PretextTask.Batch(samples.tensors(Device.CPU), step, 10, Draws.of(step));
    }

    private static double[] values(PretextTask task, String name) {
        return Objects.requireNonNull(task.state().get(name), name).toDoubles();
    }

    @ParameterizedTest
    @EnumSource(JsslSettings.Variant.class)
    void prototypesHaveLengthOneAfterEachStep(JsslSettings.Variant variant) {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.variant=" + variant, "pretext.renew=2");
            String name = "clusters.volumes.prototypes";
            Tensor prototypes = Objects.requireNonNull(task.state().get(name));
            boolean learned = variant == JsslSettings.Variant.SWAV;
            assertThat(task.trainable().get(0).weights().containsKey(name)).isEqualTo(learned);
            assertThat(task.export().keySet()).noneMatch(weight -> weight.startsWith("clusters."));
            double[] drawn = values(task, name);
            for (int step = 0; step < 2; step++) {
                PretextTask.Batch batch = batch(task, step);
                task.loss(batch).backward();
                assertThat(prototypes.gradient() != null).isEqualTo(learned);
                if (learned) {
                    InPlace.scale(prototypes, 3);
                }
                task.afterStep(batch);
            }
            for (double length : prototypes.square().mean(1).times(8).toDoubles()) {
                assertThat(length).isCloseTo(1, within(1e-5));
            }
            for (int i = 0; i < drawn.length && learned; i++) { // only their length was changed
                assertThat(values(task, name)[i]).isCloseTo(drawn[i], within(1e-5));
            }
            assertThat(values(task, "clusters.volumes.seen")[0]).isEqualTo(learned ? 0 : 8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of jssl needs at least 2 pairs",
                "pretext.slabs=1 | pretext.slabs must be at least 2, not 1",
                "pretext.heads=3 | heads share out the width evenly",
                "pretext.bank=4 | pretext.bank must have a row for each of pretext.prototypes, 6",
                "pretext.hidden=1 | pretext.hidden must lie between 0 and 1, not 1.0",
            })
    void whatCannotWorkIsRefusedInWords(String setting, String sentence) {
        assertThatThrownBy(() -> task(setting)).hasMessageContaining(sentence);
    }
}
