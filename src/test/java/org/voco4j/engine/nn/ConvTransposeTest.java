package org.voco4j.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Tensor;

class ConvTransposeTest {

    @Test
    void everyVoxelBecomesABlockOfItsOwn() {
        ConvTranspose layer = new ConvTranspose(3, 1, 1, 2, 2, true);
        Objects.requireNonNull(layer.weights().get("weight"))
                .copyInPlace(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 2, 2));
        Objects.requireNonNull(layer.weights().get("bias")).copyInPlace(Tensor.of(new float[] {0.5f}, 1));
        float[] values =
                layer.forward(Tensor.of(new float[] {1, 10}, 1, 1, 1, 1, 2)).toFloats(); // [2, 2, 4]
        assertThat(values)
                .containsExactly(
                        1.5f, 2.5f, 10.5f, 20.5f, 3.5f, 4.5f, 30.5f, 40.5f, 5.5f, 6.5f, 50.5f, 60.5f, 7.5f, 8.5f, 70.5f,
                        80.5f);
    }

    @Test
    void initialWeightsAreUniformInTheChannelsThatGoOut() {
        ConvTranspose layer = new ConvTranspose(3, 64, 16, 2, 2, true);
        layer.initialise(2);
        double bound = 1 / Math.sqrt(16.0 * 8);
        Tensor weight = Objects.requireNonNull(layer.weights().get("weight"));
        assertThat(weight.shape()).containsExactly(64, 16, 2, 2, 2);
        assertThat(weight.abs().mean().item()).isBetween(0.97 * bound / 2, 1.03 * bound / 2);
        assertThat(weight.square().mean().sqrt().item())
                .isBetween(0.97 * bound / Math.sqrt(3), 1.03 * bound / Math.sqrt(3));
        assertThat(Objects.requireNonNull(layer.weights().get("bias")).norm().item())
                .isPositive();
    }
}
