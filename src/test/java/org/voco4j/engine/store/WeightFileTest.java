package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.engine.tensor.Scope;
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

    /** One object, by Python's pickle.dumps in each protocol. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void plainDataOfAllProtocolsAreRead(int protocol) throws IOException {
        Path path = Archives.of(Files.readAllBytes(reference("plain_data_protocol" + protocol + ".pkl")))
                .write(folder.resolve("plain.pt"));
        try (WeightFile file = WeightFile.open(path)) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.content());
            BigInteger large = BigInteger.TWO.pow(70).negate();
            assertThat((List<?>) content.get("a"))
                    .isEqualTo(Arrays.asList(1L, 2.5, -300L, 1L << 40, large, true, null, Tuple.of()));
            assertThat(content.get(Tuple.of("t", 1L))).isEqualTo("ünï\n'\\");
            assertThat(content.get("e")).isEqualTo(Map.of());
            assertThat(content.get("s")).isEqualTo(List.of(3L));
            assertThat(content.get("n")).isEqualTo(new Opaque("bytes"));
            assertThat(content.get("o")).isEqualTo(Map.of("x", 1L));
            List<?> twice = (List<?>) Objects.requireNonNull(content.get("twice"));
            assertThat(twice.get(0)).isSameAs(twice.get(1));
        }
    }

    @Test
    void theLegacyFormatIsToldByItsNumberInEveryProtocol() throws IOException {
        byte[] legacy = Files.readAllBytes(reference("pt_legacy.pt"));
        ByteArrayOutputStream framed = new ByteArrayOutputStream(); // as protocol 4 writes the number
        framed.write(Archives.bytes("\u0080\u0004\u0095\r\0\0\0\0\0\0\0"));
        framed.write(legacy, 2, legacy.length - 2);
        Path path = Files.write(folder.resolve("framed.pt"), framed.toByteArray());
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.format()).isEqualTo("PyTorch legacy");
            assertEqual(file.read(Objects.requireNonNull(file.tensors().get("state_dict.fc.bias"))), "state.fc.bias");
        }
    }

    @Test
    void oldViewsOfStoragesBeginWhereTheySay() throws IOException {
        // a view of the numbers 2 to 5 of 8; the tensor is its last two, turned
        String view = "ctorch._utils\n_rebuild_tensor\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI8\n"
                + "(S'v'\nI2\nI4\nttQI2\n(I2\nt(I1\nttR";
        byte[] numbers = Archives.written(new SafetensorsContent(
                Map.of("n", Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 8)), Map.of()));
        Path path = Archives.of(Archives.bytes(view + "."))
                .with("archive/data/0", Arrays.copyOfRange(numbers, numbers.length - 32, numbers.length))
                .write(folder.resolve("view.pt"));
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.tensors().keySet()).containsExactly("tensor");
            assertThat(file.read(Objects.requireNonNull(file.tensors().get("tensor")))
                            .toDoubles())
                    .containsExactly(4, 5);
        }
    }

    @Test
    void tensorsInAnotherMemoryOrderAreGatheredInPieces() throws IOException {
        // [2, 3, 70000, 60] with the second dimension innermost, as channels_last has it; 100 MB, more than one piece
        long[] shape = {2, 3, 70_000, 60};
        String pickle = Archives.tensor(2L * 3 * 70_000 * 60, "2 3 70000 60", "12600000 1 180 3", 0) + ".";
        byte[] storage = new byte[4 * 2 * 3 * 70_000 * 60];
        FloatBuffer numbers =
                ByteBuffer.wrap(storage).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        for (int i = 0; i < numbers.capacity(); i++) {
            numbers.put(i, i % 1_000_003);
        }
        Path path = Archives.of(Archives.bytes(pickle))
                .with("archive/data/0", storage)
                .write(folder.resolve("last.pt"));
        try (Scope scope = Scope.open();
                WeightFile file = WeightFile.open(path)) {
            Tensor tensor = file.read(Objects.requireNonNull(file.tensors().get("tensor")));
            assertThat(tensor.shape()).isEqualTo(shape);
            for (int n = 0; n < 2; n++) {
                for (int c = 0; c < 3; c++) {
                    for (int x : new int[] {0, 23_301, 23_302, 46_603, 69_999}) {
                        float[] row = tensor.narrow(0, n, 1)
                                .narrow(1, c, 1)
                                .narrow(2, x, 1)
                                .toFloats();
                        for (int y = 0; y < 60; y++) {
                            int at = n * 12_600_000 + c + x * 180 + y * 3;
                            assertThat(row[y]).isEqualTo(at % 1_000_003);
                        }
                    }
                }
            }
        }
    }

    @Test
    void checksumsThatPyTorchWasToldToLeaveOutAreNotMissed() throws IOException {
        byte[] bytes = Files.readAllBytes(reference("pt_plain.pth"));
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < bytes.length; at++) {
            if (file.getInt(at) == 0x02014b50) {
                file.putInt(at + 16, 0);
            }
        }
        try (WeightFile weights = WeightFile.open(Files.write(folder.resolve("plain.pt"), bytes))) {
            assertEqual(weights.read(Objects.requireNonNull(weights.tensors().get("fc.weight"))), "state.fc.weight");
        }
    }

    @Test
    void untypedStoragesTakeTheNumberFormatOfTheirTensors() throws IOException {
        String tensor =
                ("ctorch._utils _rebuild_tensor_v3 ((S'storage' ctorch.storage UntypedStorage S'0' S'cpu' I8 tQI1 "
                                + "(I3 t(I1 tI00 ccollections OrderedDict )Rctorch ")
                        .replace(' ', '\n');
        String pickle = "](" + tensor + "int16\ntR" + tensor + "uint16\ntRe.";
        Path path = Archives.of(Archives.bytes(pickle))
                .with("archive/data/0", new byte[] {9, 9, 1, 0, 2, 1, -1, -1})
                .write(folder.resolve("untyped.pt"));
        try (WeightFile file = WeightFile.open(path)) {
            StoredTensor read = Objects.requireNonNull(file.tensors().get("0"));
            assertThat(read.toString()).isEqualTo("I16[3]");
            assertThat(file.read(read).toDoubles()).containsExactly(1, 258, -1);
            assertThat((List<?>) file.content()).last().isEqualTo(new Opaque("tensor of torch.uint16"));
        }
    }

    @Test
    void whatIsNoSafetensorsFileIsSentToTheCommandThatConverts() {
        assertThatThrownBy(() -> Safetensors.read(reference("pt_plain.pth")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no .safetensors file but PyTorch zip; voco weights convert makes one");
    }
}
