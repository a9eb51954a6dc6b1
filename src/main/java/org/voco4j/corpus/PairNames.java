package org.voco4j.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which label map belongs to which image by their names: equal but for words that only say what a file is, such as
 * {@code img0001} and {@code label0001}, {@code heart_image} and {@code heart_label}, {@code ct} and {@code ct_seg}.
 *
 * <p>Words end where letters do. Names that several label maps share pair with none of them.
 */
final class PairNames {
    private static final Set<String> IMAGE_WORDS = Set.of("image", "images", "img", "lbl");

    private final Map<String, List<Path>> maps = new TreeMap<>();

    /** Takes a label map. */
    void add(Path map) {
        maps.computeIfAbsent(key(map), k -> new ArrayList<>()).add(map);
    }

    /** The label map of an image; null if there is none or more than one. */
    @Nullable
    Path of(Path image) {
        List<Path> found = maps.getOrDefault(key(image), List.of());
        return found.size() == 1 ? found.get(0) : null;
    }

    /** A file's name without what only says what it is. */
    static String key(Path file) {
        List<String> words = new ArrayList<>();
        String name = ScanFile.name(file).toLowerCase(Locale.ROOT);
        for (String word : name.split("[^\\p{L}\\d]+|(?<=\\p{L})(?=\\d)|(?<=\\d)(?=\\p{L})")) {
            if (!word.isEmpty() && !LabelMaps.WORDS.contains(word) && !IMAGE_WORDS.contains(word)) {
                words.add(word);
            }
        }
        return String.join(" ", words);
    }
}
