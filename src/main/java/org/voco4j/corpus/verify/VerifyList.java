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
import org.voco4j.corpus.label.LabelSchema;
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

        int channels = 1; // that the file is said to hold

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
        boolean labelled = found.pairs() != null
                || (found.listed() && found.scans().stream().anyMatch(scan -> scan.label() != null));
        Declared classes = null;
        if (labelled && found.about() != null) {
            if (!found.listed()) {
                remark(found.about(), ScanList.read(found.about()).remarks());
            }
            classes = declare(found.about(), found.json());
        }
        for (Inventory.Item item : found.items()) {
            addItem(item, found, classes);
        }
        List<Path> missing = new ArrayList<>();
        int named = 0;
        for (Inventory.Scan scan : found.scans()) {
            named += scan.images().files().size() + (scan.label() == null ? 0 : 1);
            addScan(scan, found, labelled, classes, missing);
        }
        for (Finding finding : found.unpaired()) {
            if (finding.kind() == Finding.Kind.FURTHER_CHANNEL) {
                listed(finding.path(), found.root(), Role.IMAGE).labelled = false;
            }
        }
        if (!missing.isEmpty()) {
            checks.add(new Check(
                    argument,
                    Kind.MISSING,
                    Level.ERROR,
                    named + " files that it names",
                    missing.size() + " of them do not exist: " + FindingWords.names(missing),
                    "put the files where the list says, or take them out of it"));
        }
        if (found.pairs() != null) {
            addFolds(found);
        }
    }

    private void addItem(Inventory.Item item, Inventory found, @Nullable Declared classes) throws IOException {
        Listed listed = listed(item.file(), found.root(), item.role());
        if (item.word() != null && !item.placed()) {
            listed.since = "; it is taken for a label map, since " + item.word();
        }
        if (found.pairs() != null) {
            listed.labelled |= item.file().startsWith(found.pairs().maps());
            listed.alone = item.alone();
        }
        listed.classes = listed.classes == null ? classes : listed.classes;
        listed.part = listed.part == null ? item.part() : listed.part;
    }

    private void addScan(
            Inventory.Scan scan, Inventory found, boolean labelled, @Nullable Declared classes, List<Path> missing)
            throws IOException {
        for (Path image : scan.images().files()) {
            if (Files.exists(image)) {
                Listed listed = listed(image, found.root(), found.listed() ? Role.IMAGE : Role.UNKNOWN);
                listed.labelled |= labelled && scan.part() != ScanList.Part.TEST;
                listed.firstChannel = image.equals(scan.file()) ? null : scan.file();
                listed.channels = scan.images().inEachFile();
                part(listed, found, scan.part());
            } else {
                missing.add(image);
            }
        }
        Path label = scan.label();
        if (label != null && Files.exists(label)) {
            Listed listed = listed(label, found.root(), Role.LABEL);
            listed.labelled |= labelled;
            listed.image = scan.file();
            listed.classes = classes == null ? listed.classes : classes;
            part(listed, found, scan.part());
        } else if (label != null) {
            missing.add(label);
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
            for (Path channel : scan.getValue().images().files()) {
                listed(channel, found.root(), Role.IMAGE).heldOutIn = folds.holding(scan.getKey());
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
            regions.ignored().forEach(value -> byValue.put(value, LabelSchema.IGNORE_NAME));
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

    /** Notes in which part of a list a file stands; two parts of one list are a leak, of two lists a conflict. */
    private void part(Listed listed, Inventory found, ScanList.Part part) {
        if (!found.listed()) {
            return; // where a file lies is no statement about it
        }
        Path list = found.root();
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
