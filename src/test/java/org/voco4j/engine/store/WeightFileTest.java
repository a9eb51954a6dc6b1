package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.TestData;
import org.voco4j.engine.tensor.DType;
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

    /** Python's pickle.dumps(o, 0) to (o, 5), in base64. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "KGRwMApWYQpwMQoobHAyCkkxCmFGMi41CmFJLTMwMAphTDEwOTk1MTE2Mjc3NzZMCmFMLTExODA1OTE2MjA3MTc0MT"
                        + "EzMDM0MjRMCmFJMDEKYU5hKHRhcyhWdApwMwpJMQp0cDQKVvxu71x1MDAwYSdcdTAwNWMKcDUKc1ZlCnA2CihkcDcK"
                        + "c1ZzCnA4CmNfX2J1aWx0aW5fXwpzZXQKcDkKKChscDEwCkkzCmF0cDExClJwMTIKc1ZuCnAxMwpjX2NvZGVjcwplbm"
                        + "NvZGUKcDE0CihWcmF3CnAxNQpWbGF0aW4xCnAxNgp0cDE3ClJwMTgKc1ZvCnAxOQpjY29sbGVjdGlvbnMKT3JkZXJl"
                        + "ZERpY3QKcDIwCih0UnAyMQpWeApwMjIKSTEKc3NWdHdpY2UKcDIzCihscDI0CihscDI1CmFnMjUKYXMu",
                "fXEAKFgBAAAAYXEBXXECKEsBR0AEAAAAAAAAStT+//9MMTA5OTUxMTYyNzc3NkwKTC0xMTgwNTkxNjIwNzE3NDExMz"
                        + "AzNDI0TApJMDEKTillKFgBAAAAdHEDSwF0cQRYCAAAAMO8bsOvCidccQVYAQAAAGVxBn1xB1gBAAAAc3EIY19fYnVp"
                        + "bHRpbl9fCnNldApxCShdcQpLA2F0cQtScQxYAQAAAG5xDWNfY29kZWNzCmVuY29kZQpxDihYAwAAAHJhd3EPWAYAAA"
                        + "BsYXRpbjFxEHRxEVJxElgBAAAAb3ETY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEUKVJxFVgBAAAAeHEWSwFzWAUA"
                        + "AAB0d2ljZXEXXXEYKF1xGWgZZXUu",
                "gAJ9cQAoWAEAAABhcQFdcQIoSwFHQAQAAAAAAABK1P7//4oGAAAAAAABigkAAAAAAAAAAMCITillWAEAAAB0cQNLAY"
                        + "ZxBFgIAAAAw7xuw68KJ1xxBVgBAAAAZXEGfXEHWAEAAABzcQhjX19idWlsdGluX18Kc2V0CnEJXXEKSwNhhXELUnEM"
                        + "WAEAAABucQ1jX2NvZGVjcwplbmNvZGUKcQ5YAwAAAHJhd3EPWAYAAABsYXRpbjFxEIZxEVJxElgBAAAAb3ETY2NvbG"
                        + "xlY3Rpb25zCk9yZGVyZWREaWN0CnEUKVJxFVgBAAAAeHEWSwFzWAUAAAB0d2ljZXEXXXEYKF1xGWgZZXUu",
                "gAN9cQAoWAEAAABhcQFdcQIoSwFHQAQAAAAAAABK1P7//4oGAAAAAAABigkAAAAAAAAAAMCITillWAEAAAB0cQNLAY"
                        + "ZxBFgIAAAAw7xuw68KJ1xxBVgBAAAAZXEGfXEHWAEAAABzcQhjYnVpbHRpbnMKc2V0CnEJXXEKSwNhhXELUnEMWAEA"
                        + "AABucQ1DA3Jhd3EOWAEAAABvcQ9jY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcRApUnERWAEAAAB4cRJLAXNYBQAAAH"
                        + "R3aWNlcRNdcRQoXXEVaBVldS4=",
                "gASVnAAAAAAAAAB9lCiMAWGUXZQoSwFHQAQAAAAAAABK1P7//4oGAAAAAAABigkAAAAAAAAAAMCITilljAF0lEsBhp"
                        + "SMCMO8bsOvCidclIwBZZR9lIwBc5SPlChLA5CMAW6UQwNyYXeUjAFvlIwLY29sbGVjdGlvbnOUjAtPcmRlcmVkRGlj"
                        + "dJSTlClSlIwBeJRLAXOMBXR3aWNllF2UKF2UaBRldS4=",
                "gAWVnAAAAAAAAAB9lCiMAWGUXZQoSwFHQAQAAAAAAABK1P7//4oGAAAAAAABigkAAAAAAAAAAMCITilljAF0lEsBhp"
                        + "SMCMO8bsOvCidclIwBZZR9lIwBc5SPlChLA5CMAW6UQwNyYXeUjAFvlIwLY29sbGVjdGlvbnOUjAtPcmRlcmVkRGlj"
                        + "dJSTlClSlIwBeJRLAXOMBXR3aWNllF2UKF2UaBRldS4="
            })
    void plainDataOfAllProtocolsAreRead(String pickle) throws IOException {
        Path path = Archives.of(Base64.getDecoder().decode(pickle)).write(folder.resolve("plain.pt"));
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
    void whatLiesBeyondFourGigabytesIsFound() throws IOException {
        long hole = (4L << 30) + 5;
        Path path = folder.resolve("large.pt");
        ByteBuffer zeros = ByteBuffer.allocate(1 << 24);
        StoredZip zip = new StoredZip();
        zip.add("archive/data.pkl", Archives.bytes(Archives.tensor(2, "2", "1", 0) + "."));
        zip.add("archive/data/hole", hole, taker -> {
            for (long at = 0; at < hole; at += zeros.capacity()) {
                taker.take(zeros.clear().limit((int) Math.min(zeros.capacity(), hole - at)));
            }
        });
        zip.add("archive/data/0", new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40}); // 1 and 2
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            zip.writeTo(new Holes(channel));
        }
        assertThat(Files.size(path)).isEqualTo(zip.bytes()).isGreaterThan(hole);
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.read(Objects.requireNonNull(file.tensors().get("tensor")))
                            .toDoubles())
                    .containsExactly(1, 2);
        }
        Files.delete(path);
    }

    /** Leaves out the zeros that it writes, so that they take no room on the disk. */
    private static final class Holes extends OutputStream {
        private final FileChannel channel;
        private long at;

        Holes(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (Arrays.mismatch(bytes, from, from + length, new byte[length], 0, length) >= 0) {
                channel.write(ByteBuffer.wrap(bytes, from, length), at);
            }
            at += length;
        }
    }

    @Test
    void fileOfManyEntriesNeedsZip64AndIsRead() throws IOException {
        Archives archive = Archives.of(Archives.bytes(Archives.tensor(1, "1", "1", 0) + "."))
                .with("archive/data/0", new byte[4]);
        for (int i = 1; i < 70_000; i++) {
            archive.with("archive/data/" + i, new byte[0]);
        }
        try (WeightFile file = WeightFile.open(archive.write(folder.resolve("many.pt")))) {
            assertThat(file.tensors()).hasSize(1);
        }
    }

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
