package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the documents of all benchmarks have in common. */
final class BenchmarkFixture {
    private BenchmarkFixture() {}

    /** Holds that a document tells what was used beside the time on the wall. */
    static void requireUsage(JsonNode document) {
        assertThat(document.path("cpu_seconds").asDouble(-1)).isNotNegative();
        assertThat(document.path("heap_allocated_mb").asDouble(-1)).isNotNegative();
        JsonNode faults = document.path("page_faults");
        if (Files.exists(Path.of("/proc/self/stat"))) {
            assertThat(faults.path("minor").asLong(-1)).isNotNegative();
            assertThat(faults.path("major").asLong(-1)).isNotNegative();
        } else {
            assertThat(faults.isNull()).isTrue();
        }
    }

    /** Holds that a document divides its seconds among kinds of layers, and what they are. */
    static void requireProfile(JsonNode document, double seconds, String... kinds) {
        double sum = 0;
        List<String> told = new ArrayList<>();
        for (JsonNode row : document.path("profile")) {
            told.add(row.path("kind").asString());
            sum += row.path("forward_s").asDouble() + row.path("backward_s").asDouble();
        }
        assertThat(told).contains(kinds).endsWith("everything else");
        assertThat(sum).isCloseTo(seconds, withPercentage(5));
    }
}
