package org.voco4j.downstream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.GridSize;
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
 * What the metadata of a model file say, under keys {@code voco4j.…}. What is missing or no such value is an
 * {@code IllegalArgumentException} with the key, what is expected and what is there.
 *
 * @param values by their keys without {@code voco4j.}
 */
public record CardFacts(Map<String, String> values) {
    public static final String KEY = "voco4j.";
    private static final String NUMBER = "-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?";

    /** Metadata that lack a fact, or hold no value that it can have. */
    public static final class Unsaid extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Unsaid(String what) {
            super("its metadata " + what);
        }
    }

    /**
     * The facts of a file.
     *
     * @param kind what it must be of
     */
    public static CardFacts of(Map<String, String> about, String kind) {
        Map<String, String> values = new LinkedHashMap<>();
        about.forEach((name, value) -> {
            if (name.startsWith(KEY)) {
                values.put(name.substring(KEY.length()), value);
            }
        });
        String said = values.get("kind");
        if (!kind.equals(said)) {
            throw said == null
                    ? new Unsaid("do not say what it is for (no " + KEY + "kind)")
                    : new IllegalArgumentException("it is of the kind '" + said + "', expected '" + kind + "'");
        }
        return new CardFacts(values);
    }

    /** Facts as metadata of a file. */
    public static Map<String, String> keyed(Map<String, String> values) {
        Map<String, String> keyed = new LinkedHashMap<>();
        values.forEach((name, value) -> keyed.put(KEY + name, value));
        return keyed;
    }

    /** How scans are prepared, as facts. */
    public static Map<String, String> of(Preprocessing preprocessing) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("spacing", String.valueOf(preprocessing.spacing()));
        addIntensity(facts, preprocessing.intensity());
        facts.put("foreground", Double.toString(preprocessing.foregroundThreshold()));
        if (preprocessing.cut() == Preprocessing.Cut.BODY) {
            facts.put("cut", "body"); // nothing says foreground, so that what earlier builds said stays the same
        }
        facts.put("size", String.valueOf(preprocessing.size()));
        return facts;
    }

    private static void addIntensity(Map<String, String> facts, Intensity intensity) {
        if (intensity instanceof HuWindow window) {
            facts.put("intensity", "window");
            facts.put("window", "[" + window.low() + ", " + window.high() + "]");
        } else if (intensity instanceof Percentiles percentiles) {
            facts.put("intensity", "percentiles");
            facts.put("percentiles", "[" + percentiles.lower() + ", " + percentiles.upper() + "]");
        } else {
            facts.put("intensity", "zscore");
        }
    }

    /** How scans are prepared. */
    public Preprocessing preprocessing() {
        return new Preprocessing(
                optional("spacing", CardFacts::spacing),
                intensity(),
                number("foreground"),
                cut(),
                optional("size", CardFacts::size));
    }

    private Preprocessing.Cut cut() {
        String said = values.getOrDefault("cut", "foreground"); // all that earlier builds had
        return choice("cut", said, "foreground", "body").equals("body")
                ? Preprocessing.Cut.BODY
                : Preprocessing.Cut.FOREGROUND;
    }

    private static GridSize size(String text) {
        if (text.indexOf('x') == text.lastIndexOf('x') && text.indexOf('x') > 0) {
            double[] plane = numbers("size", text, 2);
            return new GridSize((int) plane[0], (int) plane[1], null);
        }
        return GridSize.of(shape("size", text));
    }

    private Intensity intensity() {
        String said = values.getOrDefault("intensity", "window"); // all that earlier builds had
        String law = choice("intensity", said, "window", "percentiles", "zscore");
        if (law.equals("zscore")) {
            return new ZScore(true, true);
        }
        double[] ends = numbers(law, text(law), 2);
        return law.equals("window")
                ? new HuWindow(ends[0], ends[1])
                : new Percentiles(ends[0], ends[1], 0, 1, true, true);
    }

    private static Spacing spacing(String text) {
        double[] mm = numbers("spacing", text.replace(" mm", ""), 3);
        return new Spacing(mm[0], mm[1], mm[2]);
    }

    public Shape3 shape(String key) {
        return shape(key, text(key));
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

    private <T> @Nullable T optional(String key, Function<String, T> reader) {
        String text = text(key);
        return text.equals("null") ? null : reader.apply(text);
    }

    public <T> T json(String key, TypeReference<T> type) {
        String text = text(key);
        try {
            return JsonMapper.shared().readValue(text, type);
        } catch (JacksonException e) {
            throw wrong(key, text, "JSON with names and whole numbers");
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new Unsaid("lack " + KEY + key);
        }
        return value;
    }

    public double number(String key) {
        return numbers(key, text(key), 1)[0];
    }

    public static String choice(String key, String value, String... choices) {
        if (!List.of(choices).contains(value)) {
            throw wrong(key, value, "one of " + String.join(", ", choices));
        }
        return value;
    }

    static IllegalArgumentException wrong(String key, String value, String expected) {
        return new Unsaid("say " + KEY + key + " '" + value + "', expected " + expected);
    }
}
