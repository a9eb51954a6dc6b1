package org.voco4j.corpus;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which label map belongs to which image by their names: equal but for words that only say what a file is, such as
 * {@code img0001} and {@code label0001}, {@code heart_image} and {@code heart_label}, {@code ct} and {@code ct_seg}.
 *
 * <p>Words end where letters do.
 */
public final class PairNames {
    private static final Set<String> IMAGE_WORDS = Set.of("image", "images", "img", "lbl");

    private static final Pattern WORD_ENDS =
            Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+" + "|(?<=[\\p{L}\\p{M}])(?=\\p{N})|(?<=\\p{N})(?=[\\p{L}\\p{M}])");

    private final Map<String, List<Path>> maps = new TreeMap<>();

    /** Takes a label map. */
    public void add(Path map) {
        maps.computeIfAbsent(key(map), k -> new ArrayList<>()).add(map);
    }

    /** The label maps that an image's name fits. */
    public List<Path> of(Path image) {
        return maps.getOrDefault(key(image), List.of());
    }

    /** A file's name without what only says what it is. */
    public static String key(Path file) {
        List<String> words = new ArrayList<>();
        String name = plain(ScanFile.name(file)).toLowerCase(Locale.ROOT);
        boolean any = false;
        for (String word : WORD_ENDS.split(name)) {
            any |= !word.isEmpty();
            if (!word.isEmpty() && !LabelMaps.WORDS.contains(word) && !IMAGE_WORDS.contains(word)) {
                words.add(word);
            }
        }
        return any ? String.join(" ", words) : name;
    }

    /** A name as people see it: ü is one letter, whether a program wrote it as one character or as u with two dots. */
    public static String plain(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
}
