package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.store.Checksum;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;

class RunCheckpointTest {
    @TempDir
    private Path folder = Path.of("");

    /** Two weights and their optimiser, as after some steps. */
    private static final class State {
        final Map<String, Tensor> weights = new LinkedHashMap<>();
        final Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, false));

        State(float first, int length) {
            weights.put("a", Tensor.of(new float[] {first, 2}, 2));
            weights.put("b", Tensor.of(new float[length], length));
            optimizer.add(weights, 1, 0);
            optimizer.state().values().forEach(moment -> InPlace.add(moment, first));
        }

        List<double[]> values() {
            List<double[]> values = new ArrayList<>();
            weights.values().forEach(tensor -> values.add(tensor.toDoubles()));
            optimizer.state().values().forEach(tensor -> values.add(tensor.toDoubles()));
            return values;
        }

        AtomicFile.Content content() {
            return RunCheckpoint.of("test", weights, optimizer, 1200, 0.5);
        }

        RunCheckpoint.Place load(Path path) throws IOException {
            return RunCheckpoint.load(path, "test", weights, optimizer);
        }
    }

    private Path saved() throws IOException {
        Path file = folder.resolve("good.safetensors");
        AtomicFile.write(file, new State(1, 3).content());
        return file;
    }

    @Test
    void whatIsSavedIsLoadedAndItsSizeIsKnownBefore() throws IOException {
        State other = new State(5, 3);
        assertThat(other.load(saved())).isEqualTo(new RunCheckpoint.Place(1200, 0.5));
        assertThat(other.values()).usingRecursiveComparison().isEqualTo(new State(1, 3).values());
        assertThat(other.content().bytes()).isEqualTo(Files.size(saved()));
    }

    @Test
    void everyFlippedBitIsNoticedAndChangesNothing() throws IOException {
        byte[] good = Files.readAllBytes(saved());
        Path bad = folder.resolve("bad.safetensors");
        State other = new State(5, 3);
        for (int bit = 0; bit < 8 * good.length; bit += 3) { // a third of all bits, and every byte
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(bad, flipped);
            assertThat(catchThrowable(() -> other.load(bad)))
                    .as("byte %d, bit %d", bit / 8, bit % 8)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bad.safetensors");
        }
        assertThat(other.values()).usingRecursiveComparison().isEqualTo(new State(5, 3).values());
    }

    @Test
    void everyTruncationIsNoticedAndChangesNothing() throws IOException {
        byte[] good = Files.readAllBytes(saved());
        Path bad = folder.resolve("bad.safetensors");
        State other = new State(5, 3);
        for (int length = 0; length < good.length; length++) {
            Files.write(bad, Arrays.copyOf(good, length));
            assertThat(catchThrowable(() -> other.load(bad)))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> other.load(bad))
                .hasMessageContaining("expected ")
                .hasMessageContaining("found ");
        assertThat(other.values()).usingRecursiveComparison().isEqualTo(new State(5, 3).values());
    }

    @Test
    void aCheckpointOfAnotherNetworkChangesNothing() throws IOException {
        State other = new State(5, 4); // the first weight would fit, the last one does not
        assertThatThrownBy(() -> other.load(saved())).hasMessageContaining("task.b: expected F32[4], found F32[3]");
        assertThat(other.values()).usingRecursiveComparison().isEqualTo(new State(5, 4).values());
        State same = new State(5, 3);
        Path file = saved();
        assertThatThrownBy(() -> RunCheckpoint.load(file, "other", same.weights, same.optimizer))
                .hasMessageContaining("kind: expected voco-other-checkpoint, found voco-test-checkpoint");
    }

    @Test
    void theChecksumSeesNamesShapesAndFormats() {
        Tensor two = Tensor.zeros(DType.F32, 2);
        assertThat(List.of(
                        Checksum.of(Map.of("a", two), Map.of()),
                        Checksum.of(Map.of("b", two), Map.of()),
                        Checksum.of(Map.of("a", two), Map.of("step", "1")),
                        Checksum.of(Map.of("a", two.reshape(2, 1)), Map.of()),
                        Checksum.of(Map.of("a", two.to(DType.F64)), Map.of())))
                .doesNotHaveDuplicates();
    }
}
