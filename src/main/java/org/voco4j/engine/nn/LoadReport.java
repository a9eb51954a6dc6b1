package org.voco4j.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.voco4j.engine.tensor.Tensor;

/**
 * What a network took over from a file by name, and what it did not.
 *
 * <p>The first four lists together are the network's weights, in its order.
 *
 * @param loaded weights of the network that have the file's values now
 * @param notInFile weights that the file lacks
 * @param otherShape weights that the file has in another shape
 * @param notWanted weights that were not asked for
 * @param unused entries of the file that the network has no weight for
 */
public record LoadReport(
        List<String> loaded,
        List<String> notInFile,
        List<Misfit> otherShape,
        List<String> notWanted,
        List<String> unused) {

    /** A weight whose shape in the file is not the network's. */
    public record Misfit(String name, List<Long> inFile, List<Long> inNetwork) {}

    /** Copies the lists. */
    public LoadReport {
        loaded = List.copyOf(loaded);
        notInFile = List.copyOf(notInFile);
        otherShape = List.copyOf(otherShape);
        notWanted = List.copyOf(notWanted);
        unused = List.copyOf(unused);
    }

    /** Compares without changing anything. */
    static LoadReport of(Map<String, Tensor> network, Map<String, Tensor> file, Predicate<String> wanted) {
        List<String> loaded = new ArrayList<>();
        List<String> notInFile = new ArrayList<>();
        List<Misfit> otherShape = new ArrayList<>();
        List<String> notWanted = new ArrayList<>();
        network.forEach((name, weight) -> {
            Tensor value = file.get(name);
            if (!wanted.test(name)) {
                notWanted.add(name);
            } else if (value == null) {
                notInFile.add(name);
            } else if (Arrays.equals(value.shape(), weight.shape())) {
                loaded.add(name);
            } else {
                otherShape.add(new Misfit(name, shape(value), shape(weight)));
            }
        });
        List<String> unused = file.keySet().stream()
                .filter(name -> !network.containsKey(name))
                .toList();
        return new LoadReport(loaded, notInFile, otherShape, notWanted, unused);
    }

    /** How many weights the network has. */
    public int total() {
        return loaded.size() + notInFile.size() + otherShape.size() + notWanted.size();
    }

    /** For people: {@code loaded 45 of 61: 16 left out (upcat_1.…, final_conv.…: not in file)}. */
    public String sentence() {
        List<String> reasons = new ArrayList<>();
        if (!notInFile.isEmpty()) {
            reasons.add(parts(notInFile) + ": not in file");
        }
        for (Misfit misfit : otherShape) {
            reasons.add(misfit.name + ": " + misfit.inFile + " in the file, " + misfit.inNetwork + " here");
        }
        if (!notWanted.isEmpty()) {
            reasons.add(parts(notWanted) + ": not asked for");
        }
        String left = reasons.isEmpty()
                ? ""
                : ": " + (total() - loaded.size()) + " left out (" + String.join("; ", reasons) + ")";
        String rest = unused.isEmpty() ? "" : "; " + unused.size() + " of the file unused (" + parts(unused) + ")";
        return "loaded " + loaded.size() + " of " + total() + left + rest;
    }

    /** The first parts of dotted names, each once. */
    private static String parts(List<String> names) {
        Set<String> parts = new LinkedHashSet<>();
        for (String name : names) {
            int dot = name.indexOf('.');
            parts.add(dot < 0 ? name : name.substring(0, dot) + ".…");
        }
        return String.join(", ", parts);
    }

    /** Why nothing could be loaded: the pair of names with the longest common end, where a prefix differs most often. */
    static String nothingFits(Map<String, Tensor> network, Map<String, Tensor> file, Predicate<String> wanted) {
        List<String> asked = network.keySet().stream().filter(wanted).toList();
        if (asked.isEmpty() || file.isEmpty()) {
            return file.isEmpty()
                    ? "no weight could be loaded: the file holds none"
                    : "no weight could be loaded: of the network's " + network.size() + " none was asked for";
        }
        String[] nearest = nearest(asked, file.keySet());
        return "no weight could be loaded: nearest are " + nearest[1] + " " + shape(file, nearest[1]) + " in the file ("
                + file.size() + " weights) and " + nearest[0] + " " + shape(network, nearest[0]) + " in the network ("
                + network.size() + " weights)";
    }

    private static String[] nearest(Collection<String> network, Collection<String> file) {
        String[] pair = {"", ""};
        int longest = -1;
        for (String ours : network) {
            for (String theirs : file) {
                int common = commonEnd(ours, theirs);
                if (common > longest) {
                    longest = common;
                    pair = new String[] {ours, theirs};
                }
            }
        }
        return pair;
    }

    private static int commonEnd(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length())
                && a.charAt(a.length() - 1 - length) == b.charAt(b.length() - 1 - length)) {
            length++;
        }
        return length;
    }

    private static List<Long> shape(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        return tensor == null ? List.of() : shape(tensor);
    }

    private static List<Long> shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).boxed().toList();
    }
}
