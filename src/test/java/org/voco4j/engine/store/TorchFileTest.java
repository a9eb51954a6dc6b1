package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

class TorchFileTest {
    @TempDir
    private Path folder = Path.of("");

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
    void aFileOfManyEntriesNeedsZip64AndIsRead() throws IOException {
        Archives archive = Archives.of(Archives.bytes(Archives.tensor(1, "1", "1", 0) + "."))
                .with("archive/data/0", new byte[4]);
        for (int i = 1; i < 70_000; i++) {
            archive.with("archive/data/" + i, new byte[0]);
        }
        try (WeightFile file = WeightFile.open(archive.write(folder.resolve("many.pt")))) {
            assertThat(file.tensors()).hasSize(1);
        }
    }
}
