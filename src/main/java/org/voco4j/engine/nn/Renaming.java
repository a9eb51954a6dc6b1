package org.voco4j.engine.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the names in a file become a network's: {@code module.student.encoder1.…} and {@code encoder1._orig_mod.…} are its
 * {@code encoder1.…}.
 *
 * @param removed what names of the file begin with and the network's do not, with its last dot; empty if nothing
 * @param added what the network's names begin with and the file's do not, with its last dot; empty if nothing
 * @param unwrapped words of wrappers that stand amid names, as {@code _orig_mod}
 * @param replaced parts that have another name here, as {@code mlp.fc1 as mlp.linear1}
 */
public record Renaming(String removed, String added, List<String> unwrapped, List<String> replaced) {
    /** What programs wrap any part of a network in, so that it may stand amid a name: compiled, parallel, recomputed, averaged. */
    private static final Set<String> INNER_WRAPPERS = Set.of(
            "module",
            "_orig_mod",
            "_forward_module",
            "_fsdp_wrapped_module",
            "_fpw_module",
            "_checkpoint_wrapped_module",
            "ema_model");

    /** What programs wrap whole networks in besides; never the beginning of a name that tells anything. */
    private static final Set<String> WRAPPERS =
            Set.of("student", "teacher", "backbone", "encoder", "model", "net", "network", "state_dict", "task");

    private static final int MOST_WORDS = 8; // a name may be made to be endless

    private static final Map<String, String> SYNONYMS =
            Map.of("swin_vit", "swinViT", "mlp.fc1", "mlp.linear1", "mlp.fc2", "mlp.linear2");

    /** Copies the lists. */
    public Renaming {
        unwrapped = List.copyOf(unwrapped);
        replaced = List.copyOf(replaced);
    }

    /** The wrapping words that a name begins with, as {@code module.student.}, at most 8; empty if there are none. */
    public static String lead(String name) {
        int end = 0;
        for (int words = 0; words < MOST_WORDS; words++) {
            int dot = name.indexOf('.', end);
            if (dot < 0 || !isWrapper(name.substring(end, dot))) {
                break;
            }
            end = dot + 1;
        }
        return name.substring(0, end);
    }

    private static boolean isWrapper(String word) {
        return WRAPPERS.contains(word) || INNER_WRAPPERS.contains(word);
    }

    /** A name without the words of wrappers that stand behind those it begins with: {@code model.conv.weight} of {@code
     * model.conv._orig_mod.weight}. */
    public static String unwrapped(String name) {
        int begin = lead(name).length();
        String rest = without(name.substring(begin));
        return name.substring(0, begin) + rest;
    }

    /** A name without the words of wrappers, wherever they stand but at its end. */
    private static String without(String name) {
        if (INNER_WRAPPERS.stream().noneMatch(word -> name.contains(word + "."))) {
            return name;
        }
        int last = name.lastIndexOf('.') + 1;
        StringBuilder kept = new StringBuilder();
        for (int from = 0; from < last; ) {
            int dot = name.indexOf('.', from);
            if (!INNER_WRAPPERS.contains(name.substring(from, dot))) {
                kept.append(name, from, dot + 1);
            }
            from = dot + 1;
        }
        return kept.append(name, last, name.length()).toString();
    }

    /** Everything that names may be wrapped in, nothing to begin with, and a shorter prefix before those it begins. */
    public static Set<String> leads(Collection<String> names) {
        Set<String> leads = new LinkedHashSet<>(Set.of(""));
        for (String name : names) {
            String lead = lead(name);
            for (int dot = lead.indexOf('.'); dot >= 0; dot = lead.indexOf('.', dot + 1)) {
                leads.add(lead.substring(0, dot + 1));
            }
        }
        return leads;
    }

