package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WeightsCommandTest extends CommandFixture {
    private static final String REFERENCE = "src/test/resources/reference/";

    @TempDir
    private Path folder = Path.of("");

    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("module.a.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        weights.put("module.a.bias", Tensor.of(new double[] {0.5, -0.25}, 2));
        weights.put("module.b.index", Tensor.of(new long[] {7, 1L << 60}, 2));
        weights.put("module.b.mask", Tensor.of(new double[] {1, 0}, 2).to(DType.BOOL));
        return weights;
    }

    @BeforeEach
    void makeFiles() throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("epoch", 7L);
        tree.put("best_acc", 0.8385);
        tree.put("amp", true);
        tree.put("code", "007");
        tree.put("roi", Tuple.of(96L, 48L));
        tree.put("state_dict", weights());
        tree.put("optimizer", Map.of("state", Map.of(0L, Map.of("step", Tensor.of(new float[] {2}, 1)))));
        TorchFile.write(folder.resolve("a.pt"), tree);
        Safetensors.write(
                folder.resolve("other.safetensors"), Map.of("x", Tensor.of(new float[] {70000}, 1)), Map.of());
        Files.createDirectory(folder.resolve("run"));
        Safetensors.write(folder.resolve("run/model.safetensors"), weights(), Map.of("voco4j.kind", "a\nb"));
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("text.pt"), "not weights");
        TorchFile.write(folder.resolve("none.pt"), Map.of("epoch", 3L));
    }

    /** A command of words, with DIR for the test's folder and REF for the reference files. */
    private int weights(String line) {
        List<String> args = new ArrayList<>(List.of("weights"));
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", folder.toString()).replace("REF/", REFERENCE));
        }
        return run(args.toArray(String[]::new));
    }

    @Test
    void inspectShowsWhatAFileHolds() {
        assertThat(weights("inspect DIR/a.pt")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("a.pt: PyTorch zip, ")
                .contains("Weights: under state_dict, 4 tensors, 8 parameters {BOOL=1, F32=1, F64=1, I64=1}")
                .contains("Beside them: epoch = 7", "Beside them: best_acc = 0.8385", "Beside them: roi.1 = 48")
                .contains("Not read: optimizer: optimiser state, 1 tensors")
                .contains("part      tensors  parameters  largest")
                .contains("module.a        2           8  weight F32[2, 3]")
                .contains("module.b        2           0  index I64[2]");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void inspectListsEveryTensorInJsonAndTakesARunsFolder() {
        assertThat(weights("inspect DIR/run --json")).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.propertyNames())
                .containsExactly(
                        "file",
                        "format",
                        "bytes",
                        "where",
                        "tensorCount",
                        "parameters",
                        "dtypes",
                        "networks",
                        "scalars",
                        "others",
                        "tensors");
        assertThat(document.path("format").asString()).isEqualTo("safetensors");
        assertThat(document.path("tensors").path(0).toString())
                .isEqualTo("{\"name\":\"module.a.weight\",\"dtype\":\"F32\",\"shape\":[2,3]}");
        assertThat(document.path("scalars").path("voco4j.kind").asString()).isEqualTo("a\nb");
    }

    @Test
    void inspectRecognisesTheReleasedCheckpoint() {
        assumeThat(Path.of("../shared/reference/voco_small_module_prefixed.pt")).exists(); // beside a checkout, or not
        assertThat(weights("inspect ../shared/reference/voco_small_module_prefixed.pt --json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("scalars").path("global_step").asString()).isEqualTo("1000");
        List<String> seen = new ArrayList<>();
        document.path("networks")
                .forEach(network -> seen.add(network.path("role").asString() + ": "
                        + network.path("name").asString() + " "
                        + network.path("version").asString("") + " "
                        + network.path("hyperParameters").path("featureSize").asInt(0)));
        assertThat(seen)
                .contains("student: Swin-UNETR encoder v2 6", "teacher: Swin-UNETR encoder v2 6")
                .hasSize(4); // and their projectors
    }

    @ParameterizedTest
    @CsvSource({
        "pt_optimizer_object.pt, Not read: optimizer: torch.optim.adamw.AdamW",
        "pt_legacy.pt, PyTorch legacy",
        "pt_plain.pth, 'Weights: the whole file, 7 tensors'",
        "pt_odd_tensors.pt, BF16=1",
    })
    void inspectKnowsFilesOfPyTorch(String name, String sentence) {
        assertThat(weights("inspect REF/" + name)).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains(sentence);
    }

    @Test
    void inspectSaysThatThereAreNoWeights() {
        assertThat(weights("inspect DIR/none.pt")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("It holds no weights.", "epoch = 3");
    }

    @Test
    void thereAndBackGivesEqualTensors() throws IOException {
        assertThat(weights("convert DIR/a.pt DIR/b.safetensors")).isEqualTo(ExitCode.DONE);
        assertThat(err.toString().strip()).isEqualTo("Left out: optimizer: optimiser state, 1 tensors");
        assertThat(out.toString()).contains("b.safetensors: 4 tensors, ");
        Safetensors.Contents contents = Safetensors.read(folder.resolve("b.safetensors"));
        assertThat(contents.metadata().toString())
                .isEqualTo("{epoch=7, best_acc=0.8385, amp=true, code=007, roi.0=96, roi.1=48}");
        assertThat(weights("convert DIR/b.safetensors DIR/c.pth")).isEqualTo(ExitCode.DONE);
        try (WeightFile file = WeightFile.open(folder.resolve("c.pth"))) {
            Map<?, ?> content = (Map<?, ?>) Objects.requireNonNull(file.content());
            assertThat(content.get("epoch")).isEqualTo(7L);
            assertThat(content.get("best_acc")).isEqualTo(0.8385);
            assertThat(content.get("amp")).isEqualTo(true);
            assertThat(content.get("code")).isEqualTo("007");
        }
        assertThat(weights("diff DIR/a.pt DIR/c.pth")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("4 equal, 0 different, 0 of another shape");
        assertThat(weights("convert DIR/c.pth DIR/d.safetensors")).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllBytes(folder.resolve("d.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("b.safetensors")));
    }

    @Test
    void prefixesAndHalfPrecisionAreAskedFor() throws IOException {
        String line = "convert DIR/a.pt DIR/h.safetensors --prefix-remove module.a. --prefix-add net. --half --json";
        assertThat(weights(line)).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("tensors").asInt()).isEqualTo(4);
        assertThat(document.path("leftOut").path(0).asString()).isEqualTo("optimizer: optimiser state, 1 tensors");
        Map<String, Tensor> tensors =
                Safetensors.read(folder.resolve("h.safetensors")).tensors();
        assertThat(tensors.toString())
                .isEqualTo(
                        "{net.weight=F16[2, 3], net.bias=F16[2], net.module.b.index=I64[2], net.module.b.mask=BOOL[2]}");
        assertThat(Objects.requireNonNull(tensors.get("net.bias")).toDoubles()).containsExactly(0.5, -0.25);
    }

    @Test
    void diffCountsWhatDiffers() throws IOException {
        Map<String, Tensor> other = weights();
        other.put("module.a.weight", Tensor.of(new float[] {1, 2, 3.5f, 4, 5, -0.0f}, 2, 3));
        other.put("module.a.bias", Tensor.of(new float[] {0.5f, -0.25f}, 2));
        other.remove("module.b.mask");
        other.put("more", Tensor.of(new float[] {1}, 1));
        Safetensors.write(folder.resolve("o.safetensors"), other, Map.of());
        assertThat(weights("diff DIR/a.pt DIR/o.safetensors")).isEqualTo(ExitCode.DIFFERENT);
        assertThat(out.toString())
                .contains("1 equal, 1 different, 1 of another shape or number format, 1 only in A, 1 only in B")
                .containsPattern("module.a.weight +2 +6.0")
                .containsPattern("module.a.bias +F64\\[2\\] +F32\\[2\\]")
                .contains("Only in A: module.b.mask", "Only in B: more");
        out.getBuffer().setLength(0);
        assertThat(weights("diff DIR/a.pt DIR/o.safetensors --json")).isEqualTo(ExitCode.DIFFERENT);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("same").asBoolean()).isFalse();
        assertThat(document.path("different").toString())
                .isEqualTo("[{\"name\":\"module.a.weight\",\"values\":2,\"largest\":6.0}]");
        assertThat(document.path("onlyInB").toString()).isEqualTo("[\"more\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inspect DIR/nowhere.pt | there is no file or folder",
                "inspect DIR/empty | has no model.safetensors",
                "inspect DIR/text.pt | text.pt is no whole .safetensors file",
                "inspect | Missing required parameter: 'FILE'",
                "convert DIR/a.pt DIR/a.txt | expected a name that ends with .safetensors, .pt or .pth, found",
                "convert DIR/a.pt DIR/none/a.pt | there is no folder for a file",
                "convert DIR/a.pt DIR/other.safetensors | exists; --force replaces it",
                "convert DIR/none.pt DIR/x.pt | holds no weights to convert",
                "convert DIR/text.pt DIR/x.pt | text.pt is no whole .safetensors file",
                "convert DIR/a.pt DIR/x.pt --prefix-remove net. | no weight has a name that begins with 'net.'",
                "convert DIR/other.safetensors DIR/x.pt --half | x has the value ±70000.0, half precision ends at 65504",
                "diff DIR/a.pt DIR/text.pt | text.pt is no whole .safetensors file",
                "diff DIR/a.pt | Missing required parameter: 'B'",
            })
    void wrongInputIsASentenceAndCode2(String line, String sentence) {
        assertThat(weights(line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
        assertThat(folder.resolve("x.pt")).doesNotExist();
    }

    @Test
    void aFileThatWouldRunAProgramIsRefusedAndRunsNothing() throws IOException {
        byte[] pickle = "cposix\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII);
        Path path = folder.resolve("evil.pt");
        try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
            CRC32 crc = new CRC32();
            crc.update(pickle);
            ZipEntry entry = new ZipEntry("archive/data.pkl");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(pickle.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(pickle);
        }
        assertThat(weights("inspect DIR/evil.pt")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("asks to call posix.system: made to run a program, not to hold weights");
    }
}
