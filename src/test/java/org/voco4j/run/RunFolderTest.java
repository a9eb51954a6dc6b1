package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

class RunFolderTest {
    private static final RecipeTree RECIPE = RecipeTree.load("pretrain", null, List.of());

    /** Another process: says whether it gets the lock. */
    private static final String PROBE = """
            import java.nio.channels.FileChannel;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;

            class Probe {
                public static void main(String[] args) throws Exception {
                    FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
                    System.out.print(file.tryLock() == null ? "in use" : "free");
                }
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    private RunFolder open(boolean resume) throws IOException {
        return RunFolder.open(folder.resolve("run"), RECIPE, resume);
    }

    private String probe() throws IOException {
        Path source = Files.writeString(folder.resolve("Probe.java"), PROBE);
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        folder.resolve("run/.lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFolderHasOneRunAtATime(boolean resume) throws IOException {
        try (RunFolder held = open(false)) {
            held.begin();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> open(resume))
                        .isInstanceOf(UsageException.class)
                        .hasMessageContainingAll("run is in use by another run", "another folder");
            }
            assertThat(probe()).as("to others, after a refusal").isEqualTo("in use");
        }
        open(true).close();
        assertThat(probe()).isEqualTo("free");
    }

    @Test
    void aRefusalForAnotherReasonLeavesItFree() throws IOException {
        try (RunFolder first = open(false)) {
            first.begin();
        }
        assertThatThrownBy(() -> open(false)).hasMessageContaining("--resume");
        open(true).close();
    }

    @Test
    void aStartThatFailsLeavesNoFolder() throws IOException {
        RunFolder.open(folder.resolve("runs/today/first"), RECIPE, false).close();
        assertThat(folder.resolve("runs")).doesNotExist();
        Files.createDirectories(folder.resolve("runs"));
        RunFolder.open(folder.resolve("runs/today/first"), RECIPE, false).close();
        assertThat(folder.resolve("runs")).isEmptyDirectory();
        try (RunFolder run = open(false)) {
            Files.writeString(run.file("notes.txt"), "of somebody else");
        }
        assertThat(folder.resolve("run/notes.txt")).exists();
        try (RunFolder run = RunFolder.open(folder.resolve("begun"), RECIPE, false)) {
            run.begin();
        }
        assertThat(folder.resolve("begun/config.yaml")).exists();
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenIsRemoved() throws IOException {
        try (RunFolder run = open(false)) {
            Path part = Files.writeString(run.file(".checkpoint_latest.safetensors.part"), "half");
            run.begin();
            assertThat(part).doesNotExist();
        }
    }
}
