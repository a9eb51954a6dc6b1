package org.voco4j.recipe;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The word that was probably meant.
 *
 * <p>Two words are compared by their edit distance without regard to case (insertions, deletions, replacements and swaps
 * of neighbours count one each); a suggestion is made up to a third of the word's length.
 */
final class Suggestion {

    private Suggestion() {}

    /** The candidate closest to a word, or null if none is near. The first of equally close ones wins. */
    static @Nullable String nearest(String word, Collection<String> candidates) {
        return nearest(word, candidates, word.length());
    }

    private static @Nullable String nearest(String word, Collection<String> candidates, int length) {
        int limit = Math.max(1, (length + 1) / 3);
        String best = null;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance <= limit) {
                best = candidate;
                limit = distance - 1;
            }
        }
        return best;
    }

    /**
     * The key path that was probably meant by one that does not exist.
     *
     * <p>Looked for in this order: a slip or a shortened word in the same group ({@code optim.lrr}, {@code optimizer}), a
     * slip anywhere in a path of as many words, the same last word in another group ({@code lr} for {@code optim.lr}).
     */
    static @Nullable String nearestPath(String path, Collection<String> paths) {
        String group = group(path);
        List<String> siblings =
                paths.stream().filter(other -> group(other).equals(group)).toList();
        String meant = nearest(path, siblings, path.length() - group.length());
        if (meant == null) {
            meant = first(siblings, other -> path.startsWith(other) || other.startsWith(path));
        }
        if (meant == null) {
            long words = words(path);
            List<String> alike =
                    paths.stream().filter(other -> words(other) == words).toList();
            meant = nearest(path, alike, path.length());
        }
        if (meant == null) {
            String last = path.substring(group.length());
            meant = first(paths, other -> other.substring(group(other).length()).equalsIgnoreCase(last));
        }
        return meant;
    }

    private static @Nullable String first(Collection<String> paths, Predicate<String> wanted) {
        return paths.stream().filter(wanted).findFirst().orElse(null);
    }

    /** The path of the group a key lies in with its dot, empty at the top. */
    private static String group(String path) {
        return path.substring(0, path.lastIndexOf('.') + 1);
    }

    private static long words(String path) {
        return path.chars().filter(c -> c == '.').count();
    }

    /** Optimal string alignment distance, with three rows of the table kept. */
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = above;
            above = row;
            row = spare;
        }
        return above[b.length()];
    }
}
