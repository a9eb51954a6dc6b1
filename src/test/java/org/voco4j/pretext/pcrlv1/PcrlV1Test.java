package org.voco4j.pretext.pcrlv1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.NoiseBatch;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.part.pair.Mixing;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/** PCRLv1's poses, gates and restoration as the authors' code makes them, and what its steps move; its contrast is C2L's. */
class PcrlV1Test {
    private static final double TOLERANCE = 1e-9;

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=pcrl-v1", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    private static void equal(Tensor found, MethodVectors expected, String name) {
        Tensors.assertClose(found, expected.doubles(name), TOLERANCE, name);
    }

    @ParameterizedTest
    @CsvSource({
        "plain, false, false, false, 0",
        "x, true, false, false, 0",
        "y, false, true, false, 0",
        "z, false, false, true, 0",
        "turn1, false, false, false, 1",
        "turn3, false, false, false, 3",
        "xyz2, true, true, true, 2"
    })
    void posesAndTheirCodesAreTheReferences(String name, boolean x, boolean y, boolean z, int turns)
            throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v1");
            Pose pose = new Pose(new CropAugmentation.View(x, y, z, turns, 0));
            assertThat(pose.of(vectors.floats("indicator.x"), new Shape3(4, 4, 2)))
                    .isEqualTo(vectors.floats("indicator." + name + ".y"));
            assertThat(pose.code()).isEqualTo(vectors.floats("indicator." + name + ".code"));
            assertThat(Pose.of(pose.code(), 0)).isEqualTo(pose);
        }
    }

    @Test
    void gatesAndMixturesAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v1");
            Head gates = PcrlV1Network.perceptron(Pose.CODE, 5, Head.Norm.NONE, 6);
            gates.to(Device.CPU, DType.F64);
            gates.weights()
                    .forEach((name, weight) -> weight.copyInPlace(vectors.tensor(
                            "attention." + name.replace("0.", "fc1.").replace("2.", "fc2."))));
            Tensor gate1 = PcrlV1Network.gate(gates, vectors.tensor("attention.code1"));
            Tensor gate2 = PcrlV1Network.gate(gates, vectors.tensor("attention.code2"));
            equal(gate1, vectors, "attention.gate1");
            equal(gate2, vectors, "attention.gate2");
            Tensor own = vectors.tensor("attention.own").copy().requireGradient(true);
            Tensor mixed = PcrlV1Network.mixed(
                    vectors.doubles("attention.alpha")[0],
                    PcrlV1Network.gated(own, gate1),
                    PcrlV1Network.gated(vectors.tensor("attention.ema"), gate2));
            equal(mixed, vectors, "attention.mixed");
            mixed.square().sum().backward();
            equal(Objects.requireNonNull(own.gradient()), vectors, "attention.grad_own");
        }
    }

    @Test
    void restorationAndItsGradientsAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v1");
            double alpha1 = vectors.doubles("restore.alpha1")[0];
            double alpha2 = vectors.doubles("restore.alpha2")[0];
            Mixing mixing = new Mixing(vectors.doubles("restore.lambda")[0], vectors.ints("restore.index"));
            Tensor mask1 = vectors.tensor("restore.mask1");
            Tensor mixed1 = mixing.of(vectors.tensor("restore.gt1"));
            Tensor mixed2 = mixing.of(vectors.tensor("restore.gt2"));
            Map<String, Tensor> truths = new LinkedHashMap<>();
            truths.put("out", mask1);
            truths.put("out_alpha", PcrlV1Network.mixed(alpha1, mask1, vectors.tensor("restore.mask2")));
            truths.put("mixed_out", mixed1);
            truths.put("mixed_out_alpha", PcrlV1Network.mixed(alpha2, mixed1, mixed2));
            Map<String, Tensor> found = new LinkedHashMap<>();
            List<Tensor> errors = new ArrayList<>();
            truths.forEach((name, truth) -> {
                Tensor restored = vectors.tensor("restore." + name).copy().requireGradient(true);
                found.put(name, restored);
                errors.add(PcrlV1.error(restored, truth));
            });
            Tensor loss = PcrlV1.restoration(errors);
            equal(loss, vectors, "restore.loss");
            loss.backward();
            found.forEach((name, restored) ->
                    equal(Objects.requireNonNull(restored.gradient()), vectors, "restore.grad_" + name));
        }
    }

    @Test
    void posesOfAnImageOfOneSliceAreNotFlippedAlongZ() {
        SplittableRandom random = new SplittableRandom(1);
        boolean[] turned = new boolean[4];
        for (int i = 0; i < 50; i++) {
            Pose pose = Pose.draw(new Shape3(4, 4, 1), random);
            assertThat(pose.code()[2]).isZero();
            turned[pose.view().quarterTurns()] = true;
        }
        assertThat(turned).containsOnly(true);
    }

    private static PretextTask.Batch batch(PretextTask task) {
        return NoiseBatch.of(task, Draws.of(5), 0, Draws.of(6));
    }

    @Test
    void onlyTheReleasedVariantRestoresCropsAsTheyWereCut() {
        try (Scope scope = Scope.open()) {
            String still = "pretext.distortion={shuffle: 0.0, paint: 0.0}";
            String sharp = "pretext.augment.blur=[0.0, 1.0, 1.0]";
            PretextTask.Batch aligned = batch(task(still, sharp));
            assertThat(aligned.block("firstTruth").toFloats())
                    .isEqualTo(aligned.block("firstSeen").toFloats());
            PretextTask.Batch released = batch(task(still, sharp, "pretext.variant=released"));
            assertThat(released.block("firstSeen").toFloats())
                    .isEqualTo(aligned.block("firstSeen").toFloats());
            assertThat(released.block("firstTruth").toFloats())
                    .isNotEqualTo(released.block("firstSeen").toFloats());
        }
    }

    @Test
    void whatAStepMovesIsInTheState() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.queue=8", "pretext.loss=nce");
            Map<String, Tensor> state = task.state();
            task.loss(batch(task)).backward();
            assertThat(Objects.requireNonNull(state.get("queue.next")).item()).isEqualTo(6);
            assertThat(Objects.requireNonNull(state.get("norm")).item()).isPositive();
            state.forEach((name, tensor) -> {
                boolean taught = task.trainable().get(0).weights().containsKey(name);
                assertThat(tensor.gradient() != null).as(name).isEqualTo(taught);
            });
            assertThat(task.export().keySet())
                    .isNotEmpty()
                    .noneMatch(name ->
                            name.startsWith("teacher.") || name.startsWith("gates.") || name.startsWith("projector."));
        }
    }

    @Test
    void partsOfTheLossAddUp() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.queue=8");
            var loss = task.loss(batch(task));
            double sum = 0;
            for (String name : PcrlV1.CONTRAST) {
                sum += Objects.requireNonNull(loss.parts().get(name)).item() / 3;
            }
            for (String name : PcrlV1.ERRORS) {
                sum += Objects.requireNonNull(loss.parts().get(name)).item() / 4;
            }
            assertThat(loss.total().item()).isCloseTo(sum, within(1e-5));
        }
    }

    @Test
    void causesAreThoseOfTheSource() {
        assertThat(recipe("pretext.momentum=0.999", "pretext.variant=released", "pretext.projector.norm=none")
                        .pretext()
                        .chosen()
                        .causes(Verdict.NOT_ABOVE_CONTROLS)
                        .stream()
                        .map(LikelyCause::why))
                .anyMatch(why -> why.contains("crops that do not lie as they do"))
                .anyMatch(why -> why.contains("With a momentum of 0.999"))
                .anyMatch(why -> why.contains("The head has no norm"))
                .anyMatch(why -> why.contains("A queue of 512 keys"))
                .anyMatch(why -> why.contains("only the deepest map is told the pose"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of pcrl-v1 needs at least 2 pairs",
                "pretext.queue=0 | pretext.queue must be at least 1, not 0",
                "pretext.momentum=2 | pretext.momentum must lie in [0, 1], not 2.0",
                "pretext.projector.out=1 | pretext.projector needs hidden >= 1 and out >= 2",
                "pretext.gates=0 | pretext.gates must be at least 1, not 0",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings, "batch.volumes=1")).hasMessageContaining(sentence);
    }
}
