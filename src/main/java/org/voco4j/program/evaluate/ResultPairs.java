package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.FolderScan;
import org.voco4j.corpus.ImageFiles;
import org.voco4j.corpus.Inventory;
import org.voco4j.corpus.LabelNames;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.PairNames;
import org.voco4j.corpus.label.LabelCoding;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Which predicted label map belongs to which true one.
 *
 * <p>By name, the first that fits: the path below the folder; the file's name alone; the name without {@code _0000}; the
 * name without words such as image and label ({@code img0001}, {@code label0001}). Two single files belong together
 * whatever they are called.
 *
 * @param pairs those that belong together, in the order of truth
 * @param problems what has no counterpart or cannot be read, a sentence with the file each
 * @param predicted raw value → name as {@code labels.json} or {@code dataset.json} beside the predictions has it; empty
 *     if there is none
 * @param labels raw value → name as truth's {@code dataset.json} has it; empty if there is none
 * @param regions the overlapping regions that truth declares instead, or else the predictions; null if neither does
 * @param predictedRegions those that the predictions declare; null if they declare none
 */
public record ResultPairs(
        List<ResultPair> pairs,
        List<String> problems,
        SortedMap<Integer, String> predicted,
        SortedMap<Integer, String> labels,
        @Nullable Regions regions,
        @Nullable Regions predictedRegions) {
    private static final VolumeFormat FORMAT = Formats.any();
    private static final List<String> LISTS = List.of("labels.json", "dataset.json");

    /** From the most to the least exact. */
    private static final List<UnaryOperator<String>> NAMINGS = List.of(
            plain -> plain,
            ResultPairs::last,
            plain -> withoutChannel(last(plain)),
            plain -> PairNames.key(Path.of(withoutChannel(last(plain)))));

    /** Copies the collections. */
    public ResultPairs {
        pairs = List.copyOf(pairs);
        problems = List.copyOf(problems);
        predicted = Collections.unmodifiableSortedMap(new TreeMap<>(predicted));
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /**
     * A true label map.
     *
     * @param names what its prediction may be called: paths without ending
     */
    private record Truth(String id, Path label, @Nullable ImageFiles images, List<String> names) {}

    /**
     * Finds predictions and their truth.
     *
     * @param predictions a folder (searched recursively) or a file
     * @param truth a folder of label maps, a labelled data set as for {@link LabelledSet#open}, or a file
     * @param images a folder with the scans of truths that no list names them for; null if there is none
     * @throws IOException if one of them does not exist or holds no label map, or nothing belongs together
     */
    public static ResultPairs of(Path predictions, Path truth, @Nullable Path images) throws IOException {
        List<String> problems = new ArrayList<>();
        Map<Path, String> found = files(predictions, "a folder of predicted label maps, or one file");
        LabelNames predicted = names(predictions);
        LabelNames real = names(truth);
        List<Truth> truths = new ArrayList<>();
        SortedMap<Integer, String> labels = real.byValue();
        Regions regions = real.regions();
        if (isLabelledSet(truth)) {
            LabelledSet set = LabelledSet.open(List.of(truth), null);
            for (LabelledCase one : set.cases()) {
                String label = Formats.plain(one.label());
                truths.add(new Truth(one.id(), one.label(), one.images(), List.of(one.id(), label)));
            }
            set.findings().stream().filter(Finding::isFault).forEach(finding -> problems.add(finding.line()));
            labels = set.labels();
            regions = set.regions();
        } else {
            Map<Path, String> scans = images == null ? Map.of() : files(images, "a folder of scans, or one file");
            Map<Path, String> maps = files(truth, "a folder of label maps, a data set or one file");
            maps.forEach((file, plain) -> truths.add(new Truth(plain, file, scan(plain, scans), List.of(plain))));
        }
        return pair(found, truths, problems, predicted, labels, regions);
    }

    private static String last(String plain) {
        return plain.substring(plain.lastIndexOf('/') + 1);
    }

    /** nnU-Net's first channel; other numbers of four digits may be a case's. */
    private static String withoutChannel(String name) {
        return name.replaceFirst("_0000$", "");
    }

    private static @Nullable ImageFiles scan(String plain, Map<Path, String> scans) {
        Path first = match(List.of(plain), scans);
        if (first == null) {
            return null;
        }
        String name = scans.getOrDefault(first, "");
        Map<String, Path> byName = new HashMap<>();
        scans.forEach((file, each) -> byName.put(each, file));
        List<Path> channels = new ArrayList<>();
        for (Path next = first;
                next != null;
                next = byName.get(withoutChannel(name) + "_%04d".formatted(channels.size()))) {
            channels.add(next);
        }
        return name.endsWith("_0000") ? new ImageFiles(channels, channels.size()) : ImageFiles.of(first);
    }

    private static ResultPairs pair(
            Map<Path, String> found,
            List<Truth> truths,
            List<String> problems,
            LabelNames predicted,
            SortedMap<Integer, String> labels,
            @Nullable Regions regions)
            throws IOException {
        Map<Path, String> free = new TreeMap<>(found);
        Map<Truth, Path> matched = new HashMap<>();
        if (found.size() == 1 && truths.size() == 1) {
            Path only = found.keySet().iterator().next();
            matched.put(truths.get(0), only);
            free.remove(only);
        }
        for (UnaryOperator<String> naming : NAMINGS) {
            for (Truth truth : truths) {
                Path prediction = matched.containsKey(truth) ? null : match(truth.names, free, naming);
                if (prediction != null) {
                    matched.put(truth, prediction);
                    free.remove(prediction);
                }
            }
        }
        List<ResultPair> pairs = new ArrayList<>();
        for (Truth truth : truths) {
            Path prediction = matched.get(truth);
            if (prediction == null) {
                problems.add(truth.label + ": no prediction of this name");
            } else {
                pairs.add(new ResultPair(truth.id, prediction, truth.label, truth.images));
            }
        }
        free.keySet().forEach(file -> problems.add(file + ": no truth of this name"));
        if (pairs.isEmpty()) {
            throw new IOException("no prediction belongs to a truth: "
                    + String.join("; ", problems.stream().limit(2).toList()));
        }
        Regions own = predicted.regions();
        return new ResultPairs(pairs, problems, predicted.byValue(), labels, regions == null ? own : regions, own);
    }

    private static @Nullable Path match(List<String> names, Map<Path, String> files) {
        for (UnaryOperator<String> naming : NAMINGS) {
            Path match = match(names, files, naming);
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    /** The only file that one of the names fits; null if there are none or several. */
    private static @Nullable Path match(List<String> names, Map<Path, String> files, UnaryOperator<String> naming) {
        Set<String> wanted = new LinkedHashSet<>();
        names.forEach(name -> wanted.add(naming.apply(name)));
        wanted.remove("");
        List<Path> fitting = files.entrySet().stream()
                .filter(file -> wanted.contains(naming.apply(file.getValue())))
                .map(Map.Entry::getKey)
                .toList();
        return fitting.size() == 1 ? fitting.get(0) : null;
    }

    /** Files of volumes with their paths below the folder, without ending. */
    private static Map<Path, String> files(Path path, String expected) throws IOException {
        if (Files.isRegularFile(path) && FORMAT.reads(path)) {
            return Map.of(path, Formats.plain(path.getFileName()));
        }
        Map<Path, String> files = new TreeMap<>();
        if (Files.isDirectory(path)) {
            for (Path file : FolderScan.of(path, FORMAT).files()) {
                files.put(file, Formats.plain(FolderScan.below(path, file)));
            }
        }
        if (files.isEmpty()) {
            throw new IOException(path + ": expected " + expected + " of " + Formats.words() + ", found "
                    + (Files.isDirectory(path)
                            ? "none in it"
                            : Files.exists(path) ? "another kind of file" : "nothing there"));
        }
        return files;
    }

    /** Whether a list or a folder says which image a label map belongs to. */
    private static boolean isLabelledSet(Path truth) throws IOException {
        if (!Files.isDirectory(truth)) {
            return Files.exists(truth) && ScanList.named(truth);
        }
        Inventory found = Inventory.of(truth, FORMAT);
        return found.pairs() != null || found.scans().stream().anyMatch(scan -> scan.label() != null);
    }

    /** What a list beside label maps, or in the folder above (nnU-Net's labelsTs), calls their values. */
    private static LabelNames names(Path path) throws IOException {
        LabelNames names = new LabelNames();
        Path folder = Files.isDirectory(path)
                ? path.toAbsolutePath()
                : path.toAbsolutePath().getParent();
        Path above = folder == null ? null : folder.getParent();
        for (Path place : above == null ? List.of(folder == null ? path : folder) : List.of(folder, above)) {
            for (String list : LISTS) {
                Path file = place.resolve(list);
                if (Files.isRegularFile(file)) {
                    names.add(file, ScanList.json(file), finding -> {});
                    return names;
                }
            }
        }
        return names;
    }

    /**
     * What a {@code dataset.json} or {@code labels.json} calls label values.
     *
     * @throws IOException if it cannot be read or names none
     */
    public static LabelledNames named(Path list) throws IOException {
        LabelNames names = new LabelNames();
        names.add(list, ScanList.json(list), finding -> {});
        if (names.byValue().isEmpty() && names.regions() == null) {
            throw new IOException(list + ": expected labels with a number and a name each, found none");
        }
        return new LabelledNames(names.byValue(), names.regions());
    }

    /**
     * Names of label values.
     *
     * @param labels raw value → name
     * @param regions overlapping regions instead, or null
     */
    public record LabelledNames(
            SortedMap<Integer, String> labels, @Nullable Regions regions) {}

    /**
     * The values other than 0 that the label maps hold, each with its number as name; what cannot be read is passed over,
     * and a scan that is no label map given up after a thousand values.
     *
     * @throws IOException if nothing else is left
     */
    public SortedMap<Integer, String> values(VolumeFormat format) throws IOException {
        Set<Integer> values = new LinkedHashSet<>();
        IOException passedOver = null;
        for (ResultPair pair : pairs) {
            for (Path file : List.of(pair.truth(), pair.prediction())) {
                try {
                    format.visit(file, (slice, width) -> {
                        LabelCoding.addValues(slice, values);
                        return values.size() <= 1000;
                    });
                } catch (IOException unreadable) {
                    passedOver = passedOver == null ? unreadable : passedOver; // a problem where it is compared
                }
            }
        }
        if (values.isEmpty() && passedOver != null) {
            throw passedOver;
        }
        SortedMap<Integer, String> named = new TreeMap<>();
        values.forEach(value -> named.put(value, Integer.toString(value)));
        return named;
    }
}
