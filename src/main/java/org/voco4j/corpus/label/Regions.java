package org.voco4j.corpus.label;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.voco4j.file.JsonFile;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/**
 * Overlapping classes: region k is the set of voxels whose raw value is among its values, and a value may belong to
 * several regions, as in BraTS: whole tumour {1, 2, 3}, tumour core {2, 3}, enhancing {3}.
 *
 * @param values region → raw values, in the order of the regions
 * @param order the value that each region paints on the way back to one label map, later regions over earlier ones
 *     (nnU-Net's {@code regions_class_order}); empty if there is no way back
 * @param ignored raw values of voxels to leave out of a loss; empty if there are none
 */
public record Regions(Map<String, List<Integer>> values, List<Integer> order, List<Integer> ignored) {
    private static final int MOST_VALUE = 255; // of a label map

    /** Regions among which the name {@code ignore} is none: its values are the voxels to ignore. */
    public Regions(Map<String, List<Integer>> values, List<Integer> order) {
        this(values, order, List.of());
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if there is no region, a region has no value, the value 0 or one to ignore, or the
     *     order has another length or a value that is not from 1 to 255
     */
    public Regions {
        Map<String, List<Integer>> copy = new LinkedHashMap<>();
        List<Integer> ignore = new ArrayList<>(ignored);
        values.forEach((name, raw) -> {
            if (name.equalsIgnoreCase(LabelSchema.IGNORE_NAME)) {
                ignore.addAll(raw);
            } else {
                copy.put(name, List.copyOf(raw));
            }
        });
        values = Collections.unmodifiableMap(copy);
        order = List.copyOf(order);
        ignored = List.copyOf(ignore);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("expected at least one region, found none");
        }
        values.forEach((name, raw) -> {
            if (name.isBlank() || raw.isEmpty() || raw.contains(0)) {
                throw new IllegalArgumentException(
                        "a region needs a name and label values other than 0, found '" + name + "': " + raw);
            }
            if (!Collections.disjoint(raw, ignore)) {
                throw new IllegalArgumentException(
                        "the values " + ignore + " are to be ignored and in the region '" + name + "': " + raw);
            }
        });
        boolean painted = order.stream().allMatch(value -> value >= 1 && value <= MOST_VALUE);
        if (!order.isEmpty() && (order.size() != values.size() || !painted)) {
            throw new IllegalArgumentException("expected a value from 1 to " + MOST_VALUE + " for each of the "
                    + values.size() + " regions in regions_class_order, found " + order);
        }
    }

