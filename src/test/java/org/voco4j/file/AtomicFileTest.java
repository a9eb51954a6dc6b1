package org.voco4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder = Path.of("");

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theOneBeforeIsKeptUnderTheOtherName() throws IOException {
        Path file = folder.resolve("a");
        Path kept = folder.resolve("b");
        AtomicFile.write(file, kept, out -> out.write('1'));
        assertThat(names()).containsExactly("a");
        AtomicFile.write(file, kept, out -> out.write('2'));
        AtomicFile.write(file, kept, out -> out.write('3'));
        assertThat(names()).containsExactly("a", "b");
        assertThat(file).hasContent("3");
        assertThat(kept).hasContent("2");
    }

    @Test
    void aStreamThatFailsLeavesBothAsTheyWere() throws IOException {
        Path file = folder.resolve("a");
        Path kept = folder.resolve("b");
        AtomicFile.write(file, "latest");
        AtomicFile.write(kept, "previous");
        assertThatThrownBy(() -> AtomicFile.write(file, kept, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("the source cannot be read");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the source cannot be read");
        assertThat(names()).containsExactly("a", "b");
        assertThat(file).hasContent("latest");
        assertThat(kept).hasContent("previous");
    }

    @Test
    void aRefusalOfTheDiskNamesTheFileAndTheBytes() {
        Path file = folder.resolve("checkpoint");
        IOException failure = WriteFailure.of(file, 1234567, new IOException("No space left on device"));
        assertThat(failure.getMessage())
                .startsWith(file + " cannot be written: No space left on device; 1,234,567 bytes are needed, ")
                .containsPattern("needed, [0-9,]+ are free");
    }

    @Test
    void partsAreRemovedAndNothingElse() throws IOException {
        for (String name : List.of(".checkpoint.part", "a.part", ".lock")) {
            Files.writeString(folder.resolve(name), "x");
        }
        AtomicFile.removeParts(folder);
        assertThat(names()).containsExactly(".lock", "a.part");
    }

    @Test
    void partsThatSomebodyMayStillBeWritingStay() throws IOException {
        Instant now = Instant.now();
        for (String name : List.of(".new.part", ".old.part", "old")) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.setLastModifiedTime(folder.resolve(".old.part"), FileTime.from(now.minusSeconds(7200)));
        AtomicFile.removeParts(folder, now.minusSeconds(3600));
        assertThat(names()).containsExactly(".new.part", "old");
    }

    @Test
    void whoeverWritesAtTheSameMomentTheFileIsOneOfThemWhole() throws Exception {
        Path file = folder.resolve("a");
        CyclicBarrier half = new CyclicBarrier(2);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (String text : List.of("11111111", "2222")) {
                both.add(pool.submit(() -> {
                    AtomicFile.writeShared(file, out -> {
                        out.write(text.substring(0, 2).getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        meet(half);
                        out.write(text.substring(2).getBytes(StandardCharsets.UTF_8));
                    });
                    return null;
                }));
            }
            for (Future<?> one : both) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(names()).containsExactly("a");
        assertThat(Files.readString(file)).isIn("11111111", "2222");
    }

    private static void meet(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IOException(e);
        }
    }
}
