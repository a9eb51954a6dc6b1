package org.voco4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What can happen to a checkpoint. */
public enum Damage {
    TRUNCATED,
    FLIPPED;

    public void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length * 3 / 4] ^= 4; // one bit, in the data
        Files.write(file, this == FLIPPED ? bytes : Arrays.copyOf(bytes, bytes.length / 2));
    }
}
