package org.voco4j.downstream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Preprocessing;
import org.voco4j.downstream.SlidingWindow.Blend;
import org.voco4j.network.Backbone;
import org.voco4j.network.SegmentationNetwork;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Intensity;
import org.voco4j.volume.Percentiles;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.ZScore;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that segmenting needs beside weights: how the network is put together, how scans are prepared, what its logits
 * stand for, and how windows lie. It is the metadata of a model file, under keys {@code voco4j.…}.
 *
 * @param backbone the network
 * @param channels of a scan
 * @param labels what comes out
 * @param preprocessing from a scan as stored to what goes in
 * @param patch voxels of a window
 * @param overlap of windows, per axis
 * @param blend what overlapping windows weigh
 */
public record ModelCard(
        Backbone backbone,
        int channels,
        ModelLabels labels,
        Preprocessing preprocessing,
        Shape3 patch,
        double overlap,
        Blend blend) {
    /** What a model file of this kind says under {@code voco4j.kind}. */
    public static final String KIND = "segmentation";

    private static final String KEY = "voco4j.";
    private static final float AIR = 0; // where a window leaves its scan, as in training
    private static final String NUMBER = "-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?";

    /** How whole scans are segmented. */
    public SlidingWindow window() {
        return new SlidingWindow(patch, overlap, overlap, overlap, blend, AIR);
    }

    /** The network, without weights yet. */
    SegmentationNetwork network() {
        return backbone.segment(channels, labels.logits(), patch.edges());
    }

    /** As metadata of a file. */
    public Map<String, String> facts() {
        JsonMapper json = JsonMapper.shared();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kind", KIND);
        facts.putAll(backbone.facts());
        facts.put("channels.in", Integer.toString(channels));
        facts.put("classes", json.writeValueAsString(labels.names()));
        facts.put("labels", json.writeValueAsString(labels.values()));
        if (labels.regions()) {
            facts.put("regionsOrder", json.writeValueAsString(labels.order()));
        }
        if (labels.colours() != null) {
            facts.put("colours", json.writeValueAsString(labels.colours()));
        }
        facts.put("spacing", String.valueOf(preprocessing.spacing()));
        facts.putAll(intensityFacts(preprocessing.intensity()));
        facts.put("foreground", Double.toString(preprocessing.foregroundThreshold()));
        facts.put("size", String.valueOf(preprocessing.size()));
        facts.put("patch", patch.toString());
        facts.put("overlap", Double.toString(overlap));
        facts.put("blend", blend.name().toLowerCase(Locale.ROOT));
        Map<String, String> keyed = new LinkedHashMap<>();
        facts.forEach((name, value) -> keyed.put(KEY + name, value));
        return keyed;
    }

    private static Map<String, String> intensityFacts(Intensity intensity) {
        if (intensity instanceof HuWindow window) {
            return Map.of("intensity", "window", "window", "[" + window.low() + ", " + window.high() + "]");
        }
        return intensity instanceof Percentiles p
                ? Map.of("intensity", "percentiles", "percentiles", "[" + p.lower() + ", " + p.upper() + "]")
                : Map.of("intensity", "zscore");
    }

    /**
     * Reads what {@link #facts} wrote.
     *
     * @throws IllegalArgumentException with the key, what is expected and what is there
     */
    public static ModelCard of(Map<String, String> about) {
        Map<String, String> facts = new LinkedHashMap<>();
        about.forEach((name, value) -> {
            if (name.startsWith(KEY)) {
                facts.put(name.substring(KEY.length()), value);
            }
        });
        String kind = facts.get("kind");
        if (!KIND.equals(kind)) {
            throw new IllegalArgumentException(
                    kind == null
                            ? "its metadata do not say what it segments (no " + KEY + "kind)"
                            : "it is of the kind '" + kind + "', expected '" + KIND + "'");
        }
        return new ModelCard(
                Backbone.of(facts),
                facts.containsKey("channels.in") ? (int) number(facts, "channels.in") : 1,
                labels(facts),
                new Preprocessing(
                        optional(facts, "spacing", ModelCard::spacing),
                        intensity(facts),
                        number(facts, "foreground"),
                        optional(facts, "size", text -> shape("size", text))),
                shape("patch", text(facts, "patch")),
                number(facts, "overlap"),
                Blend.valueOf(choice("blend", text(facts, "blend"), "constant", "gaussian")
                        .toUpperCase(Locale.ROOT)));
    }

    private static ModelLabels labels(Map<String, String> facts) {
        Map<String, List<Integer>> values =
                json(facts, "labels", new TypeReference<LinkedHashMap<String, List<Integer>>>() {});
        List<String> names = json(facts, "classes", new TypeReference<List<String>>() {});
        if (values.isEmpty()) { // files of earlier builds whose classes the data named
            for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), List.of(i + 1));
            }
        }
        values.keySet().retainAll(names); // voxels to ignore are no class
        List<Integer> order = facts.containsKey("regionsOrder")
                ? json(facts, "regionsOrder", new TypeReference<List<Integer>>() {})
                : List.of();
        List<String> colours =
                facts.containsKey("colours") ? json(facts, "colours", new TypeReference<List<String>>() {}) : null;
        return new ModelLabels(values, order, colours);
    }

    private static Intensity intensity(Map<String, String> facts) {
        String said = facts.getOrDefault("intensity", "window"); // all that earlier builds had
        String law = choice("intensity", said, "window", "percentiles", "zscore");
        if (law.equals("zscore")) {
            return new ZScore(true, true);
        }
        double[] ends = numbers(law, text(facts, law), 2);
        return law.equals("window")
                ? new HuWindow(ends[0], ends[1])
                : new Percentiles(ends[0], ends[1], 0, 1, true, true);
    }

    private static Spacing spacing(String text) {
        double[] mm = numbers("spacing", text.replace(" mm", ""), 3);
        return new Spacing(mm[0], mm[1], mm[2]);
    }

    private static Shape3 shape(String key, String text) {
        double[] sizes = numbers(key, text, 3);
        return new Shape3((int) sizes[0], (int) sizes[1], (int) sizes[2]);
    }

    private static double[] numbers(String key, String text, int count) {
        String[] parts = text.replaceAll("[\\[\\] ]", "").split("[,x]");
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            if (parts.length != count || !parts[i].matches(NUMBER)) {
                throw wrong(key, text, count == 1 ? "a number" : count + " numbers");
            }
            numbers[i] = Double.parseDouble(parts[i]);
        }
        return numbers;
    }

    private static <T> @Nullable T optional(Map<String, String> facts, String key, Function<String, T> reader) {
        String text = text(facts, key);
        return text.equals("null") ? null : reader.apply(text);
    }

    private static <T> T json(Map<String, String> facts, String key, TypeReference<T> type) {
        String text = text(facts, key);
        try {
            return JsonMapper.shared().readValue(text, type);
        } catch (JacksonException e) {
            throw wrong(key, text, "JSON with names and whole numbers");
        }
    }

    private static String text(Map<String, String> facts, String key) {
        String value = facts.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata lack " + KEY + key);
        }
        return value;
    }

    private static double number(Map<String, String> facts, String key) {
        return numbers(key, text(facts, key), 1)[0];
    }

    private static String choice(String key, String value, String... choices) {
        if (!List.of(choices).contains(value)) {
            throw wrong(key, value, "one of " + String.join(", ", choices));
        }
        return value;
    }

    private static IllegalArgumentException wrong(String key, String value, String expected) {
        return new IllegalArgumentException("its metadata say " + KEY + key + " '" + value + "', expected " + expected);
    }
}
