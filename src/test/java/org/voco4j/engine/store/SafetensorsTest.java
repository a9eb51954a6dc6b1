package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

class SafetensorsTest {
    @TempDir
    private Path folder = Path.of("");

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("turned", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1));
        tensors.put("double", Tensor.of(new double[] {Math.PI}, 1));
        tensors.put("half", Tensor.of(new float[] {0.5f, -2}, 2).to(DType.F16));
        tensors.put("number", Tensor.of(new float[] {7}, 1).reshape());
        tensors.put("nothing", Tensor.zeros(DType.F32, 0, 4));
        return tensors;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, tensors(), Map.of("kind", "test ünï"));
        Safetensors.Contents read = Safetensors.read(file);
        assertThat(read.metadata()).containsExactly(Map.entry("kind", "test ünï"));
        assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors().keySet());
        tensors().forEach((name, expected) -> {
            Tensor actual = read.tensors().get(name);
            assertThat(actual).isNotNull();
            if (actual != null) {
                assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
                assertThat(actual.type()).as(name).isEqualTo(expected.type());
                assertThat(actual.toDoubles()).as(name).isEqualTo(expected.toDoubles());
            }
        });
        Path again = folder.resolve("b.safetensors");
        Safetensors.write(again, read.tensors(), read.metadata());
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1099511627776,1048576],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9000000000000000000,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":3}",
                "[1,2]   ",
                "not json"
            })
    void aHeaderThatDoesNotFitIsRefusedByName(String header) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + head.length + 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(head.length)
                        .put(head)
                        .array());
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.safetensors");
    }

    @Test
    void headersOfEveryLengthAreRead() throws IOException {
        Path file = folder.resolve("named.safetensors");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = Map.of("t", Tensor.zeros(DType.F32, 1));
            for (int length = 0; length < 600; length++) {
                String note = "n".repeat(length);
                Safetensors.write(file, tensors, Map.of("note", note));
                assertThat(Safetensors.read(file).metadata()).containsEntry("note", note);
            }
        }
    }

    @Test
    void aFileThatWasCutIsToldByItsLength() throws IOException {
        Path file = folder.resolve("cut.safetensors");
        Safetensors.write(file, tensors(), Map.of());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        assertThatThrownBy(() -> Safetensors.read(file))
                .hasMessage(file + " is not whole: expected 64 bytes of tensors, found 59");
    }

    @Test
    void damagedFilesNeverDoMoreThanThrow() throws IOException {
        Path good = folder.resolve("good.safetensors");
        Safetensors.write(good, tensors(), Map.of("kind", "test"));
        byte[] bytes = Files.readAllBytes(good);
        Path bad = folder.resolve("bad.safetensors");
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int trial = 0; trial < 300; trial++) {
            byte[] changed =
                    trial % 3 == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            for (int flips = random.nextInt(4); flips > 0 && changed.length > 0; flips--) {
                changed[random.nextInt(Math.min(changed.length, 500))] = (byte) random.nextInt(256);
            }
            Files.write(bad, changed);
            try {
                Safetensors.read(bad);
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining("bad.safetensors");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }
}
