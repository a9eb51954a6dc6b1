package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

class WeightFileTest {
    private static final Reference EXPECTED = Reference.of("pt_expected");

    @TempDir
    private Path folder = Path.of("");

    static Path reference(String name) {
        try {
            return Path.of(Objects.requireNonNull(WeightFileTest.class.getResource("/reference/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertEqual(Tensor actual, String expected) {
        assertThat(actual.shape())
                .as(expected)
                .isEqualTo(
                        Arrays.stream(EXPECTED.shape(expected)).asLongStream().toArray());
        assertThat(actual.toDoubles()).as(expected).isEqualTo(EXPECTED.doubles(expected));
        assertThat(actual.bytes(0, 0)).as("contiguous").isNotNull();
    }

    @Test
    void everyNumberFormatAndViewIsRead() throws IOException {
        try (WeightFile file = WeightFile.open(reference("pt_odd_tensors.pt"))) {
            assertThat(file.format()).isEqualTo("PyTorch zip");
            Map<String, StoredTensor> tensors = file.tensors();
            for (String name : EXPECTED.names()) {
                if (name.startsWith("odd.")) {
                    StoredTensor tensor = Objects.requireNonNull(tensors.get(name.substring(4)), name);
                    assertEqual(file.read(tensor), name);
                    assertEqual(file.read(tensor), name); // again
                }
            }
            assertThat(tensors.values().stream().map(StoredTensor::toString))
                    .containsExactly(
                            "F32[6, 4]",
                            "F64[3]",
                            "F16[2, 4]",
                            "BF16[2, 4]",
                            "I64[8]",
                            "I32[4]",
                            "U8[7]",
                            "BOOL[3]",
                            "F32[]",
                            "F32[0, 3]",
                            "F32[4, 6]",
                            "F32[2, 2]",
                            "F32[3, 4]",
                            "F32[4]");
            StoredTensor empty = Objects.requireNonNull(tensors.get("empty"));
            assertThat(file.read(empty).shape()).containsExactly(0, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pt_plain.pth", "pt_legacy.pt", "pt_optimizer_state.pt", "pt_optimizer_object.pt"})
    void theStateDictionaryIsReadFromEveryKindOfFile(String name) throws IOException {
        try (WeightFile file = WeightFile.open(reference(name))) {
            String prefix = name.equals("pt_plain.pth") ? "" : "state_dict.";
            for (String expected : EXPECTED.names()) {
                if (expected.startsWith("state.")) {
                    StoredTensor tensor = file.tensors().get(prefix + expected.substring(6));
                    assertEqual(file.read(Objects.requireNonNull(tensor, expected)), expected);
                }
            }
        }
    }

    @Test
    void optimisersAreReadAsDictionariesAndSkippedAsObjects() throws IOException {
        try (WeightFile file = WeightFile.open(reference("pt_optimizer_state.pt"))) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.content());
            Map<?, ?> optimizer = (Map<?, ?>) Objects.requireNonNull(content.get("optimizer"));
            Map<?, ?> state = (Map<?, ?>) Objects.requireNonNull(optimizer.get("state"));
            assertThat(state.keySet().stream().map(String::valueOf)).containsExactly("0", "1", "2", "3");
            List<?> groups = (List<?>) Objects.requireNonNull(optimizer.get("param_groups"));
            Map<?, ?> group = (Map<?, ?>) groups.get(0);
            assertThat(group.get("betas")).isEqualTo(Tuple.of(0.9, 0.999));
            assertThat(group.get("amsgrad")).isEqualTo(true);
            assertThat(group.get("foreach")).isNull();
            assertThat(file.read(Objects.requireNonNull(file.tensors().get("optimizer.state.0.step")))
                            .item())
                    .isEqualTo(2);
        }
        try (WeightFile file = WeightFile.open(reference("pt_optimizer_object.pt"))) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.content());
            assertThat(content.get("optimizer")).isEqualTo(new Opaque("torch.optim.adamw.AdamW"));
            assertThat(content.get("global_step")).isEqualTo(100L);
        }
    }

    @Test
    void aStorageWithAFlippedBitIsToldByItsChecksum() throws IOException {
        byte[] bytes = Files.readAllBytes(reference("pt_plain.pth"));
        Path bad = folder.resolve("flipped.pt");
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\u00e9\u00e7\u00e8\u00bc"); // the first weight
        bytes[at + 9] ^= 4;
        Files.write(bad, bytes);
        try (WeightFile file = WeightFile.open(bad)) {
            assertThatThrownBy(() ->
                            file.read(Objects.requireNonNull(file.tensors().get("fc.weight"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("flipped.pt is damaged: the checksum of the storage 0 is");
        }
    }

    @Test
    void theTreeThatIsWrittenIsRead() throws IOException {
        Tensor shared = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("a", shared);
        state.put("b", shared);
        state.put("turned", shared.transpose(0, 1));
        for (DType type : DType.values()) {
            state.put("of" + type, Tensor.of(new double[] {0, 1, 1}, 3).to(type));
        }
        state.put("nothing", Tensor.zeros(DType.I16, 3, 0));
        tree.put("state_dict", state);
        tree.put("numbers", List.of(0L, 255L, 256L, -1L, 1L << 40, Long.MIN_VALUE, 1.5, true, false));
        tree.put("big", BigInteger.TWO.pow(200).negate());
        tree.put("tuple", Tuple.of(1L, null, Tuple.of(), "ünï \u0000"));
        tree.put("ints", Map.of(7L, Map.of()));
        Path path = folder.resolve("a.pt");
        TorchFile.write(path, tree);
        assertThat(Files.size(path)).isEqualTo(TorchFile.content(tree).bytes());
        try (WeightFile file = WeightFile.open(path)) {
            Map<?, ?> read = (Map<?, ?>) Objects.requireNonNull(file.readAll(file.content()));
            for (String key : List.of("numbers", "big", "tuple", "ints")) {
                assertThat(read.get(key)).as(key).isEqualTo(tree.get(key));
            }
            Map<?, ?> weights = (Map<?, ?>) Objects.requireNonNull(read.get("state_dict"));
            assertThat(weights.keySet().stream().map(String::valueOf)).containsExactlyElementsOf(state.keySet());
            state.forEach((name, expected) -> {
                Tensor actual = (Tensor) Objects.requireNonNull(weights.get(name));
                assertThat(actual.toString()).as(name).isEqualTo(expected.toString());
                assertThat(actual.toDoubles()).as(name).isEqualTo(((Tensor) expected).toDoubles());
            });
            assertThat(Objects.requireNonNull(file.tensors().get("state_dict.a"))
                            .storage())
                    .isEqualTo(Objects.requireNonNull(file.tensors().get("state_dict.b"))
                            .storage());
        }
        Path again = folder.resolve("b.pt");
        TorchFile.write(again, tree);
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(path));
    }

    @Test
    void whatCannotBeWrittenIsRefusedByName() {
        assertThatThrownBy(() -> TorchFile.content(Map.of("x", new Opaque("a.B"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Opaque");
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        assertThatThrownBy(() -> TorchFile.content(loop)).hasMessageContaining("more than 100 deep");
    }
}
