package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The memory that reading a file may take: its own size and 64 MB, whatever it claims.
 *
 * <p>Everything that is made of the file is charged before it is made, objects on the Java heap by an upper bound of what
 * they take. A part of the 64 MB is left for buffers and for what these bounds do not see.
 */
final class Budget {
    private static final long BEYOND = 48L << 20;

    private final Path path;
    private final long most;
    private long left;

    Budget(Path path, long fileBytes) {
        this.path = path;
        this.most = fileBytes + BEYOND;
        this.left = most;
    }

    /** @throws IOException if there is not so much left */
    void charge(long bytes) throws IOException {
        if (bytes > left) {
            throw new IOException(path + " is refused: what it describes would take more memory than its size and 64 MB"
                    + " allow (expected at most " + most + " bytes, found another " + bytes + " after "
                    + (most - left) + ")");
        }
        left -= bytes;
    }

    /** Gives back what was freed. */
    void release(long bytes) {
        left += bytes;
    }
}
