package org.voco4j.corpus.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which raw values of a label map are which class: v ↦ k if v is listed for the k-th name, 0 (background) otherwise,
 * k = 1…K.
 *
 * <p>A name may merge several values ({@code kidneys: [2, 3]}); a value belongs to one name. The name {@code ignore} is no
 * class: its voxels become {@link #IGNORE}, to be left out of a loss. Classes that overlap are {@link Regions}.
 */
public final class LabelSchema {
    /** What the voxels to ignore become. */
    public static final int IGNORE = 255;

    public static final String IGNORE_NAME = "ignore";

    private static final int MOST_CLASSES = IGNORE - 1; // beside the background
    private static final int MOST_VALUE = 1 << 24; // whole numbers that a float holds

    private final Map<String, List<Integer>> values;
    private final List<Integer> ignored;
    private final Map<Integer, Byte> classes = new HashMap<>();

    private LabelSchema(Map<String, List<Integer>> values) {
        Map<String, List<Integer>> copy = new LinkedHashMap<>();
        List<Integer> ignore = new ArrayList<>();
        values.forEach((name, raw) -> {
            if (name.equalsIgnoreCase(IGNORE_NAME)) {
                ignore.addAll(raw);
            } else {
                copy.put(name, List.copyOf(raw));
            }
        });
        this.ignored = List.copyOf(ignore);
        this.values = Collections.unmodifiableMap(copy);
    }

    /**
     * The classes of a recipe or, where it names none, those of the data.
     *
     * @param recipe name → raw values, in the order of the classes; empty for every class that the data name
     * @param named raw value → name as the data set has it ({@link LabelledSet#labels()}); 0 is the background
     * @throws IllegalArgumentException if there is no class, more than 254, a class without a name or a value, 0 as a
     *     class, or a value that is listed twice
     */
    public static LabelSchema of(Map<String, List<Integer>> recipe, SortedMap<Integer, String> named) {
        LabelSchema schema = new LabelSchema(recipe.isEmpty() ? inverted(named) : recipe);
        List<String> names = schema.names();
        if (names.isEmpty() || names.size() > MOST_CLASSES) {
            throw new IllegalArgumentException("expected 1 to " + MOST_CLASSES
                    + " classes beside the background, found " + names.size()
                    + (names.isEmpty() ? " (neither the recipe nor the data name one)" : ""));
        }
        for (String name : names) {
            schema.enter(name, schema.values.getOrDefault(name, List.of()), names.indexOf(name) + 1);
        }
        if (!schema.ignored.isEmpty()) {
            schema.enter(IGNORE_NAME, schema.ignored, IGNORE);
        }
        return schema;
    }

    private static Map<String, List<Integer>> inverted(SortedMap<Integer, String> named) {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        named.forEach((value, name) -> {
            if (value != 0) {
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        });
        return values;
    }

    private void enter(String name, List<Integer> listed, int number) {
        if (name.isBlank() || listed.isEmpty()) {
            throw new IllegalArgumentException(
                    "a class needs a name and at least one label value, found '" + name + "': " + listed);
        }
        for (int value : listed) {
            if (value == 0) {
                throw new IllegalArgumentException("the label value 0 is the background, not a class '" + name + "'");
            }
            Byte other = classes.put(value, (byte) number);
            if (other != null) {
                int before = Byte.toUnsignedInt(other);
                String first = before > names().size() ? IGNORE_NAME : names().get(before - 1);
                throw new IllegalArgumentException(
                        "the label value " + value + " is listed twice, for '" + first + "' and for '" + name + "'");
            }
        }
    }

    /** The names of the classes 1…K, in order. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** The raw values of voxels to leave out of a loss; empty if there are none. */
    public List<Integer> ignored() {
        return ignored;
    }

    /** Name → raw values, in the order of the classes. */
    public Map<String, List<Integer>> values() {
        return values;
    }

    /**
     * The classes of a label map as stored, {@link #IGNORE} where it is to be ignored.
     *
     * @throws IllegalArgumentException if a value is not a whole number, with the value and its voxel
     */
    public LabelMap apply(Volume raw) {
        float[] from = raw.voxels();
        byte[] to = new byte[from.length];
        float before = 0;
        byte number = 0;
        for (int i = 0; i < from.length; i++) {
            if (from[i] != before) { // areas are large: one look-up per border
                before = from[i];
                number = classes.getOrDefault(whole(raw, i), (byte) 0);
            }
            to[i] = number;
        }
        return new LabelMap(raw.shape(), raw.affine(), to);
    }

    /** The whole number that a voxel holds; see {@link #apply}. */
    static int whole(Volume raw, int index) {
        float value = raw.voxels()[index];
        if (value != Math.rint(value) || !(Math.abs(value) <= MOST_VALUE)) {
            Shape3 shape = raw.shape();
            int row = index / shape.z();
            throw new IllegalArgumentException("the label at voxel (" + row / shape.y() + ", " + row % shape.y() + ", "
                    + index % shape.z() + ") is " + value + ", expected a whole number");
        }
        return (int) value;
    }
}
