package org.voco4j.program.predict;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What names of classes have in common, whatever the order of their words and however these are joined. */
final class ClassWords {
    /** Other names that lists in use have, by their words in order of the alphabet. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("rkid", "right kidney"),
            Map.entry("lkid", "left kidney"),
            Map.entry("gall", "gallbladder"),
            Map.entry("bladder gall", "gallbladder"),
            Map.entry("eso", "esophagus"),
            Map.entry("oesophagus", "esophagus"),
            Map.entry("sto", "stomach"),
            Map.entry("arota", "aorta"),
            Map.entry("ivc", "inferior vena cava"),
            Map.entry("postcava", "inferior vena cava"),
            Map.entry("veins", "portal and splenic vein"),
            Map.entry("portal splenic veins", "portal and splenic vein"),
            Map.entry("rad", "right adrenal gland"),
            Map.entry("lad", "left adrenal gland"),
            Map.entry("bladder urinary", "bladder"),
            Map.entry("tumour", "tumor"),
            Map.entry("lesion", "tumor"));

    private static final Set<String> FILLERS = Set.of("and", "or", "gland", "the");

    private ClassWords() {}

    /** The words of a name, or of the one it is another for, in the order of the alphabet, each once, without those that say nothing. */
    static String of(String name) {
        String words = sorted(name);
        String other = ALIASES.get(words);
        return other == null ? words : sorted(other);
    }

    private static String sorted(String name) {
        return Arrays.stream(name.toLowerCase(Locale.ROOT).split("[^\\p{L}\\d]+"))
                .filter(word -> !word.isEmpty() && !FILLERS.contains(word))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
