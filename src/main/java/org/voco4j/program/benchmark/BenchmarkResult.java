package org.voco4j.program.benchmark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark measured.
 *
 * @param sentences for people
 * @param document names and values for a JSON document
 */
public record BenchmarkResult(List<String> sentences, Map<String, @Nullable Object> document) {

    /** Copies both. */
    public BenchmarkResult {
        sentences = List.copyOf(sentences);
        document = Collections.unmodifiableMap(new LinkedHashMap<>(document));
    }
}
