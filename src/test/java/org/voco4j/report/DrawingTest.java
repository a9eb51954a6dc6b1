package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DrawingTest {
    @TempDir
    private Path folder;

    /** Draws in a process of its own; its words are why it could not. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            String why = Drawing.attempt(() -> Curves.write(Path.of(args[0]), Demo.panels()));
            System.out.print(why == null ? "drawn" : why);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutFontsItSaysSo() throws Exception {
        Path none = folder.resolve("fonts.conf");
        Files.writeString(none, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.resolve("curves.png").toString());
        java.environment().put("FONTCONFIG_FILE", none.toString());
        java.redirectErrorStream(true);
        Process process = java.start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(words).contains("this Java cannot draw text").contains("fontconfig");
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("curves.png")).doesNotExist();
    }

    @Test
    void aPictureThatWasReadIsWrittenAsItWas() throws IOException {
        Path file = folder.resolve("curves.png");
        Curves.write(file, Demo.panels());
        assertThat(Picture.read(file).png()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void missingLibrariesAreAReason() throws IOException {
        assertThat(Drawing.attempt(() -> {
                    throw new UnsatisfiedLinkError("libfreetype.so.6: cannot open");
                }))
                .contains("libfreetype");
        assertThat(Drawing.attempt(() -> {})).isNull();
    }

    @Test
    void whatIsNotJavasDrawingPassesThrough() {
        assertThatThrownBy(() -> Drawing.attempt(() -> {
                    throw new IllegalStateException("a mistake of ours");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Drawing.attempt(() -> {
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> Drawing.attempt(() -> {
                    throw new IOException("a full disk");
                }))
                .isInstanceOf(IOException.class);
    }
}
