package org.voco4j.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.voco4j.engine.tensor.Engine;
import picocli.CommandLine;

/** Commands in this process, with what they print; the number of threads is afterwards what it was before. */
abstract class CommandFixture {
    private static int threads;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeAll
    static void rememberThreads() {
        threads = Engine.threads();
    }

    @AfterAll
    static void threadsAsBefore() {
        Engine.threads(threads);
    }

    /** The exit code of a command. */
    int run(String... args) {
        return execute(out, err, args);
    }

    /** The exit code of a command whose words nobody looks at. */
    static int quietly(String... args) {
        return execute(new StringWriter(), new StringWriter(), args);
    }

    private static int execute(StringWriter out, StringWriter err, String... args) {
        CommandLine voco = Main.commandLine();
        voco.setOut(new PrintWriter(out, true));
        voco.setErr(new PrintWriter(err, true));
        return voco.execute(args);
    }
}
