package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int checked(OutputStream out, int code) {
        StandardOutput output = new StandardOutput(out);
        try (PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            print.println("a result");
        }
        return output.checked(code, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void aFullDiskIsAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThat(checked(full, ExitCode.DONE)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("voco: standard output could not be written: No space left on device");
        assertThat(checked(full, ExitCode.USAGE)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatWasWrittenLeavesTheCodeAsItIs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(checked(out, ExitCode.NOT_LEARNED)).isEqualTo(ExitCode.NOT_LEARNED);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("a result");
        assertThat(err.size()).isZero();
    }
}
