package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.voco4j.corpus.list.ScanList;
import tools.jackson.databind.JsonNode;

/**
 * The folds that data declare: for each, the scans held out in it. nnU-Net's {@code splits_final.json} is an array of
 * folds, each with the names of the scans in {@code train} and {@code val}; a list may number the fold of each scan.
 */
public final class Folds {
    private static final int MOST = 1000;

    private final List<Set<String>> heldOut = new ArrayList<>();

    /** Holds a scan out in a fold. */
    void add(Path list, int fold, String id) throws IOException {
        if (fold >= MOST) {
            throw new IOException(list + ": expected a fold from 0 to " + (MOST - 1) + ", found " + fold);
        }
        while (heldOut.size() <= fold) {
            heldOut.add(new LinkedHashSet<>());
        }
        heldOut.get(fold).add(id);
    }

    /**
     * Reads the {@code splits_final.json} of a folder, if there is one.
     *
     * @param ids scan → id; scans are called as {@link ChannelGroups#scan} does below the folder of images, and folds may
     *     leave their folder out where no other scan has the name
     */
    public void read(Path folder, Map<String, String> ids, Consumer<Finding> findings) throws IOException {
        Path file = folder.resolve("splits_final.json");
        if (!Files.exists(file)) {
            return;
        }
        Map<String, List<String>> byName = new TreeMap<>(); // name without folder → scans
        for (String scan : ids.keySet()) {
            byName.computeIfAbsent(scan.substring(scan.lastIndexOf('/') + 1), n -> new ArrayList<>())
                    .add(scan);
        }
        JsonNode root = ScanList.json(file);
        Set<String> absent = new HashSet<>();
        for (int fold = 0; fold < root.size(); fold++) {
            Set<String> training = names(file, root.path(fold), "train");
            Set<String> held = names(file, root.path(fold), "val");
            Set<String> both = new HashSet<>(training);
            both.retainAll(held);
            if (!both.isEmpty()) {
                throw new IOException(
                        file + ": fold " + fold + " has " + both.iterator().next() + " in train and in val");
            }
            Set<String> unnamed = new HashSet<>(ids.keySet());
            training.addAll(held);
            for (String name : training) {
                List<String> scans = ids.containsKey(name) ? List.of(name) : byName.getOrDefault(name, List.of());
                if (scans.size() > 1) {
                    throw new IOException(file + ": fold " + fold + " names " + name + ", which could be "
                            + String.join(" or ", scans));
                }
                String id = scans.isEmpty() ? null : ids.get(scans.get(0));
                if (id == null) {
                    absent.add(name);
                } else if (held.contains(name)) {
                    add(file, fold, id);
                }
                scans.forEach(unnamed::remove);
            }
            if (!unnamed.isEmpty()) {
                String message =
                        unnamed.size() + " scans are in neither part of its fold " + fold + " and are trained on";
                findings.accept(new Finding(file, Finding.Kind.NOTE, message));
            }
        }
        if (!absent.isEmpty()) {
            String message = absent.size() + " of the scans that its folds name are not here";
            findings.accept(new Finding(file, Finding.Kind.NOTE, message));
        }
    }

    private static Set<String> names(Path file, JsonNode fold, String part) throws IOException {
        JsonNode names = fold.path(part);
        Set<String> read = new LinkedHashSet<>();
        for (JsonNode name : names) {
            read.add(PairNames.plain(name.asString("")));
        }
        if (!names.isArray() || read.contains("")) {
            throw new IOException(file + ": expected an array of folds with names in train and val, found " + fold);
        }
        return read;
    }

    /** The folds in which an id is held out. */
    public Set<Integer> holding(String id) {
        return IntStream.range(0, heldOut.size())
                .filter(fold -> heldOut.get(fold).contains(id))
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The ids held out in each fold; empty if none is declared. */
    public List<Set<String>> heldOut() {
        return heldOut;
    }
}
