package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.TestData;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

class StateDictTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void weightsAreFoundUnderTheirKeyAndTheRestIsNamed() throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("best", Tensor.of(new float[] {1}, 1));
        tree.put("model", Map.of("w", Tensor.of(new float[10], 10)));
        tree.put("optimizer", Map.of("state", Map.of("w", Tensor.of(new float[20], 20))));
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("lr", 0.1);
        nested.put("size", Tuple.of(96L, 48L));
        nested.put("losses", Collections.nCopies(100, 1.5));
        tree.put("hyper", nested);
        tree.put("epoch", 7L);
        tree.put("none", null);
        Path path = folder.resolve("tree.pt");
        TorchFile.write(path, tree);
        try (WeightFile file = WeightFile.open(path)) {
            StateDict weights = StateDict.of(file);
            assertThat(weights.where()).isEqualTo("model");
            assertThat(weights.tensors().keySet()).containsExactly("w");
            assertThat(weights.scalars().toString())
                    .isEqualTo("{hyper.lr=0.1, hyper.size.0=96, hyper.size.1=48, epoch=7}");
            assertThat(weights.others())
                    .containsExactly(
                            "the whole file: 1 tensor, 4 bytes",
                            "optimizer: optimiser state, 1 tensors",
                            "hyper.losses: a list of 100");
        }
    }

    /** Files beside the project that are too large to be in it. */
    @ParameterizedTest
    @ValueSource(strings = {"swinunetr_small.pt", "voco_small_module_prefixed.pt"})
    void publishedKindsOfCheckpointsHoldTheNumbersOfTheirNames(String name) throws IOException {
        Path path = TestData.path("../reference/" + name);
        try (Scope scope = Scope.open();
                WeightFile file = WeightFile.open(path)) {
            StateDict weights = StateDict.of(file);
            assertThat(weights.where()).isEqualTo("state_dict");
            assertThat(weights.tensors()).hasSizeGreaterThan(100);
            for (Map.Entry<String, StoredTensor> entry : weights.tensors().entrySet()) {
                Tensor read = file.read(entry.getValue());
                if (read.type().isFloating()) {
                    Tensor expected = Tensor.zeros(DType.F32, read.shape());
                    Tensors.fillWithHashNumbers(Map.of(entry.getKey().replaceFirst("^module[.]", ""), expected), "");
                    assertThat(read.to(DType.F32).toFloats()).as(entry.getKey()).isEqualTo(expected.toFloats());
                }
            }
        }
    }
}
