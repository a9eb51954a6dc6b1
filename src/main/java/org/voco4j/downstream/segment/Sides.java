package org.voco4j.downstream.segment;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Classes that name a side of the body, which a reflection along x exchanges. */
final class Sides {
    private Sides() {}

    /**
     * The first name that says left or right, or that differs from another by l and r at its beginning or end, such as
     * {@code lkid} and {@code rkid}.
     */
    static Optional<String> first(List<String> names) {
        Set<String> all =
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return names.stream()
                .filter(name -> says(name)
                        || others(name.toLowerCase(Locale.ROOT)).stream().anyMatch(all::contains))
                .findFirst();
    }

    private static boolean says(String name) {
        for (String word : name.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ").split("[^\\p{L}]+")) {
            if (word.equalsIgnoreCase("left") || word.equalsIgnoreCase("right")) {
                return true;
            }
        }
        return false;
    }

    /** What the class of the other side would be called. */
    private static Set<String> others(String name) {
        Set<String> others = new HashSet<>();
        int last = name.length() - 1;
        char first = name.charAt(0);
        char end = name.charAt(last);
        if (first == 'l' || first == 'r') {
            others.add((first == 'l' ? 'r' : 'l') + name.substring(1));
        }
        if (end == 'l' || end == 'r') {
            others.add(name.substring(0, last) + (end == 'l' ? 'r' : 'l'));
        }
        return others;
    }
}
