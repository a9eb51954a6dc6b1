package org.voco4j.corpus.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.Folds;
import org.voco4j.corpus.Inventory;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.LabelNames;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.Decathlon;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.VolumeFormat;
import tools.jackson.databind.JsonNode;

/** Collects the files that a verification reads, with what folders and lists say about each. */
final class VerifyList {
    private final VolumeFormat format;
    private final Map<Path, Listed> files = new LinkedHashMap<>(); // by real path
    private final List<Path> unread = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Declared> declared = new ArrayList<>();

    VerifyList(VolumeFormat format) {
        this.format = format;
    }

    /**
     * The classes that a dataset.json declares.
     *
     * @param file the dataset.json
     * @param names label value → name, the background included
     */
    record Declared(Path file, SortedMap<Integer, String> names) {}

    /** A file to read. */
    static final class Listed {
        public final Path file;
        final Path root; // the folder or list it was found by
        Role role;

        @Nullable
        Path image; // of a label map: what a list says it belongs to

        @Nullable
        Finding alone; // of a label map in a folder for them: why it belongs to no image

        @Nullable
        Path firstChannel; // of an image that holds a further channel of a scan

        @Nullable
        Set<Integer> heldOutIn; // the folds of splits_final.json, where there are some

        ScanList.@Nullable Part part;

        @Nullable
        Declared classes;

        boolean labelled; // in a data set with labels

        /** Which word in a name alone made it a label map, to go on a sentence with; empty if none did. */
        String since = "";

        Listed(Path file, Path root, Role role) {
            this.file = file;
            this.root = root;
            this.role = role;
        }

        /** How a split sets two files apart, in words; null if it does not. */
        static @Nullable String apart(Listed one, Listed other) {
            if (one.part != null && other.part != null && one.part != other.part) {
                return "one is under " + FindingWords.part(one.part) + ", the other under "
                        + FindingWords.part(other.part);
            }
            if (one.heldOutIn == null || other.heldOutIn == null) {
                return null;
            }
            Set<Integer> folds = new TreeSet<>(one.heldOutIn);
            folds.addAll(other.heldOutIn);
            for (int fold : folds) {
                if (one.heldOutIn.contains(fold) != other.heldOutIn.contains(fold)) {
                    return "one is held out in fold " + fold + " of splits_final.json, where the other is trained on";
                }
            }
            return null;
        }
    }

    List<Listed> files() {
        return List.copyOf(files.values());
    }

    /** Folders of DICOM files: images that cannot be read yet. */
    List<Path> unread() {
        return unread;
    }

    /** What lies in the folders and is no file to read, as {@link #checks} have it too. */
    List<Finding> findings() {
        return findings;
    }

    List<Check> checks() {
        return checks;
    }

    List<Declared> declared() {
        return declared;
    }

    void add(Path argument) throws IOException {
        Inventory found = Inventory.of(argument, format);
        findings.addAll(found.findings());
        for (Finding finding : found.findings()) {
            if (finding.kind() == Finding.Kind.DICOM) {
                unread.add(finding.path());
            }
            checks.add(
                    switch (finding.kind()) {
                        case MISSING_CHANNEL, FURTHER_CHANNEL ->
                            new Check(
                                    finding.path(),
                                    Kind.MISSING,
                                    Level.ERROR,
                                    Decathlon.channels(found.json()) + " channels, as dataset.json names",
                                    finding.found(),
                                    "add what is missing, or correct dataset.json");
                        default -> Check.of(finding);
                    });
        }
        remark(argument, found.remarks());
        if (found.listed()) {
            addList(argument, found);
        } else {
            addFolder(found);
        }
    }

    private void addFolder(Inventory found) throws IOException {
        Inventory.Pairs pairs = found.pairs();
        Declared classes = null;
        if (pairs != null && found.about() != null) {
            remark(found.about(), ScanList.read(found.about()).remarks());
            classes = declare(found.about(), found.json());
        }
        for (Inventory.Item item : found.items()) {
            Listed listed = listed(item.file(), found.root(), item.role());
            if (item.word() != null && !item.placed()) {
                listed.since = "; it is taken for a label map, since " + item.word();
            }
            listed.labelled |= pairs != null && item.file().startsWith(pairs.maps());
            listed.alone = pairs == null ? listed.alone : item.alone();
            listed.classes = listed.classes == null ? classes : listed.classes;
            listed.part = listed.part == null ? item.part() : listed.part;
        }
        for (Inventory.Scan scan : found.scans()) {
            for (Path channel : scan.images().files()) {
                Listed listed = listed(channel, found.root(), Role.UNKNOWN);
                listed.labelled |= pairs != null && pairs.hold(channel);
                listed.firstChannel = channel.equals(scan.file()) ? null : scan.file();
            }
            if (scan.label() != null) {
                listed(scan.label(), found.root(), Role.LABEL).image = scan.file();
            }
        }
        for (Finding finding : found.unpaired()) {
            if (finding.kind() == Finding.Kind.FURTHER_CHANNEL) {
                listed(finding.path(), found.root(), Role.IMAGE).labelled = false;
            }
        }
        if (pairs != null) {
            addFolds(found);
        }
    }

