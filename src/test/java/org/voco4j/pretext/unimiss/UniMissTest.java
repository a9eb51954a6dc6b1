package org.voco4j.pretext.unimiss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Costs, centres, the head and the teacher's momentum against the released code, and what moves in a step. */
class UniMissTest {
    private static void assertClose(Tensor found, MethodVectors vectors, String name) {
        assertThat(found.toDoubles()).as(name).containsExactly(vectors.doubles(name), within(1e-9));
    }

    @Test
    void costsAndCentresAreTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("unimiss");
            Centred centred = new Centred(0.04, 0.1, 0.9);
            Tensor volume = vectors.tensor("loss.student_volume").copy().requireGradient(true);
            Tensor slices = vectors.tensor("loss.student_slices").copy().requireGradient(true);
            Tensor centre = vectors.tensor("loss.center_before").copy().reshape(10);
            Tensor total = Tensor.zeros(DType.F64, 1);
            for (String term : List.of("volume", "slices_volume", "slices", "volume_slices")) {
                Tensor said = term.startsWith("slices") ? slices : volume;
                Tensor taught = vectors.tensor(term.endsWith("slices") ? "loss.teacher_slices" : "loss.teacher_volume");
                Tensor cost = centred.cost(said, taught, centre);
                assertClose(cost, vectors, "loss." + term);
                assertClose(centre, vectors, "loss.center_after_" + term);
                total = total.plus(cost);
            }
            assertClose(total, vectors, "loss.value");
            total.sum().backward();
            assertClose(Objects.requireNonNull(volume.gradient()), vectors, "loss.grad_student_volume");
            assertClose(Objects.requireNonNull(slices.gradient()), vectors, "loss.grad_student_slices");
        }
    }

    @Test
    void theHeadIsTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("unimiss");
            UniMissNetwork.Head head = new UniMissNetwork.Head(6, 8, 5, 10);
            head.to(Device.CPU, DType.F64);
            Map<String, Tensor> weights = head.weights();
            weights.forEach((name, weight) -> weight.copyInPlace(vectors.tensor("head." + name)));
            assertThat(vectors.doubles("head.last_layer.weight_g")).containsOnly(1); // rows have length 1
            Tensor x = vectors.tensor("head.x").copy().requireGradient(true);
            Tensor out = head.forward(x);
            assertClose(out, vectors, "head.out");
            out.times(vectors.tensor("head.weight")).sum().backward();
            assertClose(Objects.requireNonNull(x.gradient()), vectors, "head.grad_x");
            weights.forEach((name, weight) ->
                    assertClose(Objects.requireNonNull(weight.gradient()), vectors, "head.grad." + name));
        }
    }

    @Test
    void momentumAndDecayGrowAsInTheReleasedCode() throws IOException {
        try (Scope scope = Scope.open()) {
            double[] expected = MethodVectors.of("unimiss").doubles("schedule.momentum");
            double[] decay = MethodVectors.of("unimiss").doubles("schedule.weight_decay");
            PretextTask task = task();
            for (int step = 0; step < expected.length; step++) {
                double done = (double) step / expected.length;
                assertThat(MomentumTeacher.momentum(0.996, done)).isCloseTo(expected[step], within(1e-12));
                assertThat(0.04 * task.decay(done)).isCloseTo(decay[step], within(1e-12));
            }
            assertThat(task.trainable().get(1).decay()).isZero();
        }
    }

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "pretext.task=unimiss",
                "data.size=[32, 32, 16]",
                "model.channels=[4, 8]",
                "crop.size=8",
                "pretext.projector={hidden: 8, bottleneck: 4, out: 6}"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    @Test
    void theTeacherFollowsAndTheCentreMovesInTrainingAlone() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.momentum=0.5");
            Samples samples = new Samples(task, 1);
            Volume scan = new Volume(
                    new Shape3(32, 32, 16),
                    Affine.identity(),
                    Tensors.smoothInput("scan", 1, 1, 32, 32, 16).toFloats());
            samples.fill(0, List.of(scan), Draws.of(1));
            PretextTask.Batch batch = new PretextTask.Batch(samples.tensors(Device.CPU), 0, 10, Draws.of(1));
            Tensor centre = Objects.requireNonNull(task.state().get("centre"));
            task.embedding().network().training(false);
            assertThat(task.loss(batch).parts()).containsOnlyKeys("crop");
            assertThat(centre.toDoubles()).containsOnly(0);
            task.embedding().network().training(true);
            task.loss(batch).backward();
            assertThat(centre.norm().item()).isPositive();
            String bias = "head.mlp.0.bias";
            Map<String, Tensor> moved = task.trainable().get(1).weights(); // those that do not decay
            assertThat(moved.keySet()).noneMatch(name -> name.startsWith("teacher."));
            Tensor taught = Objects.requireNonNull(task.state().get("teacher." + bias));
            assertThat(taught.gradient() == null).isTrue();
            InPlace.add(Objects.requireNonNull(moved.get(bias)), 1);
            double[] before = taught.toDoubles();
            task.afterStep(batch);
            for (int i = 0; i < before.length; i++) {
                assertThat(taught.toDoubles()[i]).isCloseTo(before[i] + 0.5, within(1e-6));
            }
            assertThat(task.export().keySet()).noneMatch(name -> name.startsWith("teacher."));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of unimiss needs at least 2 pairs",
                "pretext.slices=0 | pretext.pairs and slices must be at least 1",
                "pretext.temperature.teacher=0 | pretext.temperature needs numbers above 0",
                "pretext.centre=1 | pretext.centre must lie in [0, 1), not 1.0",
            })
    void whatCannotWorkIsRefusedInWords(String setting, String sentence) {
        assertThatThrownBy(() -> task(setting)).hasMessageContaining(sentence);
    }
}