    /**
     * The renaming under which most names have the shape they have in the network, then most names at all; of equals one of
     * the student before one of the teacher, then the one that leaves most names otherwise as they are, then the shortest.
     *
     * @param network shapes by name
     * @param file shapes by name
     * @param role whose weights, null for any
     * @throws IllegalArgumentException if the file has none of that role
     */
    static Renaming choose(Map<String, List<Long>> network, Map<String, List<Long>> file, @Nullable Role role) {
        Set<String> leads = leads(file.keySet());
        if (role != null) {
            leads.removeIf(lead -> Role.of(lead) != role);
            if (leads.isEmpty() && !file.isEmpty()) {
                throw new IllegalArgumentException("the file has no weights of a " + role.word() + ": no name has "
                        + role.word() + " in front, the first is "
                        + file.keySet().iterator().next());
            }
        }
        Set<String> heads = new LinkedHashSet<>(Set.of(""));
        network.keySet().forEach(name -> heads.add(name.substring(0, name.indexOf('.') + 1)));
        List<Candidate> candidates = new ArrayList<>();
        for (String lead : leads) {
            for (String head : heads) {
                candidates.add(Candidate.of(new Renaming(lead, head, List.of(), List.of()), network, file));
            }
        }
        candidates.sort(Candidate.BEST_FIRST);
        Renaming best = candidates.isEmpty() ? new Renaming("", "", List.of(), List.of()) : candidates.get(0).renaming;
        Map<String, String> names = best.names(network.keySet(), file.keySet());
        return new Renaming(best.removed, best.added, best.inside(names), used(names));
    }

    private record Candidate(Renaming renaming, int equal, int common, int plain) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::equal)
                .thenComparing(Candidate::common)
                .reversed()
                .thenComparing(candidate -> Role.of(candidate.renaming.removed) == Role.TEACHER)
                .thenComparing(candidate -> -candidate.plain)
                .thenComparing(candidate -> candidate.renaming.removed.length() + candidate.renaming.added.length());

        static Candidate of(Renaming renaming, Map<String, List<Long>> network, Map<String, List<Long>> file) {
            Map<String, String> names = renaming.names(network.keySet(), file.keySet());
            long equal = names.entrySet().stream()
                    .filter(pair -> Objects.equals(network.get(pair.getKey()), file.get(pair.getValue())))
                    .count();
            int begin = renaming.removed.length();
            long plain = names.entrySet().stream()
                    .filter(pair -> pair.getKey()
                            .equals(renaming.added + pair.getValue().substring(begin)))
                    .count();
            return new Candidate(renaming, (int) equal, names.size(), (int) plain);
        }
    }

    /** The file's name for every name of the network that it has. */
    Map<String, String> names(Set<String> network, Set<String> file) {
        Map<String, String> names = new LinkedHashMap<>();
        for (boolean asItIs : new boolean[] {true, false}) { // what is wrapped stands back
            for (String name : file) {
                String ours = name.startsWith(removed) ? ours(name.substring(removed.length()), asItIs, network) : null;
                if (ours != null) {
                    names.putIfAbsent(ours, name);
                }
            }
        }
        return names;
    }

    private @Nullable String ours(String rest, boolean asItIs, Set<String> network) {
        String plain = added + (asItIs ? rest : without(rest));
        if (network.contains(plain)) {
            return plain;
        }
        String other = plain;
        for (Map.Entry<String, String> synonym : SYNONYMS.entrySet()) {
            other = ("." + other)
                    .replace("." + synonym.getKey() + ".", "." + synonym.getValue() + ".")
                    .substring(1);
        }
        return network.contains(other) ? other : null;
    }

    private List<String> inside(Map<String, String> names) {
        return INNER_WRAPPERS.stream()
                .sorted()
                .filter(word -> names.entrySet().stream()
                        .anyMatch(pair -> ("." + pair.getValue().substring(removed.length())).contains("." + word + ".")
                                && !("." + pair.getKey()).contains("." + word + ".")))
                .toList();
    }

    private static List<String> used(Map<String, String> names) {
        return SYNONYMS.keySet().stream()
                .sorted()
                .filter(theirs -> names.entrySet().stream()
                        .anyMatch(pair -> ("." + without(pair.getValue())).contains("." + theirs + ".")
                                && !("." + pair.getKey()).contains("." + theirs + ".")))
                .map(theirs -> theirs + " as " + SYNONYMS.get(theirs))
                .toList();
    }

    /** For people; empty if names are taken as they are. */
    String sentence() {
        List<String> steps = new ArrayList<>();
        if (!removed.isEmpty()) {
            steps.add(removed + " taken off the names");
        }
        unwrapped.forEach(word -> steps.add(word + ". taken out of the names"));
        if (!added.isEmpty()) {
            steps.add(added + " put before the names");
        }
        replaced.forEach(pair -> steps.add(pair.replace(" as ", " read as ")));
        return String.join(", ", steps);
    }
}
