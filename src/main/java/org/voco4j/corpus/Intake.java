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
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** Takes scans into a data set: each file once, only those of use, with an id and a patient; the rest are findings. */
final class Intake {
    final VolumeFormat format = new Nifti();

    private final @Nullable PatientList patients;
    private final Map<String, Case> cases = new TreeMap<>();
    private final Set<Path> seen = new HashSet<>();
    private final Map<Path, Case> byFile = new HashMap<>();
    private final List<Path> unlisted = new ArrayList<>();
    private final Set<Finding> findings = new LinkedHashSet<>();

    Intake(@Nullable PatientList patients) {
        this.patients = patients;
    }

    /**
     * Takes a scan.
     *
     * @param below where it lies below the data folder
     * @param doubt whether its voxels are looked at, since it might be a label map
     * @return null if it was taken before, or is left out with a finding
     */
    @Nullable
    Case take(Path file, Path below, boolean doubt) throws IOException {
        if (!seen.add(file.toRealPath())) {
            return null;
        }
        try {
            Preprocessing.requireShape(header(file).shape());
            String label = doubt ? LabelMaps.byContent(file, format) : null;
            if (label != null) {
                find(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + label);
                return null;
            }
        } catch (IOException | IllegalArgumentException e) {
            find(file, Finding.Kind.UNREADABLE, "left out: " + reason(file, e));
            return null;
        }
        String id = freeId(below);
        String patient = patients == null ? id : patients.of(file);
        if (patient == null) {
            unlisted.add(file);
            patient = id;
        }
        Case taken = new Case(id, file, patient);
        cases.put(id, taken);
        byFile.put(file.toRealPath(), taken);
        return taken;
    }

    /** The case of a file that was taken, just now or before; null if it was left out. */
    @Nullable
    Case caseOf(Path file) throws IOException {
        return byFile.get(file.toRealPath());
    }

    /** Whether a file can be read as the label map of a scan; otherwise there is a finding. */
    boolean isLabelMap(Path file) {
        try {
            header(file);
            return true;
        } catch (IOException e) {
            find(file, Finding.Kind.UNREADABLE, "left out with its image: " + reason(file, e));
            return false;
        }
    }

    private VolumeHeader header(Path file) throws IOException {
        VolumeHeader header = format.header(file);
        if (header.channels() > 1) {
            throw new IOException("a 4-D file with " + header.channels() + " volumes, expected one 3-D scan");
        }
        return header;
    }

    /** What an exception says without the path, which a finding has already. */
    private static String reason(Path file, Exception e) {
        String reason = String.valueOf(e.getMessage());
        String named = file + ": ";
        return reason.startsWith(named) ? reason.substring(named.length()) : reason;
    }

    private String freeId(Path below) {
        String plain = plain(below);
        String id = plain;
        for (int i = 2; cases.containsKey(id); i++) {
            id = plain + "~" + i;
        }
        return id;
    }

    /** A path with forward slashes, without the format's ending. */
    static String plain(Path path) {
        return path.toString().replace('\\', '/').replaceFirst("(?i)\\.(nii|hdr)(\\.gz)?$", "");
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
        if (!unlisted.isEmpty()) {
            String message = unlisted.size() + " of " + cases.size()
                    + " scans are not in the patient list and count as a patient each, the first is "
                    + unlisted.get(0);
            all.add(new Finding(unlisted.get(0), Finding.Kind.NO_PATIENT, message));
        }
        all.sort(Comparator.comparing(Finding::kind).thenComparing(Finding::path));
        return all;
    }

    boolean grouped() {
        return patients != null;
    }

    /** Where a listed file lies, and what it is called below the list's folder. */
    record Listed(Path file, Path below) {

        static Listed of(Path list, String entry) {
            Path folder = list.toAbsolutePath().normalize().getParent();
            Path file = folder == null ? Path.of(entry) : folder.resolve(entry).normalize();
            Path root = file.getRoot();
            Path below = Path.of(entry).normalize();
            if (below.isAbsolute() && root != null) {
                below = folder != null && file.startsWith(folder) ? folder.relativize(file) : root.relativize(file);
            }
            return new Listed(file, below);
        }

        boolean exists() {
            return Files.exists(file);
        }
    }
}
