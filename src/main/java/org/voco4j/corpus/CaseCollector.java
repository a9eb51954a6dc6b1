package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** Takes scans into a data set: each file once, only those of use, with an id and a patient; the rest are findings. */
final class CaseCollector {
    final VolumeFormat format;

    private final int dims;
    private final boolean given;
    private final @Nullable PatientList patients;
    private final Map<String, Case> cases = new TreeMap<>();
    private final Map<Path, Path> seen = new HashMap<>(); // key → as it was named
    private final Map<Path, Case> byFile = new HashMap<>();
    private final Map<String, String> strata = new TreeMap<>();
    private final List<Path> unlisted = new ArrayList<>();
    private final Set<Finding> findings = new LinkedHashSet<>();
    private String set = "";
    private boolean grouped;

    /** Of scans of so many axes: 3, or 2 for images of one slice. */
    CaseCollector(@Nullable PatientList patients, int dims) {
        this(patients, dims, false);
    }

    /**
     * The same.
     *
     * @param given whether each file is wanted for itself: two links to one file are two, and each of a list's files that
     *     is missing is a finding
     */
    CaseCollector(@Nullable PatientList patients, int dims, boolean given) {
        this.dims = dims;
        this.given = given;
        this.format = Formats.any(dims);
        this.patients = patients;
        this.grouped = patients != null;
    }

    /** What the scans that are taken from now on count as in a stratified split, unless their list says more. */
    void begin(Path argument) {
        set = argument.toString();
    }

    /**
     * Takes a scan.
     *
     * @param below where it lies below the data folder
     * @param doubt whether its voxels are looked at, since it might be a label map
     * @param patient whose a list says it is; what the patient list says goes before
     * @param stratum what a list says it counts as
     * @return null if it was taken before, or is left out with a finding
     */
    @Nullable
    Case take(ImageFiles images, Path below, boolean doubt, @Nullable String patient, @Nullable String stratum)
            throws IOException {
        Path file = images.first();
        Path before = seen.putIfAbsent(key(file), file);
        if (before != null) {
            if (!normal(before).equals(normal(file))) {
                find(file, Finding.Kind.NOTE, "left out: the same file as " + before + ", which counts once");
            }
            return null;
        }
        for (Path each : images.files()) {
            seen.putIfAbsent(key(each), each);
            if (!isUsable(each, images.inEachFile(), doubt)) {
                return null;
            }
        }
        if ((doubt || given) && isConstant(images)) {
            return null;
        }
        String id = freeId(below, file);
        String listed = patients == null ? null : patients.of(file);
        String whose = listed == null ? patient : listed;
        if (whose == null) {
            unlisted.add(file);
            whose = id;
        }
        Case taken = new Case(id, images, whose);
        cases.put(id, taken);
        strata.put(id, stratum == null ? set : stratum);
        byFile.put(key(file), taken);
        grouped |= patient != null;
        return taken;
    }

    /** What a file is known by: where it lies; where one scan is wanted once, behind all links. */
    private Path key(Path file) throws IOException {
        return given ? normal(file) : file.toRealPath();
    }

    private static Path normal(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private boolean isConstant(ImageFiles images) {
        String value = null;
        for (Path file : images.files()) {
            try {
                value = LabelMaps.constant(file, format);
            } catch (IOException e) {
                find(file, Finding.Kind.UNREADABLE, "left out: " + FileReason.why(file, e));
                return true;
            }
            if (value == null) {
                return false; // one channel may be empty
            }
        }
        find(images.first(), Finding.Kind.UNREADABLE, "left out: " + value);
        return true;
    }

    private boolean isUsable(Path file, int channels, boolean doubt) {
        try {
            Preprocessing.requireShape(header(file, channels).shape(), dims);
            String label = doubt && LabelMaps.constant(file, format) == null ? LabelMaps.byContent(file, format) : null;
            if (label != null) {
                find(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + label);
            }
            return label == null;
        } catch (IOException | IllegalArgumentException e) {
            find(file, Finding.Kind.UNREADABLE, "left out: " + FileReason.why(file, e));
            return false;
        }
    }

    /** The case of a file that was taken, just now or before; null if it was left out. */
    @Nullable
    Case caseOf(Path file) throws IOException {
        return byFile.get(key(file));
    }

    /** Whether a file can be read as the label map of a scan; otherwise there is a finding. */
    boolean isLabelMap(Path file) {
        try {
            header(file, 1);
            return true;
        } catch (IOException e) {
            find(file, Finding.Kind.UNREADABLE, "left out with its image: " + FileReason.why(file, e));
            return false;
        }
    }

    private VolumeHeader header(Path file, int channels) throws IOException {
        VolumeHeader header = format.header(file);
        if (header.channels() != channels) {
            throw new IOException(
                    channels == 1
                            ? "a 4-D file with " + header.channels() + " volumes, expected one 3-D scan"
                            : "its list declares " + channels + " channels, the file holds " + header.channels());
        }
        return header;
    }

    private String freeId(Path below, Path file) {
        String plain = Formats.plain(below);
        String id = plain;
        for (int i = 2; cases.containsKey(id); i++) {
            id = plain + "~" + i;
        }
        Case first = cases.get(plain);
        if (first != null && (given || Formats.plain(normal(first.file())).equals(Formats.plain(normal(file))))) {
            find(file, Finding.Kind.NOTE, "is called " + id + ", since " + plain + " is " + first.file());
        }
        return id;
    }

    void find(Path path, Finding.Kind kind, String message) {
        findings.add(new Finding(path, kind, message));
    }

    void find(Finding finding) {
        findings.add(finding);
    }

    /** Says which of a list's files are not there. */
    void missing(Path list, List<Path> missing, int listed) {
        if (given) {
            missing.forEach(file -> find(file, Finding.Kind.UNREADABLE, "left out: " + absent(file)));
        } else if (!missing.isEmpty()) {
            Path first = missing.get(0);
            String message = missing.size() + " of " + listed + " listed scans do not exist, the first is " + first
                    + (Files.isSymbolicLink(first) ? ", " + absent(first) : "");
            find(list, Finding.Kind.UNREADABLE, message);
        }
    }

    private static String absent(Path file) {
        return FileReason.why(new NoSuchFileException(file.toString()));
    }

    /** The scans by id. */
    List<Case> cases() {
        return List.copyOf(cases.values());
    }

    /** Everything that was found, in order of kind and path. */
    List<Finding> findings() {
        List<Finding> all = new ArrayList<>(findings);
        if (grouped && !unlisted.isEmpty()) {
            String message = unlisted.size() + " of " + cases.size()
                    + " scans are not in the patient list and count as a patient each, the first is "
                    + unlisted.get(0);
            all.add(new Finding(unlisted.get(0), Finding.Kind.NO_PATIENT, message));
        }
        all.sort(Comparator.comparing(Finding::kind).thenComparing(Finding::path));
        return all;
    }

    /** Whether a list says whose scans are. */
    boolean grouped() {
        return grouped;
    }

    /** Id → what the scan counts as in a stratified split: its data set, or what its list says. */
    Map<String, String> strata() {
        return strata;
    }
}
