package org.voco4j.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder of its own that is gone, with all that is in it, once it is closed.
 *
 * @param path where it lies
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    /**
     * Makes one where the system keeps such folders.
     *
     * @param purpose the first part of its name
     */
    public static TemporaryFolder make(String purpose) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(purpose));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
