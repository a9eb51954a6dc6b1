package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was found once is not asked again, unless its file is not what was written. */
class KernelVerdictsTest {
    @TempDir
    private Path folder;

    private int asked;

    @BeforeEach
    @AfterEach
    void forget() {
        KernelVerdicts.forget();
    }

    private boolean isWrong(String kernel, boolean truth) {
        return KernelVerdicts.isWrong(kernel, () -> {
            asked++;
            return truth;
        });
    }

    private void newProcess() {
        KernelVerdicts.forget();
        KernelVerdicts.keepIn(folder.resolve("cache"));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void anotherProcessNeedNotAsk() throws IOException {
        newProcess();
        assertThat(isWrong("a", true)).isTrue();
        assertThat(isWrong("b", false)).isFalse();
        newProcess();
        assertThat(isWrong("a", false)).isTrue();
        assertThat(isWrong("b", true)).isFalse();
        assertThat(asked).isEqualTo(2);
        file();
    }

    @Test
    void anotherNumberOfThreadsIsAnotherKernel() {
        int threads = Engine.threads();
        newProcess();
        isWrong("a", true);
        Engine.threads(threads + 1);
        try {
            assertThat(isWrong("a", false)).isFalse();
        } finally {
            Engine.threads(threads);
        }
    }

    @Test
    void whatAnotherProcessFoundMeanwhileStays() throws IOException {
        newProcess();
        isWrong("a", true);
        byte[] others = Files.readAllBytes(file());
        Path file = file();
        Files.delete(file);
        newProcess();
        Files.write(file, others);
        isWrong("b", false);
        newProcess();
        assertThat(isWrong("a", false)).isTrue();
        assertThat(isWrong("b", true)).isFalse();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aDamagedOrForeignFileIsAsNoneAndIsReplaced() throws IOException {
        List<UnaryOperator<String>> damages = List.of(
                text -> "",
                text -> "\n",
                text -> text.substring(0, text.length() / 2),
                text -> text.replace("right", "wrong"),
                text -> text.replaceFirst("libtorch ", "libtorch 9"),
                text -> "\uFFFD".repeat(2_000_000));
        for (UnaryOperator<String> damage : damages) {
            newProcess();
            isWrong("a", false);
            Files.writeString(file(), damage.apply(Files.readString(file())));
            asked = 0;
            newProcess();
            assertThat(isWrong("a", true)).isTrue();
            assertThat(asked).isEqualTo(1);
            newProcess();
            assertThat(isWrong("a", false)).isTrue();
            Files.delete(file());
        }
    }

    @Test
    void aFolderThatCannotBeIsDoneWithout() throws IOException {
        Files.writeString(folder.resolve("cache"), "no folder");
        newProcess();
        assertThat(isWrong("a", true)).isTrue();
        assertThat(isWrong("a", false)).isTrue();
        assertThat(Files.readString(folder.resolve("cache"))).isEqualTo("no folder");
    }
}
