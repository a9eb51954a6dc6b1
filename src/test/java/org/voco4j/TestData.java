package org.voco4j;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real scans beside the project; tests that need them are skipped where they are not. */
public final class TestData {
    private TestData() {}

    /** A file or folder below {@code VOCO_TEST_DATA}, or else {@code ../shared/data}; skips the test if absent. */
    public static Path path(String below) {
        String named = System.getenv("VOCO_TEST_DATA");
        Path path = Path.of(named == null ? "../shared/data" : named).resolve(below);
        Assumptions.assumeTrue(Files.exists(path), () -> "no test data at " + path);
        return path;
    }
}
