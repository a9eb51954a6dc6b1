package org.voco4j.corpus.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.LabelMaps;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.volume.format.VolumeHeader;

/** What is wrong with the labels of one label map. */
final class LabelChecks {
    private final List<Check> checks;

    private LabelChecks(List<Check> checks) {
        this.checks = checks;
    }

    /** Checks the labels of a file that could be read. */
    static void check(FileFacts file, VolumeHeader header, VoxelFacts voxels, List<Check> checks) {
        new LabelChecks(checks).label(file, header, voxels);
    }

    private void label(FileFacts file, VolumeHeader header, VoxelFacts voxels) {
        Path path = file.listed().file;
        String since = file.listed().since;
        SortedMap<Float, Long> classes = voxels.classes();
        if (voxels.fractions() > 0) {
            add(
                    path,
                    Kind.LABEL_VALUES,
                    Level.ERROR,
                    "whole numbers",
                    voxels.fractions() + " of " + voxels.voxels() + " voxels are not, the first is "
                            + voxels.firstFraction() + since,
                    "was it resampled with interpolation? Take the" + " original, or resample by nearest neighbour");
            return;
        }
        boolean likeScan =
                classes.size() > LabelMaps.MOST_CLASSES || classes.headMap(0f).size() > 1;
        if ((!since.isEmpty() && likeScan) || (classes.isEmpty() && voxels.nonFinite() == 0)) {
            add(
                    path,
                    Kind.LABEL_VALUES,
                    Level.ERROR,
                    "classes",
                    (classes.isEmpty() ? "more than 65536" : classes.size()) + " different values, "
                            + FindingWords.number(voxels.low()) + " to " + FindingWords.number(voxels.high()) + since,
                    "is it a scan? Name it so, or leave it out");
            return;
        }
        if (header.dataType().startsWith("float")) {
            add(
                    path,
                    Kind.LABEL_DATA_TYPE,
                    Level.NOTE,
                    "whole numbers in an integer type",
                    header.dataType() + ", " + classes.size() + " distinct values, all whole: true",
                    "none: read as whole numbers");
        }
        if (voxels.constant() && voxels.low() == 0) {
            String doubt = file.listed().role == Role.UNKNOWN ? " (if this is a scan, it is empty)" : "";
            add(
                    path,
                    Kind.EMPTY_MASK,
                    Level.WARNING,
                    "labels other than 0",
                    "all " + voxels.voxels() + " voxels are 0" + doubt,
                    "look" + " whether something should be there");
        } else if (voxels.constant()) {
            add(
                    path,
                    Kind.CONSTANT,
                    Level.WARNING,
                    "several labels, or a scan",
                    "all " + voxels.voxels() + " voxels are " + FindingWords.number(voxels.low()),
                    "look whether something else should be there");
        }
        unexpected(file, classes);
    }

    private void unexpected(FileFacts file, SortedMap<Float, Long> classes) {
        VerifyList.@Nullable Declared declared = file.listed().classes;
        Map<String, Long> others = new TreeMap<>();
        classes.forEach((value, count) -> {
            boolean known = declared != null && declared.names().containsKey(value.intValue());
            if (value < 0
                    || (value != 0 && declared != null && !declared.names().isEmpty() && !known)) {
                others.put(FindingWords.number(value), count);
            }
        });
        if (!others.isEmpty()) {
            String expected = declared == null || declared.names().isEmpty()
                    ? "labels from 0 on"
                    : "labels among " + declared.names().keySet() + " of " + declared.file();
            add(
                    file.listed().file,
                    Kind.UNEXPECTED_CLASS,
                    Level.WARNING,
                    expected,
                    "label = voxels: " + others + file.listed().since,
                    "declare or" + " remap them: training counts them as background");
        }
    }

    private void add(Path path, Kind kind, Level level, String expected, String found, String fix) {
        checks.add(new Check(path, kind, level, expected, found, fix));
    }
}