    /** Reads nnU-Net's form: {@code {"background": 0, "whole": [1, 2, 3], "core": [2, 3], "enhancing": 3}}. */
    public static Regions of(JsonNode labels, JsonNode order) {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            List<Integer> raw = whole(label.getKey(), label.getValue());
            if (!raw.equals(List.of(0))) { // the background
                values.put(label.getKey(), raw);
            }
        }
        return new Regions(values, whole("regions_class_order", order));
    }

    private static List<Integer> whole(String name, JsonNode node) {
        List<Integer> read = new ArrayList<>();
        for (JsonNode value : node.isArray() ? node : List.of(node)) {
            if (value.isMissingNode()) {
                continue;
            }
            Integer number = JsonFile.whole(value);
            if (number == null) {
                throw new IllegalArgumentException(
                        "expected whole numbers for '" + name + "' among the labels, found " + node);
            }
            read.add(number);
        }
        return read;
    }

    /**
     * The value that each region paints into one label map, later regions over earlier ones: the order or, where there is none,
     * the first of its values that no later region has, such as 1, 2, 3 for {1, 2, 3}, {2, 3}, {3}; the numbers of the regions
     * where one of these is no value of a label map of bytes.
     */
    public List<Integer> painted() {
        if (!order.isEmpty()) {
            return order;
        }
        List<List<Integer>> raw = List.copyOf(values.values());
        List<Integer> painted = new ArrayList<>();
        for (int region = 0; region < raw.size(); region++) {
            Set<Integer> own = new LinkedHashSet<>(raw.get(region));
            raw.subList(region + 1, raw.size()).forEach(own::removeAll);
            painted.add(own.isEmpty() ? raw.get(region).get(0) : own.iterator().next());
        }
        return painted.stream().allMatch(value -> value >= 1 && value <= MOST_VALUE)
                ? painted
                : IntStream.rangeClosed(1, raw.size()).boxed().toList();
    }

    /** The names of the regions, in order. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /**
     * Classes of which every voxel has one, to be stored in a byte: values that lie in the same regions are one class, in the
     * order in which the regions name them.
     *
     * @throws IllegalArgumentException if there are more than 254
     */
    public LabelSchema classes() {
        Map<String, List<Integer>> byRegions = new LinkedHashMap<>();
        places().forEach((value, regions) -> byRegions
                .computeIfAbsent(String.join(" and ", names(regions)), names -> new ArrayList<>())
                .add(value));
        if (!ignored.isEmpty()) {
            byRegions.put(LabelSchema.IGNORE_NAME, ignored);
        }
        return LabelSchema.of(byRegions, Collections.emptySortedMap());
    }

    /** For each class 1, 2, … of {@link #classes} the regions that it lies in, counted from 0. */
    public List<BitSet> members() {
        return places().values().stream().distinct().toList();
    }

    /** Value → the regions that it lies in. */
    private Map<Integer, BitSet> places() {
        Map<Integer, BitSet> places = new LinkedHashMap<>();
        int region = 0;
        for (List<Integer> raw : values.values()) {
            for (int value : raw) {
                places.computeIfAbsent(value, v -> new BitSet()).set(region);
            }
            region++;
        }
        return places;
    }

    private List<String> names(BitSet regions) {
        return regions.stream().mapToObj(names()::get).toList();
    }

    /**
     * The regions of a label map as stored: for each a map of 0 and 1, in order, {@link LabelSchema#IGNORE} in all of them where it is to be
     * ignored.
     *
     * @throws IllegalArgumentException if a value is not a whole number, with the value and its voxel
     */
    public List<LabelMap> apply(Volume raw) {
        float[] from = raw.voxels();
        List<List<Integer>> sets = List.copyOf(values.values());
        byte[][] masks = new byte[sets.size()][from.length];
        for (int i = 0; i < from.length; i++) {
            if (from[i] == 0) {
                continue;
            }
            int value = LabelSchema.whole(raw, i);
            boolean known = !ignored.contains(value);
            for (int k = 0; k < masks.length; k++) {
                masks[k][i] = (byte) (known ? sets.get(k).contains(value) ? 1 : 0 : LabelSchema.IGNORE);
            }
        }
        List<LabelMap> maps = new ArrayList<>();
        for (byte[] mask : masks) {
            maps.add(new LabelMap(raw.shape(), raw.affine(), mask));
        }
        return maps;
    }

    /**
     * One label map with the regions painted over each other in their order.
     *
     * @param masks 0 and 1 for each region, on one grid
     * @throws IllegalArgumentException unless there is a mask for each region and a value for each in {@code order}
     */
    public LabelMap paint(List<LabelMap> masks) {
        if (masks.size() != values.size() || order.size() != values.size()) {
            throw new IllegalArgumentException("expected a mask and a value in regions_class_order for each of the "
                    + values.size() + " regions, found " + masks.size() + " and " + order.size());
        }
        byte[] painted = new byte[masks.get(0).classes().length];
        for (int k = 0; k < masks.size(); k++) {
            for (int i = 0; i < painted.length; i++) {
                painted[i] = masks.get(k).at(i) == 0 ? painted[i] : order.get(k).byteValue();
            }
        }
        return new LabelMap(masks.get(0).shape(), masks.get(0).affine(), painted);
    }
}
