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
import org.voco4j.corpus.CaseCollector;
import org.voco4j.corpus.ChannelGroups;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.FolderScan;
import org.voco4j.corpus.Folds;
import org.voco4j.corpus.LabelMaps;
import org.voco4j.corpus.LabelNames;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;

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

    /** What a file is said to be. */
    enum Role {
        IMAGE,
        LABEL,
        UNKNOWN
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
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (!Files.exists(argument)) {
            throw new IOException(argument + ": expected a folder, a .json or .csv list or a scan, found nothing there"
                    + FileReason.absence(argument));
        } else if (ScanList.named(argument)) {
            addList(argument);
        } else if (format.reads(argument)) {
            Path folder = argument.toAbsolutePath().normalize().getParent();
            listed(argument, folder == null ? argument : folder, Role.UNKNOWN);
        } else {
            throw new IOException(argument
                    + ": expected a folder, a .json or .csv list of scans or a file of " + Formats.words()
                    + ", found " + FolderScan.otherKind(argument));
        }
    }

    private void addFolder(Path folder) throws IOException {
        FolderScan scan = FolderScan.of(folder, format);
        for (Finding finding : scan.findings()) {
            if (finding.kind() == Finding.Kind.DICOM) {
                unread.add(finding.path());
            }
            checks.add(Check.of(finding));
            findings.add(finding);
        }
        boolean decathlon =
                Files.isDirectory(folder.resolve("imagesTr")) && Files.isDirectory(folder.resolve("labelsTr"));
        boolean labelled = decathlon || Files.isDirectory(folder.resolve("labels"));
        Path list = folder.resolve("dataset.json");
        Declared classes = labelled && Files.exists(list) ? declare(list, read(list)) : null;
        for (Path file : scan.files()) {
            Path below = folder.relativize(file);
            String top = below.getName(0).toString();
            boolean image = decathlon && top.startsWith("images");
            String word = image ? null : LabelMaps.byName(below);
            Listed listed = listed(file, folder, image ? Role.IMAGE : word != null ? Role.LABEL : Role.UNKNOWN);
            if (word != null && !LabelMaps.byLayout(folder, below, format)) {
                listed.since = "; it is taken for a label map, since " + word;
            }
            boolean test = decathlon && top.endsWith("Ts");
            listed.labelled |= labelled && !test;
            listed.classes = listed.classes == null ? classes : listed.classes;
            if (decathlon && listed.part == null) {
                listed.part = test ? ScanList.Part.TEST : ScanList.Part.TRAINING;
            }
        }
        if (decathlon) {
            addScans(folder, scan.files());
        }
    }

    /** nnU-Net's scans: which files are their channels, and in which folds they are held out. */
    private void addScans(Path folder, List<Path> found) throws IOException {
        int channels = ChannelGroups.named(folder);
        Map<String, List<Path>> scans = new TreeMap<>(); // path → the files of its channels
        for (Path file : found) {
            Path below = folder.relativize(file);
            if (below.getName(0).toString().startsWith("images")) {
                scans.computeIfAbsent(ChannelGroups.scan(Formats.plain(below)), n -> new ArrayList<>())
                        .add(file);
            }
        }
        Map<String, String> training = new TreeMap<>();
        for (Map.Entry<String, List<Path>> scan : scans.entrySet()) {
            List<Path> files = scan.getValue(); // in the order of their names
            for (Path file : files.subList(1, files.size())) {
                listed(file, folder, Role.IMAGE).firstChannel = files.get(0);
            }
            if (channels > 1
                    && files.size() != channels
                    && Formats.plain(files.get(0)).matches(".*_\\d{4}")) {
                checks.add(new Check(
                        files.get(0),
                        Kind.MISSING,
                        Level.ERROR,
                        channels + " channels, as dataset.json names",
                        files.size() + ": " + FindingWords.names(files),
                        "add what is missing, or correct dataset.json"));
            }
            if (scan.getKey().startsWith("imagesTr/")) {
                training.put(scan.getKey().substring("imagesTr/".length()), scan.getKey());
            }
        }
        addFolds(folder, training, scans);
    }

    private void addFolds(Path folder, Map<String, String> training, Map<String, List<Path>> scans) throws IOException {
        Path file = folder.resolve("splits_final.json");
        CaseCollector notes = new CaseCollector(null, 3);
        Folds folds = new Folds();
        try {
            folds.read(folder, training, notes);
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
        for (Finding finding : notes.findings()) {
            checks.add(new Check(
                    file, Kind.LIST, Level.NOTE, "each scan once in every fold", finding.message(), "complete it"));
        }
        if (folds.heldOut().isEmpty()) {
            return;
        }
        for (String key : training.values()) {
            Set<Integer> heldOut = new TreeSet<>();
            for (int fold = 0; fold < folds.heldOut().size(); fold++) {
                if (folds.heldOut().get(fold).contains(key)) {
                    heldOut.add(fold);
                }
            }
            for (Path channel : scans.getOrDefault(key, List.of())) {
                listed(channel, folder, Role.IMAGE).heldOutIn = heldOut;
            }
        }
    }

    private Declared declare(Path file, ScanList list) throws IOException {
        CaseCollector notes = new CaseCollector(null, 3);
        LabelNames names = new LabelNames();
        names.add(file, list.about(), notes);
        for (Finding finding : notes.findings()) {
            checks.add(new Check(
                    file,
                    Kind.LIST,
                    Level.NOTE,
                    "label values with names",
                    finding.message(),
                    "name them in the recipe"));
        }
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

    private ScanList read(Path list) throws IOException {
        ScanList read = ScanList.read(list);
        for (String remark : read.remarks()) {
            checks.add(new Check(
                    list,
                    Kind.LIST,
                    Level.NOTE,
                    "scans under training, validation and test",
                    remark,
                    "rename it: other programs may find nothing there"));
        }
        return read;
    }

    private void addList(Path list) throws IOException {
        ScanList read = read(list);
        Path folder = list.toAbsolutePath().normalize().getParent();
        if (read.entries().isEmpty() && folder != null && Files.isDirectory(folder.resolve("imagesTr"))) {
            addFolder(folder); // nnU-Net's dataset.json lists no cases
            return;
        }
        if (read.entries().isEmpty()) {
            throw new IOException(list + ": expected images under training, validation or test, found none");
        }
        boolean labelled = read.entries().stream().anyMatch(entry -> entry.label() != null);
        Declared classes = labelled ? declare(list, read) : null;
        List<Path> missing = new ArrayList<>();
        int named = 0;
        for (ScanList.Entry entry : read.entries()) {
            List<Path> images = CaseCollector.Listed.of(list, entry).images().files(); // one for each channel
            Path label = entry.label() == null
                    ? null
                    : CaseCollector.Listed.of(list, entry.label()).file();
            named += images.size() + (label == null ? 0 : 1);
            for (Path image : images) {
                if (Files.exists(image)) {
                    Listed listed = listed(image, list, Role.IMAGE);
                    listed.labelled |= labelled && entry.part() != ScanList.Part.TEST;
                    listed.firstChannel = image.equals(images.get(0)) ? null : images.get(0);
                    part(listed, list, entry.part());
                } else {
                    missing.add(image);
                }
            }
            if (label != null && Files.exists(label)) {
                Listed listed = listed(label, list, Role.LABEL);
                listed.labelled = true;
                listed.image = images.get(0);
                listed.classes = classes;
                part(listed, list, entry.part());
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
