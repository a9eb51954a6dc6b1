package org.voco4j.network.recognise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The shapes of a file's tensors by name, below one prefix; what is asked of a name that is not there is 0. */
final class TensorShapes {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** Those that begin with a prefix, named without it. */
    TensorShapes(Map<String, long[]> all, String prefix) {
        all.forEach((name, shape) -> {
            if (name.startsWith(prefix)) {
                shapes.put(name.substring(prefix.length()), shape);
            }
        });
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    boolean hasAny(Predicate<String> kind) {
        return shapes.keySet().stream().anyMatch(kind);
    }

    /** The size of one axis. */
    long size(String name, int axis) {
        long[] shape = shapes.get(name);
        return shape == null || shape.length <= axis ? 0 : shape[axis];
    }

    /** The spatial axes of a convolution's kernel, 2 or 3; 0 of anything else. */
    int dims(String name) {
        long[] shape = shapes.get(name);
        return shape == null || shape.length < 4 || shape.length > 5 ? 0 : shape.length - 2;
    }

    /** How many names {@code pattern} gives for the numbers from {@code from} on without a gap. */
    int count(String pattern, int from) {
        int count = 0;
        while (has(pattern.formatted(from + count))) {
            count++;
        }
        return count;
    }

    /** The sizes of one axis of the names that {@code pattern} gives for the numbers from {@code from} on. */
    List<Long> sizes(String pattern, int from, int axis) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count(pattern, from); i++) {
            sizes.add(size(pattern.formatted(from + i), axis));
        }
        return sizes;
    }

    /** The edge of a square or cube of so many places; 0 if there is none. */
    static long edge(long places, int dims) {
        long edge = Math.round(Math.pow((double) places, 1.0 / dims));
        return Math.round(Math.pow((double) edge, dims)) == places ? edge : 0;
    }
}
