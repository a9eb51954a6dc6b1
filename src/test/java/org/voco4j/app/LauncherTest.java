package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The launcher knows every command: one that is new would otherwise compute without the Vector API, and nobody would see it. */
class LauncherTest {
    @Test
    void everyCommandStandsInOneLineOfWhatItNeedsOfJava() throws IOException {
        String launcher = Files.readString(Path.of("voco"));
        String from = launcher.substring(launcher.indexOf("\nkind=plain\n"));
        List<String> known = new ArrayList<>();
        for (String line : from.substring(0, from.indexOf("\nesac\n")).lines().toList()) {
            int end = line.indexOf(')');
            if (line.startsWith("    ") && !line.strip().startsWith("''")) {
                known.addAll(List.of(line.substring(0, end).strip().split(" \\| ")));
            }
        }
        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(
                        Main.commandLine().getSubcommands().keySet());
    }
}
