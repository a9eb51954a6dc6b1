package org.voco4j.engine.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network's weights in a file, and what lies beside them.
 *
 * <p>They are the map that itself holds the most bytes of tensors, the first of several: the whole file, or what is under a
 * key such as {@code state_dict} or {@code model}. Nothing below a key that names an optimiser, schedule or scaler counts.
 *
 * @param where the dotted path of that map, empty if it is the whole file
 * @param tensors its tensors by name, in order; not read yet
 * @param scalars text, numbers and truth values of the whole file by dotted path, and the metadata
 * @param others what else the file holds and no one reads, in words
 */
public record StateDict(
        String where, Map<String, StoredTensor> tensors, Map<String, String> scalars, List<String> others) {
    private static final int LONGEST_LIST = 16; // a shape or a list of channels, not a history of losses

    /** Finds the weights; there are none if the file has no tensors, and then the map is empty. */
    public static StateDict of(WeightFile file) {
        Finder finder = new Finder();
        Object content = file.content() instanceof StoredTensor tensor ? Map.of("tensor", tensor) : file.content();
        finder.search("", content);
        Map<String, StoredTensor> tensors = direct(finder.best);
        Map<String, String> scalars = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        if (content instanceof Opaque object) {
            others.add("the whole file: " + object.name() + ", of which PyTorch can save the state_dict() instead");
        }
        describe("", content, finder.best, scalars, others);
        scalars.putAll(file.metadata());
        return new StateDict(finder.where, tensors, scalars, List.copyOf(others));
    }

    private static final class Finder {
        private @Nullable Object best;
        private String where = "";
        private long most = -1;

        void search(String path, @Nullable Object part) {
            Map<String, StoredTensor> tensors = direct(part);
            long bytes =
                    tensors.values().stream().mapToLong(StoredTensor::bytes).sum();
            if (!tensors.isEmpty() && bytes > most) {
                most = bytes;
                best = part;
                where = path;
            }
            Structure.<RuntimeException>parts(part, (name, inner) -> {
                if (!isOptimiser(name)) {
                    search(Structure.join(path, name), inner);
                }
            });
        }
    }

    private static Map<String, StoredTensor> direct(@Nullable Object part) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Structure.<RuntimeException>parts(part, (name, inner) -> {
            if (inner instanceof StoredTensor tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }

    private static boolean isOptimiser(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.contains("optim") || name.contains("scheduler") || name.contains("scaler");
    }

    private static void describe(
            String path,
            @Nullable Object part,
            @Nullable Object weights,
            Map<String, String> scalars,
            List<String> others) {
        Map<String, StoredTensor> tensors = direct(part);
        if (!tensors.isEmpty() && part != weights) {
            long bytes =
                    tensors.values().stream().mapToLong(StoredTensor::bytes).sum();
            others.add((path.isEmpty() ? "the whole file" : path) + ": " + tensors.size()
                    + (tensors.size() == 1 ? " tensor, " : " tensors, ") + bytes + " bytes");
        }
        Structure.<RuntimeException>parts(part, (name, inner) -> {
            String inside = Structure.join(path, name);
            if (inner instanceof Opaque opaque) {
                others.add(inside + ": " + opaque.name());
            } else if (isOptimiser(name) && !Structure.isPlain(inner) && !(inner instanceof StoredTensor)) {
                others.add(inside + ": optimiser state, " + count(inner) + " tensors");
            } else if (inner instanceof List<?> list && list.size() > LONGEST_LIST) {
                others.add(inside + ": a list of " + list.size());
            } else if (inner instanceof Tuple tuple && tuple.items().size() > LONGEST_LIST) {
                others.add(inside + ": a tuple of " + tuple.items().size());
            } else if (inner != null && Structure.isPlain(inner)) {
                scalars.put(inside, inner.toString());
            } else {
                describe(inside, inner, weights, scalars, others);
            }
        });
    }

    private static int count(@Nullable Object part) {
        int[] count = {part instanceof StoredTensor ? 1 : 0};
        Structure.<RuntimeException>parts(part, (name, inner) -> count[0] += count(inner));
        return count[0];
    }
}