    private void addFolds(Inventory found) throws IOException {
        Path file = found.root().resolve("splits_final.json");
        Map<String, Inventory.Scan> scans = found.byName();
        Map<String, String> ids = new TreeMap<>();
        scans.keySet().forEach(name -> ids.put(name, name));
        Folds folds = new Folds();
        try {
            folds.read(
                    found.root(),
                    ids,
                    finding -> checks.add(new Check(
                            file,
                            Kind.LIST,
                            Level.NOTE,
                            "each scan once in every fold",
                            finding.message(),
                            "complete it")));
        } catch (IOException e) {
            checks.add(new Check(
                    file,
                    Kind.LIST,
                    Level.ERROR,
                    "folds that can be used",
                    FileReason.why(file, e),
                    "correct it, or take it away"));
            return;
        }
        if (folds.heldOut().isEmpty()) {
            return;
        }
        for (Map.Entry<String, Inventory.Scan> scan : scans.entrySet()) {
            Set<Integer> heldOut = new TreeSet<>();
            for (int fold = 0; fold < folds.heldOut().size(); fold++) {
                if (folds.heldOut().get(fold).contains(scan.getKey())) {
                    heldOut.add(fold);
                }
            }
            for (Path channel : scan.getValue().images().files()) {
                listed(channel, found.root(), Role.IMAGE).heldOutIn = heldOut;
            }
        }
    }

    private Declared declare(Path file, JsonNode about) throws IOException {
        LabelNames names = new LabelNames();
        names.add(
                file,
                about,
                finding -> checks.add(new Check(
                        file,
                        Kind.LIST,
                        Level.NOTE,
                        "label values with names",
                        finding.message(),
                        "name them in the recipe")));
        SortedMap<Integer, String> byValue = new TreeMap<>(names.byValue());
        Regions regions = names.regions();
        if (regions != null) { // a value may be of several
            regions.values()
                    .forEach((name, values) ->
                            values.forEach(value -> byValue.merge(value, name, (a, b) -> a + "+" + b)));
        }
        Declared classes = new Declared(file, byValue);
        declared.add(classes);
        return classes;
    }

    private void remark(Path list, List<String> remarks) {
        for (String remark : remarks) {
            checks.add(new Check(
                    list,
                    Kind.LIST,
                    Level.NOTE,
                    "scans under training, validation and test",
                    remark,
                    "rename it: other programs may find nothing there"));
        }
    }

    private void addList(Path list, Inventory found) throws IOException {
        boolean labelled = found.scans().stream().anyMatch(scan -> scan.label() != null);
        Declared classes = labelled ? declare(list, found.json()) : null;
        List<Path> missing = new ArrayList<>();
        int named = 0;
        for (Inventory.Scan scan : found.scans()) {
            List<Path> images = scan.images().files(); // one for each channel
            Path label = scan.label();
            named += images.size() + (label == null ? 0 : 1);
            for (Path image : images) {
                if (Files.exists(image)) {
                    Listed listed = listed(image, list, Role.IMAGE);
                    listed.labelled |= labelled && scan.part() != ScanList.Part.TEST;
                    listed.firstChannel = image.equals(images.get(0)) ? null : images.get(0);
                    part(listed, list, scan.part());
                } else {
                    missing.add(image);
                }
            }
            if (label != null && Files.exists(label)) {
                Listed listed = listed(label, list, Role.LABEL);
                listed.labelled = true;
                listed.image = images.get(0);
                listed.classes = classes;
                part(listed, list, scan.part());
            } else if (label != null) {
                missing.add(label);
            }
        }
        if (!missing.isEmpty()) {
            checks.add(new Check(
                    list,
                    Kind.MISSING,
                    Level.ERROR,
                    named + " files that it names",
                    missing.size() + " of them do not exist: " + FindingWords.names(missing),
                    "put the files where the list says, or take them out of it"));
        }
    }

    /** Notes in which part of a list a file stands; two parts of one list are a leak, of two lists a conflict. */
    private void part(Listed listed, Path list, ScanList.Part part) {
        ScanList.Part before = listed.part;
        if (before != null && before != part && listed.role == Role.IMAGE) {
            boolean same = listed.root.equals(list);
            checks.add(new Check(
                    listed.file,
                    Kind.LEAKAGE,
                    same ? Level.ERROR : Level.WARNING,
                    "a scan in one part of a split",
                    "named under " + FindingWords.part(before) + (same ? "" : " of " + listed.root) + " and under "
                            + FindingWords.part(part) + " of " + list,
                    same
                            ? "take it out of one of the two"
                            : "what any list holds out is held out: mind what is compared"));
        }
        boolean held = before == ScanList.Part.VALIDATION || part == ScanList.Part.VALIDATION;
        listed.part = held ? ScanList.Part.VALIDATION : before == null ? part : before;
    }

    private Listed listed(Path file, Path root, Role role) throws IOException {
        Listed listed = files.computeIfAbsent(file.toRealPath(), real -> new Listed(file, root, role));
        listed.role = listed.role == Role.UNKNOWN ? role : listed.role;
        return listed;
    }
}
