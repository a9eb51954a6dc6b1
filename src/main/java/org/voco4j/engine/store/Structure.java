package org.voco4j.engine.store;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds, without the values of its tensors.
 *
 * @param format its name, for people
 * @param content the tree of containers, text, numbers and tensors
 * @param metadata free strings beside it
 * @param extents where each storage lies
 */
record Structure(
        String format, @Nullable Object content, Map<String, String> metadata, Map<String, ByteRange> extents) {
    static final String PLAIN_KEYS = "that is no text, number, truth value or short tuple of those";

    private static final int DEEPEST = 100;

    /** Takes a part of a tree. */
    interface Taker<E extends Exception> {
        void take(String name, @Nullable Object part) throws E;
    }

    /** The parts of a container, with their names: keys as text, or places counted from 0. Nothing for other values. */
    static <E extends Exception> void parts(@Nullable Object container, Taker<E> taker) throws E {
        if (container instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object key = entry.getKey();
                taker.take(
                        key instanceof Tuple tuple ? tuple.items().toString() : String.valueOf(key), entry.getValue());
            }
        } else if (container instanceof List<?> || container instanceof Tuple) {
            List<?> items = container instanceof Tuple tuple ? tuple.items() : (List<?>) container;
            int place = 0;
            for (Object item : items) {
                taker.take(Integer.toString(place++), item);
            }
        }
    }

    /** Whether a value is text, a number, a truth value or None. */
    static boolean isPlain(@Nullable Object value) {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /**
     * All tensors by dotted path, in order; a tensor that is the whole content is called {@code tensor}.
     *
     * @throws IOException if containers are nested too deep or in themselves, are referred to again and again, or two tensors
     *     have one path
     */
    Map<String, StoredTensor> tensors(FileBytes file, Budget budget) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        gather(content instanceof StoredTensor ? "tensor" : "", content, 0, tensors, file, budget);
        return tensors;
    }

    private static void gather(
            String path,
            @Nullable Object part,
            int depth,
            Map<String, StoredTensor> tensors,
            FileBytes file,
            Budget budget)
            throws IOException {
        if (depth > DEEPEST) {
            throw file.wrong(
                    "is refused: its containers lie in themselves, or are nested more than " + DEEPEST + " deep");
        }
        if (part instanceof StoredTensor tensor) {
            budget.charge(96);
            if (tensors.put(path, tensor) != null) {
                throw file.wrong("is refused: it has two tensors of the name " + path);
            }
        }
        if (part instanceof StorageRef) {
            throw file.wrong("is refused: " + (path.isEmpty() ? "it" : path) + " is a bare storage, expected a tensor");
        }
        if (part instanceof Map<?, ?> map
                && map.keySet().stream().anyMatch(key -> !isPlain(key) && !(key instanceof Tuple))) {
            throw file.wrong("is refused: " + (path.isEmpty() ? "it" : path) + " has a key " + PLAIN_KEYS);
        }
        Structure.<IOException>parts(part, (name, inner) -> {
            budget.charge(96 + 2L * (path.length() + name.length()));
            gather(join(path, name), inner, depth + 1, tensors, file, budget);
        });
    }
}
