package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What label values are called: the {@code labels} of a dataset.json, written {@code {"1": "liver"}} in the Decathlon
 * and {@code {"liver": 1}} in nnU-Net.
 */
final class LabelNames {
    private final SortedMap<Integer, String> byValue = new TreeMap<>();
    private final Map<Integer, Path> source = new TreeMap<>();

    /**
     * Adds the names of one file; names that cannot be understood are a finding, since a recipe may do without them.
     *
     * @throws IOException if another file calls a value otherwise
     */
    void add(Path file, JsonNode labels, Intake intake) throws IOException {
        SortedMap<Integer, String> read = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            JsonNode right = label.getValue();
            Integer left = whole(label.getKey());
            if (left != null && right.isString()) {
                read.put(left, right.asString());
            } else if (right.canConvertToInt() && right.isIntegralNumber()) {
                read.put(right.intValue(), label.getKey());
            } else {
                String message = "its labels name no classes: expected a number and a name, found \"" + label.getKey()
                        + "\": " + right;
                intake.find(file, Finding.Kind.NOTE, message);
                return;
            }
        }
        for (Map.Entry<Integer, String> label : read.entrySet()) {
            String other = byValue.putIfAbsent(label.getKey(), label.getValue());
            if (other != null && !other.equals(label.getValue())) {
                throw new IOException(file + ": the label " + label.getKey() + " is '" + label.getValue()
                        + "' here and '" + other + "' in " + source.get(label.getKey()));
            }
            source.putIfAbsent(label.getKey(), file);
        }
    }

    private static @Nullable Integer whole(String key) {
        return key.matches("\\d{1,9}") ? Integer.valueOf(key) : null;
    }

    /** Value → name, the background included. */
    SortedMap<Integer, String> byValue() {
        return byValue;
    }

    @Override
    public String toString() {
        return byValue.toString();
    }
}
