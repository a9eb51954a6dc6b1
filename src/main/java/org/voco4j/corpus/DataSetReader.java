package org.voco4j.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** Collects the cases of a {@link DataSet}, one argument after the other. */
final class DataSetReader {
    private static final int DIGEST_BYTES = 1024; // of each file: holds the header, zipped or not

    private final @Nullable PatientList patients;
    private final VolumeFormat format = new Nifti();
    private final Map<String, Case> cases = new TreeMap<>();
    private final Set<Path> seen = new HashSet<>();
    private final Set<String> heldOut = new HashSet<>();
    private final List<Path> unlisted = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    DataSetReader(@Nullable PatientList patients) {
        this.patients = patients;
    }

    void add(Path argument) throws IOException {
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (!Files.exists(argument)) {
            throw new IOException(argument + ": expected a folder or a .json list of scans, found nothing there");
        } else if (argument.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
            addList(argument);
        } else if (format.reads(argument)) {
            addScan(argument, argument.getFileName(), true);
        } else {
            throw new IOException(argument
                    + ": expected a folder, a .json list of scans or a NIfTI file, found another kind of file");
        }
    }

    private void addFolder(Path folder) throws IOException {
        FolderScan scan = FolderScan.of(folder, format);
        findings.addAll(scan.findings());
        for (Path file : scan.files()) {
            Path below = folder.relativize(file);
            String named = LabelMaps.byName(below);
            if (named != null) {
                findings.add(new Finding(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + named));
            } else {
                addScan(file, below, true);
            }
        }
    }

    private void addList(Path list) throws IOException {
        Decathlon entries = Decathlon.read(list);
        List<Path> missing = new ArrayList<>();
        for (Decathlon.Entry entry : entries.entries()) {
            Path file = list.toAbsolutePath().resolveSibling(entry.image()).normalize();
            if (!Files.exists(file)) {
                missing.add(file);
                continue;
            }
            String id = addScan(file, Path.of(entry.image()).normalize(), false);
            if (id != null && entry.heldOut()) {
                heldOut.add(id);
            }
        }
        if (!missing.isEmpty()) {
            String message = missing.size() + " of " + entries.entries().size()
                    + " listed scans do not exist, the first is " + missing.get(0);
            findings.add(new Finding(list, Finding.Kind.UNREADABLE, message));
        }
        if (entries.tests() > 0) {
            String message = "its " + entries.tests() + " test images are trained on as well (no labels are read)";
            findings.add(new Finding(list, Finding.Kind.NOTE, message));
        }
    }

    /** Adds a scan and gives its id, or null if it is not one. */
    private @Nullable String addScan(Path file, Path below, boolean doubt) throws IOException {
        if (!seen.add(file.toRealPath())) {
            return null;
        }
        try {
            VolumeHeader header = format.header(file);
            if (header.channels() > 1) {
                String message = "left out: a 4-D file with " + header.channels() + " volumes, expected one 3-D scan";
                findings.add(new Finding(file, Finding.Kind.UNREADABLE, message));
                return null;
            }
            Preprocessing.requireShape(header.shape());
            String label = doubt ? LabelMaps.byContent(file, format) : null;
            if (label != null) {
                findings.add(new Finding(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + label));
                return null;
            }
        } catch (IOException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            String named = file + ": "; // a finding has its path already
            String message = reason.startsWith(named) ? reason.substring(named.length()) : reason;
            findings.add(new Finding(file, Finding.Kind.UNREADABLE, "left out: " + message));
            return null;
        }
        String id = freeId(below);
        String patient = patients == null ? id : patients.of(file);
        if (patient == null) {
            unlisted.add(file);
            patient = id;
        }
        cases.put(id, new Case(id, file, patient));
        return id;
    }

    private String freeId(Path below) {
        String name = below.toString().replace('\\', '/');
        String plain = name.replaceFirst("(?i)\\.(nii|hdr)(\\.gz)?$", "");
        String id = plain;
        for (int i = 2; cases.containsKey(id); i++) {
            id = plain + "~" + i;
        }
        return id;
    }

    DataSet finish() throws IOException {
        if (!unlisted.isEmpty()) {
            String message = unlisted.size() + " of " + cases.size()
                    + " scans are not in the patient list and count as a patient each, the first is "
                    + unlisted.get(0);
            findings.add(new Finding(unlisted.get(0), Finding.Kind.NO_PATIENT, message));
        }
        findings.sort(Comparator.comparing(Finding::kind).thenComparing(Finding::path));
        List<Case> sorted = new ArrayList<>(cases.values());
        return new DataSet(sorted, heldOut, findings, patients != null, digest(sorted));
    }

    private static String digest(List<Case> cases) throws IOException {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
        for (Case scan : cases) {
            sha.update((scan.id() + "\0" + scan.patient() + "\0").getBytes(StandardCharsets.UTF_8));
            sha.update(ByteBuffer.allocate(8).putLong(Files.size(scan.file())).flip());
            try (InputStream in = Files.newInputStream(scan.file())) {
                sha.update(in.readNBytes(DIGEST_BYTES));
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
