package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StudyCommandTest {
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        CommandLine voco = Main.commandLine();
        voco.setErr(new PrintWriter(err, true));
        return voco.execute(words);
    }

    @Test
    void whatCannotBeIsSaidBeforeAnythingIsMade(@TempDir Path folder) {
        String out = folder.resolve("out").toString();
        assertThat(run("study", "--out", out)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--recipe: a study needs one; shipped are encoders-torso, ");
        assertThat(run("study", "--recipe", "table6-torso", "--out", out, "--part", "3/2"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--part must be I/K");
        assertThat(run("study", "--recipe", "table6-torso", "--out", out, "--set", "seeds=0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("seeds must lie in 1…999, not 0");
        assertThat(Path.of(out)).doesNotExist();
    }
}
