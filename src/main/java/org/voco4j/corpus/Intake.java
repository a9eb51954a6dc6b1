package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** Takes scans into a data set: each file once, only those of use, with an id and a patient; the rest are findings. */
final class Intake {
    final VolumeFormat format;

    private final int dims;
    private final @Nullable PatientList patients;
    private final Map<String, Case> cases = new TreeMap<>();
    private final Set<Path> seen = new HashSet<>();
    private final Map<Path, Case> byFile = new HashMap<>();
    private final Map<String, String> strata = new TreeMap<>();
    private final List<Path> unlisted = new ArrayList<>();
    private final Set<Finding> findings = new LinkedHashSet<>();
    private String set = "";
    private boolean grouped;

    /** Of scans of so many axes: 3, or 2 for images of one slice. */
    Intake(@Nullable PatientList patients, int dims) {
        this.dims = dims;
        this.format = Formats.any(dims);
        this.patients = patients;
        this.grouped = patients != null;
    }

    /** What the scans that are taken from now on count as in a stratified split, unless their list says more. */
    void begin(Path argument) {
        set = argument.toString();
    }

    /**
     * Takes a scan of one channel that no list describes.
     *
     * @param below where it lies below the data folder
     * @param doubt whether its voxels are looked at, since it might be a label map
     * @return null if it was taken before, or is left out with a finding
     */
    @Nullable
    Case take(Path file, Path below, boolean doubt) throws IOException {
        return take(ImageFiles.of(file), below, doubt, null, null);
    }

    /**
     * Takes a scan.
     *
     * @param patient whose a list says it is; what the patient list says goes before
     * @param stratum what a list says it counts as
     */
    @Nullable
    Case take(ImageFiles images, Path below, boolean doubt, @Nullable String patient, @Nullable String stratum)
            throws IOException {
        Path file = images.first();
        if (!seen.add(file.toRealPath())) {
            return null;
        }
        for (Path each : images.files()) {
            seen.add(each.toRealPath());
            if (!isUsable(each, images.inEachFile(), doubt)) {
                return null;
            }
        }
        String id = freeId(below);
        String listed = patients == null ? null : patients.of(file);
        String whose = listed == null ? patient : listed;
        if (whose == null) {
            unlisted.add(file);
            whose = id;
        }
        Case taken = new Case(id, images, whose);
        cases.put(id, taken);
        strata.put(id, stratum == null ? set : stratum);
        byFile.put(file.toRealPath(), taken);
        grouped |= patient != null;
        return taken;
    }

    private boolean isUsable(Path file, int channels, boolean doubt) {
        try {
            Preprocessing.requireShape(header(file, channels).shape(), dims);
            String label = doubt ? LabelMaps.byContent(file, format) : null;
            if (label != null) {
                find(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + label);
            }
            return label == null;
        } catch (IOException | IllegalArgumentException e) {
            find(file, Finding.Kind.UNREADABLE, "left out: " + reason(file, e));
            return false;
        }
    }

    /** The case of a file that was taken, just now or before; null if it was left out. */
    @Nullable
    Case caseOf(Path file) throws IOException {
        return byFile.get(file.toRealPath());
    }

    /** Whether a file can be read as the label map of a scan; otherwise there is a finding. */
    boolean isLabelMap(Path file) {
        try {
            header(file, 1);
            return true;
        } catch (IOException e) {
            find(file, Finding.Kind.UNREADABLE, "left out with its image: " + reason(file, e));
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

    /** What an exception says without the path, which a finding has already. */
    private static String reason(Path file, Exception e) {
        String reason = FileReason.why(e);
        String named = file + ": ";
        return reason.startsWith(named) ? reason.substring(named.length()) : reason;
    }

    private String freeId(Path below) {
        String plain = Formats.plain(below);
        String id = plain;
        for (int i = 2; cases.containsKey(id); i++) {
            id = plain + "~" + i;
        }
        return id;
    }

    void find(Path path, Finding.Kind kind, String message) {
        findings.add(new Finding(path, kind, message));
    }

    /** The files below a folder; what else lies there is a finding. */
    List<Path> scan(Path folder) throws IOException {
        FolderScan scan = FolderScan.of(folder, format);
        findings.addAll(scan.findings());
        return scan.files();
    }

    /** Says which of a list's files are not there. */
    void missing(Path list, List<Path> missing, int listed) {
        if (!missing.isEmpty()) {
            String message =
                    missing.size() + " of " + listed + " listed scans do not exist, the first is " + missing.get(0);
            find(list, Finding.Kind.UNREADABLE, message);
        }
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

    /** Where a listed scan lies, and what it is called below the list's folder. */
    record Listed(ImageFiles images, Path below) {

        static Listed of(Path list, String entry) {
            return of(list, List.of(entry), 1);
        }

        static Listed of(Path list, ScanList.Entry entry) {
            return of(list, entry.images(), entry.channels());
        }

        private static Listed of(Path list, List<String> entries, int channels) {
            Path folder = list.toAbsolutePath().normalize().getParent();
            List<Path> files = new ArrayList<>();
            for (String entry : entries) {
                files.add(
                        folder == null ? Path.of(entry) : folder.resolve(entry).normalize());
            }
            Path file = files.get(0);
            Path root = file.getRoot();
            Path below = Path.of(entries.get(0)).normalize();
            if (below.isAbsolute() && root != null) {
                below = folder != null && file.startsWith(folder) ? folder.relativize(file) : root.relativize(file);
            }
            return new Listed(new ImageFiles(files, channels), below);
        }

        Path file() {
            return images.first();
        }

        /** The first file that does not exist, or null. */
        @Nullable
        Path missing() {
            return images.files().stream()
                    .filter(file -> !Files.exists(file))
                    .findFirst()
                    .orElse(null);
        }
    }
}
