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
 * and {@code {"liver": 1}} in nnU-Net, or {@code {"whole": [1, 2], "core": [2]}} for regions.
 */
final class LabelNames {
    private final SortedMap<Integer, String> byValue = new TreeMap<>();
    private @Nullable Regions regions;
    private @Nullable Path regionsFrom;
    private final Map<Integer, Path> source = new TreeMap<>();

    /**
     * Adds the names of one file; names that cannot be understood are a finding, since a recipe may do without them.
     *
     * @throws IOException if another file calls a value otherwise
     */
    void add(Path file, JsonNode about, Intake intake) throws IOException {
        JsonNode labels = about.path("labels");
        if (labels.valueStream().anyMatch(JsonNode::isArray)) {
            addRegions(file, about);
            return;
        }
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

    private void addRegions(Path file, JsonNode about) throws IOException {
        Regions read;
        try {
            read = Regions.of(about.path("labels"), about.path("regions_class_order"));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        if (regions != null && !regions.equals(read)) {
            throw new IOException(file + ": its regions are " + read.values() + " here and " + regions.values() + " in "
                    + regionsFrom);
        }
        regions = read;
        regionsFrom = file;
    }

    /** The regions that the data declare instead of classes, or null. */
    @Nullable
    Regions regions() {
        return regions;
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
        return regions == null ? byValue.toString() : byValue + " " + regions;
    }
}
