package org.voco4j.corpus.label;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Values other than 0 in label maps that neither the data nor the recipe declare: training counts them as background.
 *
 * <p>Label maps stream by slices; any number of threads may read some.
 */
public final class UndeclaredLabels {
    private static final int MOST_VALUES = 64; // of one label map; more is no label map, and the first say so
    private static final int NAMED = 5; // label maps in a sentence

    private final Set<Integer> declared = new HashSet<>();
    private final SortedMap<Integer, SortedMap<Path, Long>> found = new TreeMap<>(); // value → label map → voxels

    /**
     * Nothing read yet.
     *
     * @param schema what is trained on
     * @param named values that the data name, whether they are trained on or not
     * @param regions those of the data, or null
     */
    public UndeclaredLabels(LabelSchema schema, Set<Integer> named, @Nullable Regions regions) {
        schema.values().values().forEach(declared::addAll);
        declared.addAll(schema.ignored());
        declared.addAll(named);
        if (regions != null) {
            regions.values().values().forEach(declared::addAll);
            declared.addAll(regions.ignored());
        }
        declared.add(0);
    }

    /**
     * Counts those of a label map.
     *
     * @throws IOException if it cannot be read
     */
    public void read(Path labelMap, VolumeFormat format) throws IOException {
        Map<Integer, long[]> counts = new HashMap<>();
        format.visit(labelMap, (slice, width) -> {
            int from = 0;
            for (int i = 1; i <= slice.length; i++) {
                if (i < slice.length && slice[i] == slice[from]) {
                    continue; // areas are large: one look-up per border
                }
                int value = (int) slice[from];
                if (value == slice[from] && !declared.contains(value) && counts.size() < MOST_VALUES) {
                    counts.computeIfAbsent(value, v -> new long[1])[0] += i - from;
                }
                from = i;
            }
            return true;
        });
        synchronized (found) {
            counts.forEach((value, voxels) ->
                    found.computeIfAbsent(value, v -> new TreeMap<>()).put(labelMap, voxels[0]));
        }
    }

    /** A sentence for each value: in which label maps it is, and how many voxels have it. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        synchronized (found) {
            found.forEach((value, maps) -> {
                List<String> named = new ArrayList<>();
                maps.entrySet().stream()
                        .limit(NAMED)
                        .forEach(map -> named.add(map.getKey() + " (" + map.getValue() + " voxels)"));
                sentences.add("The label value " + value
                        + " is declared neither by the data nor by the recipe and counts as"
                        + " background: it is in " + maps.size() + (maps.size() == 1 ? " label map, " : " label maps, ")
                        + String.join(", ", named)
                        + (maps.size() > NAMED ? " and " + (maps.size() - NAMED) + " more" : "")
                        + ". Name it in dataset.json or in labels (as ignore, to leave its voxels out).");
            });
        }
        return sentences;
    }
}
