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
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.Restoration;
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
            for (int i = 0; i < 20; i++) {
                List<Twist> moves = Twist.draw(shape, slabs, random);
                List<Twist> back =
                        new ArrayList<>(moves.stream().map(Twist::inverse).toList());
                Collections.reverse(back);
                float[] twisted = Twist.all(moves, crop, shape, slabs);
                assertThat(Twist.all(back, twisted, shape, slabs)).isEqualTo(crop);
            }
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
}
