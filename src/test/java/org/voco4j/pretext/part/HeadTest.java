package org.voco4j.pretext.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** Layers of a head: their names, and what they compute. */
class HeadTest {
    private static void set(Head head, String name, double... values) {
        Tensor weight = Objects.requireNonNull(head.weights().get(name));
        weight.copyInPlace(Tensor.of(values, weight.shape()));
    }

    @Test
    void weightsAreNamedAsInASequence() {
        try (Scope scope = Scope.open()) {
            Head head = new Head(
                    3,
                    List.of(
                            Head.Layer.hidden(4),
                            new Head.Layer(2, true, Head.Norm.BATCH, false, true),
                            Head.Layer.linear(2, true)));
            assertThat(head.weights().keySet())
                    .containsExactlyInAnyOrder(
                            "0.weight", "1.weight", "1.bias", "3.weight", "3.bias", "6.weight", "6.bias");
            assertThat(head.state()).hasSameSizeAs(head.weights());
        }
    }

    @Test
    void aBatchNormIsOfColumnsAndALayerNormOfRows() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 5, 3, -5}, 2, 2);
            Head batch = new Head(2, List.of(Head.Layer.hidden(2)));
            set(batch, "0.weight", 1, 0, 0, 1);
            set(batch, "1.weight", 2, 3);
            set(batch, "1.bias", 0, 1);
            Tensors.assertClose(batch.forward(x), new double[] {0, 4, 2, 0}, 1e-4, "batch");
            Head layer = new Head(2, List.of(new Head.Layer(2, false, Head.Norm.LAYER, false, false)));
            set(layer, "0.weight", 1, 0, 0, 1);
            Tensors.assertClose(layer.forward(x), new double[] {-1, 1, 1, -1}, 1e-4, "layer");
        }
    }
}
