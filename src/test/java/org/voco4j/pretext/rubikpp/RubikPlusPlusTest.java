package org.voco4j.pretext.rubikpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.Restoration;
import org.voco4j.pretext.rubikpp.RubikPlusPlusSettings.Quarters;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/** Twists against those of another program, and back. */
class RubikPlusPlusTest {
    private static List<Twist> moves(MethodVectors vectors, String name) {
        int[] rows = vectors.ints(name);
        List<Twist> moves = new ArrayList<>();
        for (int i = 0; i < rows.length; i += 3) {
            moves.add(new Twist(rows[i], rows[i + 1], rows[i + 2]));
        }
        return moves;
    }

    @Test
    void slabsAreTurnedAsTheReferenceSays() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("rubikpp");
            assertThat(Twist.all(moves(vectors, "moves"), vectors.floats("cube"), Shape3.cube(8), Shape3.cube(4)))
                    .isEqualTo(vectors.floats("out"));
            assertThat(Twist.all(
                            moves(vectors, "flat.moves"),
                            vectors.floats("flat.cube"),
                            new Shape3(8, 8, 4),
                            new Shape3(4, 4, 2)))
                    .isEqualTo(vectors.floats("flat.out"));
        }
    }

    @Test
    void theInverseMovesBackwardsUndoDrawnOnes() {
        SplittableRandom random = new SplittableRandom(5);
        Shape3 slabs = new Shape3(4, 4, 2);
        for (Shape3 shape : List.of(Shape3.cube(8), new Shape3(12, 12, 4), new Shape3(8, 12, 4))) {
            float[] crop = new float[(int) shape.voxels()];
            for (int i = 0; i < crop.length; i++) {
                crop[i] = i;
            }
            for (int i = 0; i < 10; i++) {
                List<Twist> moves = Twist.draw(shape, slabs, Quarters.ALL, random);
                List<Twist> back =
                        new ArrayList<>(moves.stream().map(Twist::inverse).toList());
                Collections.reverse(back);
                float[] twisted = Twist.all(moves, crop, shape, slabs);
                assertThat(Twist.all(back, twisted, shape, slabs)).isEqualTo(crop);
            }
        }
        for (int i = 0; i < 20; i++) {
            assertThat(Twist.draw(Shape3.cube(8), slabs, Quarters.XY, random))
                    .allMatch(move -> move.axis() == 2 || move.turns() == 2);
        }
        assertThatThrownBy(() -> new Twist(0, 0, 1).of(new float[96], new Shape3(4, 4, 6), 2))
                .hasMessageContaining("needs axes of one length");
    }

    @Test
    void theErrorAndItsGradientAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("rubikpp");
            double[] restored = vectors.doubles("loss.pred");
            double[] logits =
                    Arrays.stream(restored).map(p -> Math.log(p / (1 - p))).toArray();
            Tensor before =
                    Tensor.of(logits, vectors.tensor("loss.pred").shape()).requireGradient(true);
            Tensor loss = Restoration.error(before, vectors.tensor("loss.target"));
            assertThat(loss.item()).isCloseTo(vectors.doubles("loss.mse")[0], within(1e-12));
            loss.backward();
            double[] gradient = Objects.requireNonNull(before.gradient()).toDoubles();
            double[] expected =
                    vectors.doubles("loss.generator.grad_pred"); // of 10 times the error, at the restored voxels
            for (int i = 0; i < expected.length; i++) {
                double slope = restored[i] * (1 - restored[i]);
                assertThat(gradient[i]).isCloseTo(expected[i] / 10 * slope, within(1e-12));
            }
        }
    }

    private static Tensor leaf(MethodVectors vectors, String name) {
        return vectors.tensor(name).requireGradient(true);
    }

    private static void assertGradient(MethodVectors vectors, String name, Tensor of) {
        assertThat(Objects.requireNonNull(of.gradient(), name).toDoubles())
                .as(name)
                .containsExactly(vectors.doubles(name), within(1e-12));
    }

    @Test
    void theLossesOfBothSidesAndTheirGradientsAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("rubikpp");
            Tensor restored = leaf(vectors, "loss.pred");
            Tensor verdicts = leaf(vectors, "loss.fake_logit");
            Tensor error =
                    restored.minus(vectors.tensor("loss.target")).square().mean();
            Tensor generator = RubikPlusPlus.total(error, Critic.fooled(verdicts), 10);
            assertThat(generator.item()).isCloseTo(vectors.doubles("loss.generator")[0], within(1e-12));
            generator.backward();
            assertGradient(vectors, "loss.generator.grad_pred", restored);
            assertGradient(vectors, "loss.generator.grad_fake", verdicts);

            MethodVectors again = MethodVectors.of("rubikpp");
            Tensor originals = leaf(again, "loss.real_logit");
            Tensor fakes = leaf(again, "loss.fake_logit");
            Tensor critic = Critic.loss(originals, fakes);
            assertThat(critic.item()).isCloseTo(again.doubles("loss.critic")[0], within(1e-12));
            critic.backward();
            assertGradient(again, "loss.critic.grad_real", originals);
            assertGradient(again, "loss.critic.grad_fake", fakes);
        }
    }

    @Test
    void aCriticJudgesEachPatchAndEachPairByItself() {
        try (Scope scope = Scope.open()) {
            Critic critic = new Critic();
            critic.initialise(1);
            Shape3 view = new Shape3(20, 18, Critic.SMALLEST);
            Tensor noise =
                    Tensors.hashNumbers("pairs", 2, 2, 20, 18, Critic.SMALLEST).to(DType.F32);
            Tensor both = critic.verdicts(noise, view);
            assertThat(both.shape()).containsExactly(2, 2 * 2 * 2);
            assertThat(both.narrow(0, 1, 1).toDoubles())
                    .containsExactly(
                            critic.verdicts(noise.narrow(0, 1, 1), view).toDoubles(), within(1e-5));
        }
    }

    private static Adversary adversary() {
        return new Adversary(RecipeTree.load("pretrain", "rubikpp-tiny", List.of("crop.size=20"))
                .bind(PretrainRecipe.class)
                .setup(Device.CPU));
    }

    private static Tensor crops(String name) {
        return Tensors.hashNumbers(name, 1, 1, 20, 20, 20).to(DType.F32);
    }

    @Test
    void aCriticLearnsToTellAndOnlyByItsOwnLoss() {
        try (Scope scope = Scope.open()) {
            Tensor twisted = crops("twisted");
            Tensor original = crops("original");
            Tensor restored = original.times(0).plus(0.5);
            Adversary one = adversary();
            Adversary other = adversary();
            double before = Critic.fooled(one.verdicts(restored, twisted)).item();
            for (int i = 0; i < 10; i++) {
                one.move(original, restored, twisted, (rows, pairs) -> new Chunks(rows, pairs, 1));
                Tensor candidate = restored.detach().copy().requireGradient(true);
                other.verdicts(candidate, twisted).sum().backward(); // as a network does that is judged
                assertThat(candidate.gradient()).isNotNull();
                other.move(original, restored, twisted, (rows, pairs) -> new Chunks(rows, pairs, 1));
            }
            assertThat(Critic.fooled(one.verdicts(restored, twisted)).item()).isGreaterThan(before + 0.1);
            one.state()
                    .forEach((name, tensor) -> assertThat(tensor.toDoubles())
                            .as(name)
                            .isEqualTo(Objects.requireNonNull(other.state().get(name))
                                    .toDoubles()));
        }
    }
}
