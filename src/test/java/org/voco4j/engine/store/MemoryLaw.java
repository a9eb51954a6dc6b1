package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** What a file may do: be read or refused in words, with no memory beyond its size and 64 MB. */
final class MemoryLaw {
    static final long BEYOND = 64L << 20;

    private MemoryLaw() {}

    /** Loads every class once, so that the measurement is of files alone. */
    static void load() throws IOException {
        Engine.load();
        for (String name : List.of("pt_plain.pth", "pt_legacy.pt", "pt_expected.safetensors")) {
            try (WeightFile file = WeightFile.open(WeightFileTest.reference(name))) { // classes are loaded once
                file.readAll(file.content());
            }
        }
    }

    /** Opens a file and reads all of it within the law; the refusal, or null if it was read. */
    static @Nullable String attempt(Path path) throws IOException {
        long before = allocated();
        long outside = 0;
        String refusal = null;
        try (Scope scope = Scope.open();
                WeightFile file = WeightFile.open(path)) {
            assertThat(StateDict.of(file).where()).isNotNull();
            for (StoredTensor tensor : file.tensors().values()) {
                Tensor values = file.read(tensor);
                outside += values.count() * values.type().bytes();
            }
        } catch (IOException e) {
            refusal = String.valueOf(e.getMessage());
            assertThat(refusal).contains(path.getFileName().toString());
        }
        assertThat(allocated() - before + outside)
                .as("bytes allocated for %s", path)
                .isLessThanOrEqualTo(Files.size(path) + BEYOND);
        return refusal;
    }

    static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
