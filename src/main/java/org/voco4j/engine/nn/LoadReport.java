package org.voco4j.engine.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a network took over from a file by name, and what it did not.
 *
 * <p>{@code loaded}, {@code notInFile}, {@code misfits}, {@code notWanted}, {@code own} and {@code passedOver} together are the names of the
 * network's {@code stateDict()}, each in one of them. A constant has its value from the network's form and is never
 * overwritten: it counts where the file has one of its shape, as loaded if that has the same values and as a misfit
 * otherwise, and is {@code own}, which does not count, where the file has none or one for windows of another size. What no forward pass reads does not count either: it is {@code passedOver} where
 * the file has it, else {@code own}.
 *
 * @param loaded names of the network that have the file's values now
 * @param adapted how those of them were made whose shape differs in the file
 * @param notInFile names that the file lacks
 * @param misfits names that the file has, but not so that they could be taken over
 * @param notWanted names that were not asked for
 * @param own constants that the file does not tell
 * @param passedOver names that the file has, of parts that the original builds and never calls
 * @param unused entries of the file that the network has no name for, as the file names them
 * @param names how the file's names were read
 */
public record LoadReport(
        List<String> loaded,
        Map<String, String> adapted,
        List<String> notInFile,
        List<Misfit> misfits,
        List<String> notWanted,
        List<String> own,
        List<String> passedOver,
        List<String> unused,
        Renaming names) {

    private static final int MISFITS_IN_WORDS = 4;
    private static final int NAMES_IN_WORDS = 2;

    /**
     * A name whose values in the file cannot be the network's.
     *
     * @param reason beyond the shapes; empty if they are all there is to say
     */
    public record Misfit(String name, List<Long> inFile, List<Long> inNetwork, String reason) {
        private String sentence() {
            String shapes = inFile.equals(inNetwork) ? "" : inFile + " in the file, " + inNetwork + " here";
            return name + ": " + shapes + (shapes.isEmpty() || reason.isEmpty() ? "" : ", ") + reason;
        }
    }

    /** Copies the lists. */
    public LoadReport {
        loaded = List.copyOf(loaded);
        adapted = Collections.unmodifiableMap(new LinkedHashMap<>(adapted));
        notInFile = List.copyOf(notInFile);
        misfits = List.copyOf(misfits);
        notWanted = List.copyOf(notWanted);
        own = List.copyOf(own);
        passedOver = List.copyOf(passedOver);
        unused = List.copyOf(unused);
    }

    /**
     * This report, of weights that an encoder begins with.
     *
     * @param isOfEncoder whether a name of the network is the encoder's
     * @throws IllegalArgumentException if none of those was loaded, or one has another size in the file: the rest would be drawn
     */
    public LoadReport requireEncoder(Predicate<String> isOfEncoder) {
        if (loaded.stream().noneMatch(isOfEncoder)) {
            throw new IllegalArgumentException("no weight of the encoder could be loaded: " + sentence());
        }
        if (misfits.stream().map(Misfit::name).anyMatch(isOfEncoder)) {
            throw new IllegalArgumentException("they are of an encoder of other sizes: " + sentence());
        }
        return this;
    }

    /** How many names of the network count. */
    public int total() {
        return loaded.size() + notInFile.size() + misfits.size() + notWanted.size();
    }

    /** For people: {@code loaded 45 of 61: 16 left out (upcat_1.…, final_conv.…: not in file)}. */
    public String sentence() {
        List<String> reasons = new ArrayList<>();
        if (!notInFile.isEmpty()) {
            reasons.add(parts(notInFile) + ": not in file");
        }
        misfits.stream().limit(MISFITS_IN_WORDS).map(Misfit::sentence).forEach(reasons::add);
        if (misfits.size() > MISFITS_IN_WORDS) {
            reasons.add((misfits.size() - MISFITS_IN_WORDS) + " more that do not fit");
        }
        if (!notWanted.isEmpty()) {
            reasons.add(parts(notWanted) + ": not asked for");
        }
        List<String> clauses = new ArrayList<>();
        clauses.add("loaded " + loaded.size() + " of " + total()
                + (reasons.isEmpty()
                        ? ""
                        : ": " + (total() - loaded.size()) + " left out (" + String.join("; ", reasons) + ")"));
        if (!adapted.isEmpty()) {
            clauses.add(adapted.size() + " adapted (" + String.join("; ", adaptedInWords()) + ")");
        }
        if (!passedOver.isEmpty()) {
            clauses.add(passedOver.size() + " passed over (" + parts(withinBlocks(passedOver)) + ": never called)");
        }
        if (!unused.isEmpty()) {
            clauses.add(unused.size() + " of the file unused (" + unusedParts() + ")");
        }
        if (!names.sentence().isEmpty()) {
            clauses.add(names.sentence());
        }
        return String.join("; ", clauses);
    }

    /** For programs: the sentence, how many count, and every name in its list. */
    public ObjectNode document() {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        document.put("sentence", sentence());
        document.put("total", total());
        document.setAll((ObjectNode) JsonMapper.shared().valueToTree(this));
        return document;
    }

    private List<String> adaptedInWords() {
        Map<String, List<String>> byWay = new LinkedHashMap<>();
        adapted.forEach((name, how) ->
                byWay.computeIfAbsent(how, key -> new ArrayList<>()).add(name));
        List<String> words = new ArrayList<>();
        byWay.forEach((how, some) ->
                words.add((some.size() <= NAMES_IN_WORDS ? String.join(", ", some) : parts(some)) + ": " + how));
        return words;
    }

    /** Parts as below what was taken off; of other networks in the file only what they are wrapped in. */
    private String unusedParts() {
        return parts(unused.stream()
                .map(name -> {
                    String rest = name.startsWith(names.removed())
                            ? name.substring(names.removed().length())
                            : name;
                    String lead = Renaming.lead(rest);
                    return lead.isEmpty() ? rest : lead;
                })
                .toList());
    }

    /** What follows the last number of dotted names: {@code cross_attn.to_q.weight} of {@code vit.blocks.3.cross_attn.to_q.weight}. */
    private static List<String> withinBlocks(List<String> names) {
        return names.stream()
                .map(name -> name.replaceFirst("^.*\\.\\d+\\.", ""))
                .toList();
    }

    /** The first parts of dotted names, each once; a name that ends with a dot is a part as it is. */
    private static String parts(List<String> names) {
        Set<String> parts = new LinkedHashSet<>();
        for (String name : names) {
            int dot = name.endsWith(".") ? name.length() - 1 : name.indexOf('.');
            parts.add(dot < 0 ? name : name.substring(0, dot) + ".…");
        }
        return String.join(", ", parts);
    }
}
