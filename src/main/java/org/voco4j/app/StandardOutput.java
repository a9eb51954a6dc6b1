package org.voco4j.app;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers whether it took everything: Java's own print streams swallow a full disk and a closed pipe.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private @Nullable IOException refused;

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** Puts one in the place of {@link System#out}. */
    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(new BufferedOutputStream(output, 1 << 13), true, Charset.defaultCharset()));
        return output;
    }

    /** What the command's exit code becomes: a result that nobody got is a failure, with a sentence. */
    int checked(int code, PrintStream err) {
        if (refused == null) {
            return code;
        }
        err.println("voco: standard output could not be written: " + refused.getMessage());
        return code == ExitCode.DONE ? ExitCode.FAILED : code;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException failure) {
            if (refused == null) {
                refused = failure;
            }
            throw failure;
        }
    }
}
