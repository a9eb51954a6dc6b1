package org.voco4j.pretext.part.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** A queue goes round, and mixtures are of a permutation. */
class KeyQueueTest {
    @Test
    void theOldestKeysGiveWay() {
        try (Scope scope = Scope.open()) {
            KeyQueue queue = new KeyQueue(Tensor.of(new float[] {1, 2, 3, 4, 5}, 5, 1));
            queue.put(Tensor.of(new float[] {6, 7, 8}, 3, 1));
            queue.put(Tensor.of(new float[] {9, 10, 11}, 3, 1));
            Tensors.assertClose(
                    Objects.requireNonNull(queue.state().get("keys")), new double[] {11, 7, 8, 9, 10}, 0, "keys");
            assertThat(Objects.requireNonNull(queue.state().get("next")).item()).isEqualTo(1);
            queue.put(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7}, 7, 1)); // more than there is room for
            Tensors.assertClose(
                    Objects.requireNonNull(queue.state().get("keys")), new double[] {5, 6, 7, 3, 4}, 0, "keys");
        }
    }

    @Test
    void aGraphSeesTheKeysOfItsTime() {
        try (Scope scope = Scope.open()) {
            KeyQueue queue = new KeyQueue(Tensor.of(new float[] {2, 3}, 2, 1));
            Tensor query = Tensor.of(new float[] {1}, 1, 1).requireGradient(true);
            Tensor scores = queue.scores(query, Tensor.of(new float[] {5}, 1, 1));
            Tensors.assertClose(scores, new double[] {5, 2, 3}, 0, "scores");
            queue.put(Tensor.of(new float[] {7, 8}, 2, 1));
            scores.sum().backward();
            Tensors.assertClose(Objects.requireNonNull(query.gradient()), new double[] {10}, 0, "gradient");
        }
    }

    @Test
    void drawnKeysAreAboutAsLongAsKeys() {
        try (Scope scope = Scope.open()) {
            Tensor keys = Objects.requireNonNull(
                    KeyQueue.drawn(100, 128, 3, Device.CPU).state().get("keys"));
            assertThat(keys.square().sumKeeping(1).mean().item()).isCloseTo(1, within(0.05));
        }
    }

    @Test
    void aMixtureIsOfAPermutationAndMostlyTheSampleItself() {
        try (Scope scope = Scope.open()) {
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 50; i++) {
                Mixing mixing = Mixing.draw(7, random);
                assertThat(mixing.share()).isBetween(0.5, 1.0);
                assertThat(Arrays.stream(mixing.partners()).sorted())
                        .containsExactlyElementsOf(IntStream.range(0, 7).boxed().toList());
            }
            Tensor mixed = new Mixing(0.75, new int[] {1, 0}).of(Tensor.of(new float[] {0, 4, 8, 8}, 2, 1, 2));
            Tensors.assertClose(mixed, new double[] {2, 5, 6, 7}, 1e-6, "mixed");
        }
    }
}
