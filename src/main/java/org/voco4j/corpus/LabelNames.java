package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.Regions;
import org.voco4j.file.JsonFile;
import tools.jackson.databind.JsonNode;

/**
 * What label values are called: the {@code labels} of a dataset.json, written {@code {"1": "liver"}} in the Decathlon
 * and {@code {"liver": 1}} in nnU-Net, or {@code {"whole": [1, 2], "core": [2]}} for regions. The numbers may be texts, and
 * a list of names counts from the background, 0.
 */
public final class LabelNames {

    private final SortedMap<Integer, String> byValue = new TreeMap<>();
    private @Nullable Regions regions;
    private @Nullable Path regionsFrom;
    private final Map<Integer, Path> source = new TreeMap<>();

    /**
     * Adds the names of one file; names that cannot be understood are a finding, since a recipe may do without them.
     *
     * @throws IOException if another file calls a value otherwise
     */
    public void add(Path file, JsonNode about, Consumer<Finding> findings) throws IOException {
        JsonNode labels = about.path("labels");
        if (labels.isObject() && labels.valueStream().anyMatch(JsonNode::isArray)) {
            addRegions(file, about);
            return;
        }
        SortedMap<Integer, String> read = new TreeMap<>();
        String fault = labels.isArray() ? readList(labels, read) : readPairs(labels, read);
        if (fault != null) {
            String message = "its labels name no classes: expected " + fault;
            findings.accept(new Finding(file, Finding.Kind.NO_CLASSES, message));
            return;
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

    /** Reads numbers with names, whichever of the two is the key; what was expected and found instead, or null. */
    private static @Nullable String readPairs(JsonNode labels, Map<Integer, String> read) {
        if (!labels.isObject() && !labels.isNull() && !labels.isMissingNode()) {
            return "numbers with names, found " + labels;
        }
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            JsonNode right = label.getValue();
            String left = label.getKey();
            Integer key = JsonFile.whole(left);
            Integer value = JsonFile.whole(right);
            String other;
            if (key != null && right.isString() && (value == null || value.equals(key))) {
                other = read.put(key, right.asString());
            } else if (value != null && (key == null || !right.isString())) {
                other = read.put(value, left);
            } else {
                return "a number and a name, found \"" + left + "\": " + right
                        + (value == null ? "" : ", of which either could be the number");
            }
            if (other != null) {
                return "one name for each number, found " + labels;
            }
        }
        return null;
    }

    /** Reads names that are numbered by their places; which is sure only where the background is the first. */
    private static @Nullable String readList(JsonNode labels, Map<Integer, String> read) {
        if (!labels.valueStream().allMatch(JsonNode::isString)
                || !labels.path(0).asString("").equalsIgnoreCase("background")) {
            return "numbers with names, or a list of names that begins with background, found " + labels;
        }
        for (JsonNode name : labels) {
            read.put(read.size(), name.asString());
        }
        return null;
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
    public @Nullable Regions regions() {
        return regions;
    }

    /** Value → name, the background included. */
    public SortedMap<Integer, String> byValue() {
        return byValue;
    }

    @Override
    public String toString() {
        return regions == null ? byValue.toString() : byValue + " " + regions;
    }
}
