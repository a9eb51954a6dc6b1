package org.voco4j.pretext.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Shape3;

/** The cluster loss of the published JigClu, and means over cells. */
class SupervisedContrastTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.07, 0.3})
    void lossAndGradientAreThoseOfJigClu(double temperature) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = Safetensors.read(
                            Path.of("src/test/resources/reference/methods/jigclu.safetensors"))
                    .tensors();
            Tensor z = of(expected, "loss.features").copy().requireGradient(true);
            double[] labels = of(expected, "loss.labels").toDoubles();
            int[] groups = IntStream.range(0, 12).map(i -> (int) labels[i]).toArray();
            Tensor loss = SupervisedContrast.of(SupervisedContrast.unit(z), groups, temperature)
                    .get(0)
                    .times(temperature / 0.07);
            double wanted = of(expected, "loss.t" + temperature).item();
            assertThat(loss.item()).isCloseTo(wanted, within(1e-9 * wanted));
            loss.backward();
            Tensors.assertClose(
                    Objects.requireNonNull(z.gradient()),
                    of(expected, "loss.t" + temperature + ".grad").toDoubles(),
                    1e-9,
                    "gradient");
        }
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @Test
    void theNearestOfTheGroupCounts() {
        try (Scope scope = Scope.open()) {
            Tensor z =
                    SupervisedContrast.unit(Tensor.of(new double[] {1, 0, 1, 0.1, 0, 1, 0.1, 1, 1, 1, 0.7, 1}, 6, 2));
            List<Tensor> found = SupervisedContrast.of(z, new int[] {0, 0, 1, 1, 1, 0}, 1);
            assertThat(found.get(1).item()).isCloseTo(4.0 / 6, within(1e-12)); // the last two are each other's
            assertThatThrownBy(() -> SupervisedContrast.of(z, new int[] {0, 0, 1, 1, 1, 2}, 1))
                    .hasMessageContaining("view 5 is the only one of group 2");
        }
    }

    @Test
    void cellsShareOutAMapAndOverlapWhereItIsOdd() {
        try (Scope scope = Scope.open()) {
            Tensor line = Tensor.of(new double[] {1, 2, 4}, 1, 1, 3, 1, 1);
            assertThat(PooledCells.of(line, new Shape3(2, 1, 1)).toDoubles()).containsExactly(1.5, 3);
            double[] numbers = IntStream.range(0, 16).asDoubleStream().toArray();
            Tensor map = Tensor.of(numbers, 1, 2, 2, 2, 2);
            assertThat(PooledCells.of(map, Shape3.cube(1)).toDoubles()).containsExactly(3.5, 11.5);
            assertThat(PooledCells.of(map, Shape3.cube(2)).transpose(1, 2).toDoubles())
                    .containsExactly(numbers);
        }
    }
}
