package org.voco4j.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.Tensor;

class TorchStateTest {
    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("a", Tensor.of(new float[] {1, -2, 3}, 3).persist().requireGradient(true));
        weights.put("b", Tensor.of(new float[] {4}, 1).persist().requireGradient(true));
        return weights;
    }

    private static Optimizer optimizer(Map<String, Tensor> weights, boolean amsgrad) {
        return new AdamW(new AdamW.Settings(0.9, 0.99, 1e-8, amsgrad))
                .add(Map.of("b", Objects.requireNonNull(weights.get("b"))), 2, 0)
                .add(Map.of("a", Objects.requireNonNull(weights.get("a"))), 1, 0.1);
    }

    private static void step(Map<String, Tensor> weights, Optimizer optimizer) {
        Objects.requireNonNull(weights.get("a")).square().sum().backward();
        optimizer.step(0.1);
        optimizer.clearGradients();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightsAreNumberedThroughAllGroupsAndThoseNeverMovedHaveNoState(boolean amsgrad) {
        Map<String, Tensor> weights = weights();
        Optimizer optimizer = optimizer(weights, amsgrad);
        step(weights, optimizer);
        step(weights, optimizer);
        Map<String, Object> torch = TorchState.of(optimizer, 0.1);
        Map<?, ?> states = (Map<?, ?>) Objects.requireNonNull(torch.get("state"));
        assertThat(states.keySet().stream().map(String::valueOf)).containsExactly("1"); // b never had a gradient
        Map<?, ?> state = (Map<?, ?>) Objects.requireNonNull(states.get(1L));
        assertThat(state.containsKey("max_exp_avg_sq")).isEqualTo(amsgrad);
        state.forEach((entry, value) ->
                assertThat(value).as("%s", entry).isSameAs(optimizer.state().get("a." + entry)));
        List<?> groups = (List<?>) Objects.requireNonNull(torch.get("param_groups"));
        assertThat(groups).hasSize(2);
        Map<?, ?> first = (Map<?, ?>) groups.get(0);
        assertThat(first.get("lr")).isEqualTo(0.2);
        assertThat(first.get("params")).isEqualTo(List.of(0L));
        assertThat(first.get("betas")).isEqualTo(Tuple.of(0.9, 0.99));
        Map<?, ?> second = (Map<?, ?>) groups.get(1);
        assertThat(second.get("params")).isEqualTo(List.of(1L));
        assertThat(second.get("weight_decay")).isEqualTo(0.1);
        assertThat(second.get("amsgrad")).isEqualTo(amsgrad);
    }

    @Test
    void groupsAndStatesHaveTheKeysThatPyTorchWrites() throws IOException {
        Path path = Path.of("src/test/resources/reference/pt_optimizer_state.pt"); // AdamW with amsgrad
        try (WeightFile file = WeightFile.open(path)) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.content());
            Map<?, ?> theirs = (Map<?, ?>) Objects.requireNonNull(content.get("optimizer"));
            Map<String, Tensor> weights = weights();
            Optimizer optimizer = optimizer(weights, true);
            step(weights, optimizer);
            Map<String, Object> ours = TorchState.of(optimizer, 0.1);
            assertThat(keys(ours)).isEqualTo(keys(theirs));
            assertThat(keys(part(ours, "state", 1L))).isEqualTo(keys(part(theirs, "state", 1L)));
            assertThat(keys(group(ours))).isEqualTo(keys(group(theirs)));
        }
    }

    private static List<String> keys(Map<?, ?> map) {
        return map.keySet().stream().map(String::valueOf).sorted().toList();
    }

    private static Map<?, ?> part(Map<?, ?> map, String key, Object inner) {
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(map.get(key))).get(inner));
    }

    private static Map<?, ?> group(Map<?, ?> map) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(map.get("param_groups"))).get(0);
    }
}
