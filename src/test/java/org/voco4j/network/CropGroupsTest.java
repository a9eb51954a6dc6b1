package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** Several groups of crops in one step: no graph of one waits for the others. */
class CropGroupsTest {
    private static final float[] CROPS = {1, 2, 3, 4};

    /** The gradient of Σ (w·x)², and whether features had a graph when they were given out. */
    private static float[] gradient(boolean alone, List<Boolean> graphs, List<Integer> calls) {
        try (Scope scope = Scope.open()) {
            Tensor weight = Tensor.of(new float[] {0.5f}, 1).requireGradient(true);
            Tensor crops = Tensor.of(CROPS, CROPS.length, 1);
            int[] called = {0};
            Chunks chunks = new Chunks(
                    some -> {
                        called[0]++;
                        return some.times(weight);
                    },
                    crops,
                    CROPS.length,
                    alone);
            Tensor features = chunks.features();
            features.square().sum().backward();
            graphs.add(weight.gradient() != null);
            chunks.backward();
            calls.add(called[0]);
            return Objects.requireNonNull(weight.gradient()).toFloats();
        }
    }

    @Test
    void aGroupThatFitsAChunkKeepsNoGraphUnlessItIsAlone() {
        List<Boolean> graphs = new ArrayList<>();
        List<Integer> calls = new ArrayList<>();
        float[] alone = gradient(true, graphs, calls);
        float[] amongOthers = gradient(false, graphs, calls);
        assertThat(amongOthers).containsExactly(alone).containsExactly(30); // 2·w·Σ x²
        assertThat(graphs).containsExactly(true, false);
        assertThat(calls).containsExactly(1, 2);
    }
}
