package org.voco4j.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.Tensor;

class TorchStateTest {
    @TempDir
    private Path folder = Path.of("");

    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("a", Tensor.of(new float[] {1, -2, 3}, 3).persist().requireGradient(true));
        weights.put("b", Tensor.of(new float[] {4}, 1).persist().requireGradient(true));
        return weights;
    }

    private static AdamW optimizer(Map<String, Tensor> weights, boolean amsgrad) {
        return new AdamW(new AdamW.Settings(0.9, 0.99, 1e-8, amsgrad))
                .add(Map.of("b", Objects.requireNonNull(weights.get("b"))), 2, 0)
                .add(Map.of("a", Objects.requireNonNull(weights.get("a"))), 1, 0.1);
    }

    private static void step(Map<String, Tensor> weights, AdamW optimizer) {
        Objects.requireNonNull(weights.get("a")).square().sum().backward();
        optimizer.step(0.1);
        optimizer.clearGradients();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunThatGoesOnFromPyTorchsFileEqualsUninterrupted(boolean amsgrad) throws IOException {
        Map<String, Tensor> first = weights();
        AdamW before = optimizer(first, amsgrad);
        step(first, before);
        step(first, before);
        Path path = folder.resolve("optimizer.pt");
        TorchFile.write(path, TorchState.of(before, 0.1));
        Map<String, Tensor> second = weights();
        first.forEach((name, weight) -> Objects.requireNonNull(second.get(name)).copyInPlace(weight));
        AdamW after = optimizer(second, amsgrad);
        step(weights(), after);
        try (WeightFile file = WeightFile.open(path)) {
            Map<?, ?> torch = (Map<?, ?>) Objects.requireNonNull(file.readAll(file.content()));
            Map<?, ?> states = (Map<?, ?>) Objects.requireNonNull(torch.get("state"));
            assertThat(states.keySet().stream().map(String::valueOf)).containsExactly("1"); // b never had a gradient
            Map<?, ?> group = (Map<?, ?>) ((List<?>) Objects.requireNonNull(torch.get("param_groups"))).get(0);
            assertThat(group.get("lr")).isEqualTo(0.2);
            assertThat(group.get("params")).isEqualTo(List.of(0L));
            assertThat(group.get("betas")).isEqualTo(Tuple.of(0.9, 0.99));
            TorchState.load(after, torch);
        }
        before.state()
                .forEach((name, expected) -> assertThat(
                                Objects.requireNonNull(after.state().get(name)).toFloats())
                        .as(name)
                        .isEqualTo(expected.toFloats()));
        step(first, before);
        step(second, after);
        first.forEach((name, weight) -> assertThat(
                        Objects.requireNonNull(second.get(name)).toFloats())
                .as(name)
                .isEqualTo(weight.toFloats()));
    }

    @Test
    void theStateThatPyTorchWroteIsTakenOver() throws IOException {
        Reference state = Reference.of("pt_expected");
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (String name : List.of("fc.weight", "fc.bias", "bn.weight", "bn.bias")) {
            long[] shape = java.util.Arrays.stream(state.shape("state." + name))
                    .asLongStream()
                    .toArray();
            weights.put(name, Tensor.of(state.floats("state." + name), shape));
        }
        AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, true)).add(weights, 1, 0.01);
        Path path = Path.of("src/test/resources/reference/pt_optimizer_state.pt");
        try (WeightFile file = WeightFile.open(path)) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.readAll(file.content()));
            TorchState.load(optimizer, (Map<?, ?>) Objects.requireNonNull(content.get("optimizer")));
            assertThat(Objects.requireNonNull(optimizer.state().get("bn.bias.step"))
                            .item())
                    .isEqualTo(2);
            Tensor second = file.read(Objects.requireNonNull(file.tensors().get("optimizer.state.0.exp_avg_sq")));
            assertThat(Objects.requireNonNull(optimizer.state().get("fc.weight.exp_avg_sq"))
                            .toFloats())
                    .isEqualTo(second.toFloats());
            assertThatThrownBy(() -> TorchState.load(optimizer(weights(), true), content))
                    .hasMessageContaining("expected an optimiser's state dictionary");
            assertThatThrownBy(() -> TorchState.load(
                            optimizer(weights(), true), (Map<?, ?>) Objects.requireNonNull(content.get("optimizer"))))
                    .hasMessageContaining("1 groups of weights, expected 2");
        }
    }
}
