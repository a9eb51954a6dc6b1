package org.voco4j.downstream.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.Regions;

/**
 * What a network's logits stand for, and how that is written into a label map.
 *
 * <p>Classes exclude each other: logit 0 is the background, logit k the k-th name, whose voxels get the first of its raw
 * values, or k where one of the values is above 255. Regions may overlap: logit k is the k-th region, and later ones paint
 * their value over earlier ones.
 *
 * @param values name → raw values, in the order of the logits; the background has none
 * @param order the value that each region paints; empty for classes
 * @param colours #rrggbb for each name, or null
 */
public record ModelLabels(
        Map<String, List<Integer>> values,
        List<Integer> order,
        @Nullable List<String> colours) {
    private static final int MOST_VALUE = 255;

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if there is no name, more than 255, one without values, colours of another number,
     *     or an order that {@link Regions} refuses
     */
    public ModelLabels {
        Map<String, List<Integer>> copy = new LinkedHashMap<>();
        values.forEach((name, raw) -> copy.put(name, List.copyOf(raw)));
        values = Collections.unmodifiableMap(copy);
        order = List.copyOf(order);
        colours = colours == null ? null : List.copyOf(colours);
        if (values.isEmpty() || values.size() > MOST_VALUE || copy.containsValue(List.<Integer>of())) {
            throw new IllegalArgumentException(
                    "expected 1 to " + MOST_VALUE + " classes with a label value each, found " + values);
        }
        if (colours != null && colours.size() != values.size()) {
            throw new IllegalArgumentException(
                    "expected a colour for each of " + values.keySet() + ", found " + colours.size());
        }
        if (!order.isEmpty()) {
            new Regions(values, order);
        }
    }

    /** Whether the names are regions that may overlap. */
    public boolean regions() {
        return !order.isEmpty();
    }

    /** The names in their order, without the background. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** K, the logits that a network has. */
    public int logits() {
        return values.size() + (regions() ? 0 : 1);
    }

    /** The value that each logit writes into a label map. */
    public int[] painted() {
        if (regions()) {
            return order.stream().mapToInt(Integer::intValue).toArray();
        }
        boolean small = values.values().stream().allMatch(raw -> raw.get(0) >= 1 && raw.get(0) <= MOST_VALUE);
        int[] painted = new int[logits()];
        int k = 0;
        for (List<Integer> raw : values.values()) {
            k++;
            painted[k] = small ? raw.get(0) : k;
        }
        return painted;
    }

    /** What a label map's values mean, in the words of a {@code dataset.json}: {@code labels}, and {@code colours}. */
    public Map<String, Object> document() {
        Map<String, Object> labels = new LinkedHashMap<>();
        Map<String, Object> document = new LinkedHashMap<>();
        int[] painted = painted();
        List<String> names = new ArrayList<>(values.keySet());
        Map<String, String> shown = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            int value = painted[regions() ? i : i + 1];
            if (!regions()) {
                labels.put(Integer.toString(value), names.get(i));
            }
            if (colours != null) {
                shown.put(names.get(i), colours.get(i));
            }
        }
        if (regions()) {
            labels.put("background", 0);
            labels.putAll(values);
            document.put("regions_class_order", order);
        }
        document.put("labels", labels);
        if (colours != null) {
            document.put("colours", shown);
        }
        return document;
    }
}
