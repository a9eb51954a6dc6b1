package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** Damaged and malicious files: a sentence, nothing executed, and no memory beyond the file's size and 64 MB. */
class HostileFilesTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void load() throws IOException {
        MemoryLaw.load();
    }

    private void assertRefused(byte[] content, String... words) throws IOException {
        Path path = Files.write(folder.resolve("bad.pt"), content);
        String refusal = MemoryLaw.attempt(path);
        if (refusal == null) {
            fail("was read, expected " + Arrays.toString(words));
        }
        assertThat(refusal).contains(words);
    }

    private void assertPickleRefused(String pickle, String... words) throws IOException {
        assertRefused(
                Archives.of(Archives.bytes(pickle + "."))
                        .with("archive/data/0", new byte[16])
                        .file(),
                words);
    }

    private static String repeated(String opcodes, int times) {
        return opcodes.repeat(times);
    }

    // ---- pickles ----

    @Test
    void nothingIsExecuted() throws IOException {
        Path trace = folder.resolve("trace");
        String command = "(S'touch " + trace + "'\ntR";
        String program = "made to run a program, not to hold weights";
        assertPickleRefused("cposix\nsystem\n" + command, "asks to call posix.system: " + program);
        assertPickleRefused("cos\nsystem\n" + command, "os.system", program);
        assertPickleRefused("csubprocess\nPopen\n" + command, "subprocess.Popen", program);
        assertPickleRefused("cimportlib.util\nmodule_from_spec\n" + command, program);
        assertPickleRefused("ccode\ninteract\n" + command, program);
        assertPickleRefused("cbuiltins\neval\n" + command, "asks to call eval: " + program);
        assertPickleRefused("c__builtin__\ngetattr\n" + command, program);
        assertPickleRefused("\u0080\u0004\u008c\u0002nt\u008c\u0006system\u0093" + command, "nt.system", program);
        assertPickleRefused("(S'touch " + trace + "'\nios\nsystem\n", "os.system", program);
        assertPickleRefused("(cos\nsystem\nS'touch " + trace + "'\no", "os.system", program);
        assertPickleRefused("}S'optimizer'\ncos\nsystem\n" + command + "s", program);
        assertThat(trace).doesNotExist();
        // an unknown class is no harm, whatever is put into it
        String object = "ccode.model\nNet\n)R}S'a'\nI1\nsbS'k'\nI2\ns(I3\neI4\na";
        Path path = Archives.of(Archives.bytes(object + ".")).write(folder.resolve("object.pt"));
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.content()).isEqualTo(new Opaque("code.model.Net"));
        }
    }

    @Test
    void sizesAreCheckedBeforeMemoryIsTaken() throws IOException {
        long huge = 1L << 60;
        assertPickleRefused(Archives.tensor(huge, "" + huge, "1", 0), "would hold 1152921504606846976 numbers");
        assertPickleRefused(
                Archives.tensor(huge >> 4, "" + (huge >> 4), "1", 0),
                "the storage 0 has 16 bytes, its tensors need 288230376151711744");
        assertPickleRefused(Archives.tensor(4, "2 " + huge, huge + " 1", 0), "claims the impossible shape");
        assertPickleRefused(Archives.tensor(4, "" + huge, "1", 0), "the storage has 16");
        assertPickleRefused(Archives.tensor(4, "4294967296 4294967296 4294967296", "0 0 0", 0), "impossible shape");
        assertPickleRefused(Archives.tensor(4, "1099511627776", "0", 0), "more memory than its size and 64 MB");
        assertPickleRefused(Archives.tensor(4, "4", "9223372036854775807", 0), "claims the impossible shape");
        assertPickleRefused(Archives.tensor(4, "4", "1", 1), "reaches to its byte 20, the storage has 16");
        assertPickleRefused(Archives.tensor(4, "-4", "1", 0), "has the size -4");
        assertPickleRefused(Archives.tensor(4, "4", "-1", 3), "the stride -1");
        assertPickleRefused(Archives.tensor(4, "4", "1", -1), "offset -1");
        assertPickleRefused(Archives.tensor(8, "8", "1", 0), "has 16 bytes, its tensors need 32");
        assertPickleRefused(Archives.tensor(4, "4 1", "1", 0), "2 dimensions, 1 strides");
        assertPickleRefused(
                Archives.tensor(4, "1 ".repeat(65).strip(), "1 ".repeat(65).strip(), 0), "65 dimensions");
        assertPickleRefused("X\u00ff\u00ff\u00ff\u007f", "2147483647 bytes are said to follow");
        assertPickleRefused("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "is not whole");
        assertPickleRefused("\u008b\u00ff\u00ff\u00ff\u007f", "a whole number of 2147483647 bytes");
        assertPickleRefused("L" + "1".repeat(5000) + "L\n", "a number of 5001 characters");
        assertPickleRefused("Nr\u00ff\u00ff\u00ff\u00ff", "more memory than its size and 64 MB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "}",
                "]",
                ")",
                "N",
                "(",
                "K\u0001",
                "M\u0001\u0001",
                "G12345678",
                "X\u0000\u0000\u0000\u0000",
                "]0",
                "N2",
                "Nq\u0001h\u00010",
                "(t0",
                "(l0",
                "(d0",
                "N\u00850",
                "I1\n0",
                "F1\n0",
                "V\\u00e9\n0",
                "ca\nb\n0",
                "}\u0094"
            })
    void millionsOfSmallThingsStayWithinTheLaw(String opcodes) throws IOException {
        int times = 10_000_000 / opcodes.length();
        Path path = Archives.of(Archives.bytes(repeated(opcodes, times) + "N.")).write(folder.resolve("many.pt"));
        MemoryLaw.attempt(path);
    }

    /** Four numbers that stand for ten million, under many names. */
    @Test
    void aTensorOfManyNamesTakesItsMemoryOnce() throws IOException {
        StringBuilder pickle = new StringBuilder("}(S'a'\n" + Archives.tensor(4, "10000000", "0", 0) + "q\u0000");
        for (int i = 0; i < 200; i++) {
            pickle.append("S'n").append(i).append("'\nh\u0000");
        }
        Path path = Archives.of(Archives.bytes(pickle + "u."))
                .with("archive/data/0", new byte[16])
                .write(folder.resolve("names.pt"));
        try (Scope scope = Scope.open();
                WeightFile file = WeightFile.open(path)) {
            List<Tensor> all = new ArrayList<>();
            for (StoredTensor tensor : file.tensors().values()) {
                all.add(file.read(tensor));
            }
            assertThat(all).hasSize(201);
            all.get(0).bytes(0, Float.BYTES).putFloat(7);
            assertThat(all).allMatch(tensor -> tensor.bytes(0, Float.BYTES).getFloat() == 7);
        }
    }

    @Test
    void manyKeysAndItemsStayWithinTheLaw() throws IOException {
        StringBuilder keys = new StringBuilder("}(");
        for (int i = 0; i < 500_000; i++) {
            keys.append("J")
                    .append((char) (i & 255))
                    .append((char) (i >> 8 & 255))
                    .append((char) (i >> 16))
                    .append("\0N");
        }
        MemoryLaw.attempt(Archives.of(Archives.bytes(keys + "u.")).write(folder.resolve("keys.pt")));
        MemoryLaw.attempt(
                Archives.of(Archives.bytes("](" + "N".repeat(5_000_000) + "e.")).write(folder.resolve("items.pt")));
        MemoryLaw.attempt(
                Archives.of(Archives.bytes("(" + "N".repeat(5_000_000) + "t.")).write(folder.resolve("tuple.pt")));
        MemoryLaw.attempt(
                Archives.of(Archives.bytes("]" + "Na".repeat(5_000_000) + ".")).write(folder.resolve("append.pt")));
    }

    @Test
    void containersThatGoOnForEverAreRefused() throws IOException {
        assertPickleRefused("]".repeat(200_000) + "a".repeat(199_999), "nested more than 100 deep");
        assertPickleRefused("N" + "\u0085".repeat(200_000), "nested more than 100 deep");
        assertPickleRefused("}I1\n".repeat(150) + "N" + "s".repeat(150), "nested more than 100 deep");
        assertPickleRefused("]q\u0001h\u0001a", "lie in themselves");
        assertPickleRefused("}q\u0001I1\nh\u0001s", "lie in themselves");
        String doubling = "]q\u0000" + "0](h\u0000h\u0000eq\u0000".repeat(60); // 2^60 paths to one list
        assertPickleRefused(doubling, "more memory than its size and 64 MB");
        String tensors = Archives.tensor(4, "4", "1", 0) + "q\u0000" + "0](h\u0000h\u0000eq\u0000".repeat(60);
        assertPickleRefused(tensors, "more memory than its size and 64 MB");
        String types = "ctorch._tensor\n_rebuild_from_type_v2\n";
        String inner = "(ccollections\nOrderedDict\nN)Nt";
        assertPickleRefused(types + repeated("(" + types + "N", 3000) + inner + "Nt".repeat(3000) + "R0(", "damaged");
    }

    @Test
    void keysThatAreCostlyAreRefused() throws IOException {
        assertPickleRefused("}](I1\neI1\ns", "has a key that is no text, number");
        assertPickleRefused("}(" + "I1\n".repeat(17) + "tI1\ns", "has a key that is no text, number");
        assertPickleRefused("}(]tI1\ns", "has a key that is no text, number");
        assertPickleRefused("}ca\nB\nI1\ns", "has a key that is no text, number");
        assertPickleRefused(
                "}(S'a.b'\n" + Archives.tensor(4, "4", "1", 0) + "S'a'\n}S'b'\n" + Archives.tensor(4, "4", "1", 0)
                        + "su",
                "two tensors of the name a.b");
    }

    @Test
    void nonsenseIsRefusedWithItsPlace() throws IOException {
        for (String pickle : List.of(
                "",
                "0",
                "a",
                "e",
                "(e",
                "NNs",
                "NR",
                "h\u0005",
                "j\u0005\0\0\0",
                "t",
                "Q",
                "NQ",
                "(tQ",
                "I\n",
                "Ix\n",
                "Fx\n",
                "Sx\n",
                "S'\n",
                "N\u0093",
                "NN\u0093",
                "(o",
                "NNR",
                "]]R",
                "(NNNu",
                "]N(u",
                "\u0080\u0009",
                "\u0095",
                "P1\n",
                "\u0097",
                "\u00ff",
                "ca\n",
                "V\\u12\n",
                "V\\Uffffffff\n",
                "(S'x'\ntQ",
                "g-1\n",
                "Np-1\n")) {
            assertPickleRefused(pickle, "bad.pt");
        }
    }

    // ---- archives ----

    @Test
    void namesStayInsideTheArchive() throws IOException {
        byte[] none = Archives.bytes("N.");
        for (String name : List.of("archive/../../x", "../x", "/x", "x", "other/x", "archive/a\\..\\x", "archive/..")) {
            assertRefused(Archives.of(none).with(name, none).file(), "an entry named '" + name + "'");
        }
        assertRefused(Archives.of(none).with("x\u001b\u0085[2J", none).file(), "an entry named 'x??[2J'");
        assertRefused(new Archives().with("archive/x", none).file(), "none of torch.save");
        assertRefused(Archives.of(none).with("archive/constants.pkl", none).file(), "TorchScript");
        assertRefused(
                Archives.of(none)
                        .with("archive/byteorder", Archives.bytes("big"))
                        .file(),
                "big-endian");
    }

    @Test
    void compressedEntriesAreRefusedByName() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[1000]);
        }
        assertRefused(bytes.toByteArray(), "archive/data.pkl compressed");
    }

    @Test
    void cutArchivesAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(WeightFileTest.reference("pt_optimizer_state.pt"));
        for (int length = 0; length < whole.length; length += 97) {
            assertRefused(Arrays.copyOf(whole, length), "bad.pt");
        }
        assertRefused(Arrays.copyOf(whole, whole.length / 2), "the directory at its end is missing; was it cut?");
        byte[] legacy = Files.readAllBytes(WeightFileTest.reference("pt_legacy.pt"));
        for (int length = 0; length < legacy.length; length += 13) {
            assertRefused(Arrays.copyOf(legacy, length), "bad.pt");
        }
    }

    @Test
    void entriesThatOverlapOrReachOutAreRefused() throws IOException {
        byte[] good = Archives.of(Archives.bytes(Archives.tensor(4, "4", "1", 0) + "."))
                .with("archive/data/0", new byte[16])
                .file();
        ByteBuffer bytes = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
        int end = good.length - 22;
        int directory = bytes.getInt(end + 16);
        int second = directory + 46 + "archive/data.pkl".length();
        assertThat(bytes.getInt(second)).isEqualTo(0x02014b50);
        bytes.putInt(second + 42, 0); // the second entry where the first is
        assertRefused(good.clone(), "entries overlap");
        bytes.putInt(second + 42, directory - 10);
        assertRefused(good.clone(), "would lie outside");
        bytes.putInt(end + 12, Integer.MAX_VALUE);
        assertRefused(good.clone(), "its directory of 2147483647 bytes");
    }

    @Test
    void otherKindsOfFilesAreRefusedByName() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy(Archives.bytes("ustar"), 0, tar, 257, 5);
        assertRefused(tar, "is a tar archive");
        assertRefused(Archives.bytes("\u0080\u0002N."), "is a plain pickle: expected a file of torch.save");
        assertRefused(
                Archives.bytes("\u0080\u0003cnumpy.core.multiarray\n_reconstruct\n"),
                "is a plain pickle with numpy arrays",
                "torch.from_numpy");
        assertRefused(Archives.bytes("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4'"), "is a numpy array (.npy)");
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(npz)) {
            zip.putNextEntry(new ZipEntry("conv.weight.npy"));
            zip.write(new byte[200]);
        }
        assertRefused(npz.toByteArray(), "is a numpy archive (.npz)", "torch.from_numpy");
        assertRefused(new byte[0], "is an empty file");
        assertRefused(
                Archives.bytes("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
                "is a Git LFS pointer, not the file: git lfs pull");
        assertRefused(Archives.bytes("<!DOCTYPE html><html>Sign in</html>"), "is an HTML page, not the file");
        assertRefused(new byte[2000], "its header would have 0 bytes");
    }

    @Test
    void headersOfSafetensorsObeyTheSameLaw() throws IOException {
        assertRefused(Archives.safetensors("[".repeat(5_000_000), 0), "is not a JSON object");
        assertRefused(Archives.safetensors("{\"a\":" + "[".repeat(5_000_000), 0), "no JSON object");
        assertRefused(Archives.safetensors("{\"__metadata__\":{\"a\":{}}}", 0), "the metadata a, which is no string");
        assertRefused(Archives.safetensors("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0), "metadata a twice");
        String tensor = "{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}";
        assertRefused(Archives.safetensors("{\"a\":" + tensor + ",\"a\":" + tensor + "}", 2), "the tensor a twice");
        assertRefused(Archives.safetensors("{\"a\":" + tensor + "}x", 2), "is not the JSON of one");
        assertRefused(Archives.safetensors("{\"a\":" + tensor + "}{}", 2), "goes on after");
        assertRefused(Archives.safetensors("{\"a\":" + tensor.replace("}", ",\"x\":1}") + "}", 2), "unknown field 'x'");
        assertRefused(
                Archives.safetensors("{\"a\":" + tensor.replace("[2]", "[1152921504606846976,64]") + "}", 2),
                "impossible shape");
        assertRefused(Archives.safetensors("{\"a\":" + tensor.replace("BOOL", "B\u0085") + "}", 2), "format 'B?'");
        StringBuilder many = new StringBuilder("{\"__metadata__\":{\"0\":\"\"");
        for (int i = 1; i < 400_000; i++) {
            many.append(",\"").append(i).append("\":\"\"");
        }
        MemoryLaw.attempt(Files.write(folder.resolve("many.pt"), Archives.safetensors(many + "}}", 0)));
        String text = "{\"__metadata__\":{\"a\":\"" + "\u00e9".repeat(3_000_000) + "\"}}";
        MemoryLaw.attempt(Files.write(folder.resolve("text.pt"), Archives.safetensors(text, 0)));
        StringBuilder empty = new StringBuilder("{\"0\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        for (int i = 1; i < 200_000; i++) {
            empty.append(",\"").append(i).append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        Path path = Files.write(folder.resolve("empty.pt"), Archives.safetensors(empty + "}", 0));
        long before = MemoryLaw.allocated();
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.tensors()).hasSize(200_000);
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("more memory");
        }
        assertThat(MemoryLaw.allocated() - before).isLessThanOrEqualTo(Files.size(path) + MemoryLaw.BEYOND);
    }
}
