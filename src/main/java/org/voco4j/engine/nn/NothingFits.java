package org.voco4j.engine.nn;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Why nothing of a file could be loaded: the pair of names with the longest common end, where a prefix differs most often. */
final class NothingFits {
    private NothingFits() {}

    /**
     * The reason.
     *
     * @param network shapes by name
     * @param file shapes by name
     * @param asked the names of the network that were asked for
     */
    static String sentence(Map<String, List<Long>> network, Map<String, List<Long>> file, Collection<String> asked) {
        if (file.isEmpty()) {
            return "no weight could be loaded: the file holds none";
        }
        if (asked.isEmpty()) {
            return "no weight could be loaded: of the network's " + network.size() + " none was asked for";
        }
        String ours = "";
        String theirs = "";
        int longest = -1;
        for (String mine : asked) {
            for (String other : file.keySet()) {
                int common = commonEnd(mine, other);
                if (common > longest) {
                    longest = common;
                    ours = mine;
                    theirs = other;
                }
            }
        }
        return "no weight could be loaded, under any prefix: nearest are " + theirs + " " + file.get(theirs)
                + " in the file (" + file.size() + " weights) and " + ours + " " + network.get(ours)
                + " in the network (" + network.size() + " weights)";
    }

    private static int commonEnd(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length())
                && a.charAt(a.length() - 1 - length) == b.charAt(b.length() - 1 - length)) {
            length++;
        }
        return length;
    }
}
