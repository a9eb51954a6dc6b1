package org.voco4j.pretext.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** NT-Xent as nnssl has it. */
class SimClrTest {
    private static Map<String, Tensor> reference(String name) throws IOException {
        return Safetensors.read(Path.of("src/test/resources/reference/methods/" + name + ".safetensors"))
                .tensors();
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n4", "n2", "n6t", "n1"})
    void lossShareAndGradientsAreTheReferences(String pairs) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference("simclr");
            Tensor first = of(expected, pairs + ".zi").copy().requireGradient(true);
            Tensor second = of(expected, pairs + ".zj").copy().requireGradient(true);
            List<Tensor> found = NtXent.of(
                    Tensor.concatenate(List.of(first, second), 0),
                    of(expected, pairs + ".temperature").item());
            assertThat(found.get(0).item())
                    .isCloseTo(of(expected, pairs + ".loss").item(), within(1e-9));
            assertThat(found.get(1).item())
                    .isCloseTo(of(expected, pairs + ".accuracy").item(), within(1e-9));
            found.get(0).backward();
            Tensors.assertClose(
                    Objects.requireNonNull(first.gradient()),
                    of(expected, pairs + ".grad_zi").toDoubles(),
                    1e-9,
                    "zi");
            Tensors.assertClose(
                    Objects.requireNonNull(second.gradient()),
                    of(expected, pairs + ".grad_zj").toDoubles(),
                    1e-9,
                    "zj");
        }
    }

    @Test
    void onePairIsNothingToTellApart() {
        PretrainRecipe recipe = RecipeTree.load(
                        "pretrain", null, List.of("pretext.task=simclr", "batch.volumes=1", "pretext.pairs=1"))
                .bind(PretrainRecipe.class);
        assertThatThrownBy(() -> recipe.pretext().chosen().task(recipe.setup(org.voco4j.engine.tensor.Device.CPU)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs at least 2 pairs");
    }
}
