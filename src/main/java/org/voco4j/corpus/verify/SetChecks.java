package org.voco4j.corpus.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.PairNames;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.corpus.verify.VerifyList.Declared;
import org.voco4j.corpus.verify.VerifyList.Listed;
import org.voco4j.volume.Orient;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeHeader;

/** What is wrong with a data set as a whole: orientations, classes, patients. */
final class SetChecks {
    private final List<FileFacts> files;
    private final List<Check> checks = new ArrayList<>();

    SetChecks(List<FileFacts> files) {
        this.files = files;
    }

    List<Check> checks() {
        return checks;
    }

    /** The orientation of most images, or null without any. */
    static @Nullable String usualOrientation(List<FileFacts> files) {
        return byOrientation(files).entrySet().stream()
                .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private static SortedMap<String, List<Path>> byOrientation(List<FileFacts> files) {
        SortedMap<String, List<Path>> orientations = new TreeMap<>();
        for (FileFacts file : files) {
            VolumeHeader header = file.header();
            if (file.isImage() && header != null) {
                orientations
                        .computeIfAbsent(Orient.codes(header.affine()), codes -> new ArrayList<>())
                        .add(file.listed().file);
            }
        }
        return orientations;
    }

    /** One note where the images of an argument are stored in several orientations. */
    void orientations() {
        Map<Path, List<FileFacts>> byRoot = new LinkedHashMap<>();
        files.forEach(file -> byRoot.computeIfAbsent(file.listed().root, root -> new ArrayList<>())
                .add(file));
        byRoot.forEach((root, group) -> {
            SortedMap<String, List<Path>> orientations = byOrientation(group);
            if (orientations.size() > 1) {
                List<String> found = new ArrayList<>();
                orientations.forEach((codes, paths) ->
                        found.add(paths.size() + " " + codes + (paths.size() == 1 ? " (" + paths.get(0) + ")" : "")));
                checks.add(new Check(
                        root,
                        Kind.ORIENTATION,
                        Level.NOTE,
                        "one orientation",
                        "images of several: " + String.join(", ", found),
                        "none: training reorients; do not compare them by index"));
            }
        });
    }

    /** Files that differ by their ending alone: of label maps and their images training takes none. */
    void names() {
        Map<String, List<FileFacts>> byName = new TreeMap<>();
        for (FileFacts file : files) {
            Path path = file.listed().file.toAbsolutePath().normalize();
            byName.computeIfAbsent(PairNames.plain(Formats.plain(path)), name -> new ArrayList<>())
                    .add(file);
        }
        for (List<FileFacts> same : byName.values()) {
            if (same.size() > 1) {
                List<Path> paths = same.stream().map(file -> file.listed().file).toList();
                checks.add(new Check(
                        paths.get(0),
                        Kind.SAME_NAME,
                        same.stream().anyMatch(file -> file.listed().labelled) ? Level.ERROR : Level.WARNING,
                        "one file of a name",
                        paths.size() + " that differ by their ending: " + FindingWords.names(paths),
                        "keep the one that counts: fine-tuning leaves all out, pre-training takes each as a scan"));
            }
        }
    }

    /** Classes that a dataset.json declares and no label map of training holds: an error if it is all of them. */
    void classes(List<Declared> declared) {
        for (Declared list : declared) {
            Set<Integer> seen = new HashSet<>();
            int maps = 0;
            for (FileFacts file : files) {
                VoxelFacts voxels = file.voxels();
                if (list.equals(file.listed().classes)
                        && !file.isImage()
                        && voxels != null
                        && file.listed().part != ScanList.Part.VALIDATION) {
                    maps++;
                    voxels.classes().keySet().forEach(value -> seen.add(value.intValue()));
                }
            }
            SortedMap<Integer, String> classes = new TreeMap<>(list.names());
            classes.remove(0);
            classes.values().removeIf(LabelSchema.IGNORE_NAME::equalsIgnoreCase);
            SortedMap<Integer, String> absent = new TreeMap<>(classes);
            absent.keySet().removeAll(seen);
            if (maps > 0 && !absent.isEmpty()) {
                boolean all = absent.size() == classes.size();
                checks.add(new Check(
                        list.file(),
                        Kind.MISSING_CLASS,
                        all ? Level.ERROR : Level.WARNING,
                        "each of its " + classes.size() + " classes in some label map",
                        "no voxel in any of " + maps + " label maps of " + absent,
                        "correct the labels' names, or leave these classes out: they will not be learned"));
            }
        }
    }

    /** Patients on two sides of a list's split, and images that the patient list does not name. */
    void patients(PatientList patients, Path csv) {
        Map<String, FileFacts> first = new TreeMap<>();
        Set<String> told = new HashSet<>();
        List<Path> unlisted = new ArrayList<>();
        int images = 0;
        for (FileFacts file : files) {
            if (!file.isImage()) {
                continue;
            }
            images++;
            String patient = patients.of(file.listed().file);
            if (patient == null) {
                unlisted.add(file.listed().file);
                continue;
            }
            FileFacts other = first.putIfAbsent(patient, file);
            String apart = other == null ? null : Listed.apart(other.listed(), file.listed());
            if (other != null && apart != null && told.add(patient)) {
                checks.add(new Check(
                        other.listed().file,
                        file.listed().file,
                        Kind.LEAKAGE,
                        Level.ERROR,
                        "all scans of a patient in one part of a split",
                        "two scans of one patient: " + apart,
                        "put them into one part"));
            }
        }
        if (!unlisted.isEmpty()) {
            checks.add(new Check(
                    csv,
                    Kind.NO_PATIENT,
                    Level.WARNING,
                    "a patient for each of " + images + " images",
                    unlisted.size() + " that it does not name: " + FindingWords.names(unlisted),
                    "name them: without it each counts as a patient of its own"));
        }
    }
}
