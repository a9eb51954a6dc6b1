package org.voco4j.corpus.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.VolumeHeader;

/** What is wrong with one file, taken alone. */
final class FileChecks {
    private static final int FEW = 32; // voxels: smaller than every crop that is published
    private static final double LEAST_MM = 0.1;
    private static final double MOST_MM = 10;
    private static final double LONGEST_MM = 2500; // a patient with arms up
    private static final double OBLIQUE = 0.5; // degrees; below it positioning of the patient is larger
    private static final double LOWEST_HU = -1024;
    private static final double HIGHEST_HU = 3071;
    private static final double AIR_HU = -500; // below it there is air in the picture
    private static final double LOWEST_PADDING = -4096; // scanners pad with −2000, −2048, −3024
    private static final double HIGHEST_METAL = 65535; // extended scales end at 30710 or 65535
    private static final Set<String> CT = Set.of("ct", "cta", "cect", "ncct", "cbct", "hrct");
    private static final Set<String> OTHERS = Set.of(
            "mr", "mri", "t1", "t1w", "t1c", "t1ce", "t1gd", "t2", "t2w", "flair", "adc", "dwi", "pet", "pt", "us");

    private final boolean mostlyCt;
    private final List<Check> checks = new ArrayList<>();

    /**
     * Checks for the files of one verification.
     *
     * @param mostlyCt whether most of the images look like CT, so that the others are expected to be
     */
    FileChecks(boolean mostlyCt) {
        this.mostlyCt = mostlyCt;
    }

    /** Whether the values are those of a CT: air, and something denser than water. */
    static boolean looksLikeCt(VoxelFacts voxels) {
        return voxels.low() <= -900 && voxels.high() >= 100;
    }

    List<Check> checks() {
        return checks;
    }

    /**
     * Checks a file.
     *
     * @param paired whether it is a label map with an image; one that only looks like a label map and has none may be a scan
     */
    void check(FileFacts file, boolean paired) {
        Path path = file.listed().file;
        VolumeFormatException fault = file.fault();
        if (fault != null) {
            unreadable(path, fault);
        }
        VolumeHeader header = file.header();
        VoxelFacts voxels = file.voxels();
        if (header == null) {
            return;
        }
        if (header.channels() > 1 && header.channels() != file.listed().channels) {
            Shape3 shape = header.shape();
            add(
                    path,
                    Kind.DIMENSION,
                    Level.ERROR,
                    "3-D",
                    "4-D " + List.of(shape.x(), shape.y(), shape.z(), header.channels()) + ", " + header.channels()
                            + " volumes",
                    "split it into its volumes, or declare them as channels");
        }
        if (file.isImage() || (file.listed().role == Role.UNKNOWN && !paired)) {
            size(path, header.shape());
            spacing(path, header);
            directions(path, header.affine());
        }
        header.doubts().forEach(doubt -> doubt(path, doubt));
        if (voxels == null) {
            return;
        }
        if (voxels.nonFinite() > 0) {
            add(
                    path,
                    Kind.NON_FINITE_VALUES,
                    Level.ERROR,
                    "finite numbers",
                    voxels.nonFinite() + " of " + voxels.voxels() + " voxels are NaN or infinite",
                    "replace them by the background's value, if it is known");
        }
        if (file.isImage()) {
            image(file, header, voxels);
        } else {
            LabelChecks.check(file, header, voxels, checks);
        }
    }

    private void unreadable(Path path, VolumeFormatException fault) {
        Kind kind = switch (fault.fault()) {
            case UNREADABLE -> Kind.UNREADABLE;
            case NOT_A_VOLUME -> Kind.NOT_A_VOLUME;
            case DIMENSION -> Kind.DIMENSION;
            case TRUNCATED -> Kind.TRUNCATED;
            case SLICES -> Kind.SLICES;
        };
        String bytes = kind == Kind.UNREADABLE ? bytes(path) : "";
        String fix = switch (kind) {
            case TRUNCATED -> "copy or download it again, or leave it out";
            case SLICES -> "find what is missing, resample it with --fix-geometry where that helps, or leave it out";
            default -> "leave it out";
        };
        add(path, kind, Level.ERROR, fault.expected(), bytes + fault.found(), fix);
    }

    private static String bytes(Path path) {
        try {
            return Files.isDirectory(path) ? "" : "a file of " + Files.size(path) + " bytes; ";
        } catch (IOException e) {
            return "";
        }
    }

    private void size(Path path, Shape3 shape) {
        int axis = 0;
        for (int d = 1; d < 3; d++) {
            axis = shape.along(d) < shape.along(axis) ? d : axis;
        }
        String found = "shape " + FindingWords.shape(shape) + ": " + shape.along(axis) + " along axis " + axis;
        try {
            Preprocessing.requireShape(shape, 3);
        } catch (IllegalArgumentException refused) {
            boolean flat = shape.along(axis) < 2;
            add(
                    path,
                    flat ? Kind.DIMENSION : Kind.FEW_SLICES,
                    Level.ERROR,
                    flat ? "3-D" : "at least 16 voxels on two axes, better 32 on each",
                    found,
                    "leave it out: training does");
            return;
        }
        if (shape.along(axis) < FEW) {
            add(
                    path,
                    Kind.FEW_SLICES,
                    Level.WARNING,
                    "at least " + FEW + " voxels on each axis (crops of 64 or 96 are stretched" + " from fewer)",
                    found,
                    "keep it, mind what it is stretched to, or leave it out");
        }
    }

    private void spacing(Path path, VolumeHeader header) {
        Affine affine = header.affine();
        for (int d = 0; d < 3; d++) {
            double mm = affine.spacing().along(d);
            double extent = mm * header.shape().along(d);
            if (mm < LEAST_MM || mm > MOST_MM || extent > LONGEST_MM) {
                add(
                        path,
                        Kind.SPACING,
                        Level.WARNING,
                        "from " + LEAST_MM + " to " + FindingWords.number(MOST_MM) + " mm between voxels and"
                                + " at most " + FindingWords.number(LONGEST_MM) + " mm in all",
                        "spacing " + FindingWords.spacing(affine) + " mm, " + FindingWords.number(extent)
                                + " mm along axis " + d,
                        "correct the header: training resamples by it");
                return;
            }
        }
    }

    private void doubt(Path path, VolumeHeader.Doubt doubt) {
        if (doubt.of() == VolumeHeader.Doubt.Subject.IDENTIFIERS) {
            String fix = "none: files of one folder without a series count as one";
            add(path, Kind.EMPTY_IDENTIFIERS, Level.NOTE, doubt.expected(), doubt.found(), fix);
            return;
        }
        boolean unit = doubt.of() == VolumeHeader.Doubt.Subject.UNIT;
        add(
                path,
                unit ? Kind.SPACING : Kind.ORIENTATION,
                Level.WARNING,
                doubt.expected(),
                doubt.found(),
                unit
                        ? "correct the header: its numbers count as millimetres"
                        : "correct the header: the sform is what counts, and other programs may take left for right");
    }

    /** Scans that do not lie along the patient's axes, or whose slices are shifted against each other. */
    private void directions(Path path, Affine affine) {
        double turn = affine.obliquity();
        double tilt = affine.tilt();
        if (turn > OBLIQUE || tilt > OBLIQUE) {
            String turned = turn > OBLIQUE ? "turned by up to " + degrees(turn) : "";
            String tilted = tilt > OBLIQUE ? "tilted by " + degrees(tilt) + " from right angles (a gantry's tilt)" : "";
            add(
                    path,
                    Kind.OBLIQUITY,
                    Level.NOTE,
                    "axes along the patient's, at right angles",
                    "axes " + turned + (turned.isEmpty() || tilted.isEmpty() ? "" : ", ") + tilted,
                    "none: resampling straightens a tilt and keeps a turn");
        }
    }

    private static String degrees(double degrees) {
        return String.format(Locale.ROOT, "%.1f degrees", degrees);
    }

    private void image(FileFacts file, VolumeHeader header, VoxelFacts voxels) {
        Path path = file.listed().file;
        if (voxels.constant()) {
            add(
                    path,
                    Kind.CONSTANT,
                    Level.ERROR,
                    "a scan",
                    "every voxel is " + FindingWords.number(voxels.low()),
                    "leave it out");
            return;
        }
        if (voxels.labelMap() != null) {
            add(
                    path,
                    Kind.LABEL_AS_IMAGE,
                    Level.WARNING,
                    "a scan",
                    "what looks like a label map: " + voxels.labelMap(),
                    "put" + " the scan here, or leave it out");
            return;
        }
        if (isCt(file, voxels)) {
            range(path, header, voxels);
        }
    }

    private void range(Path path, VolumeHeader header, VoxelFacts voxels) {
        String found = FindingWords.number(voxels.low()) + " to " + FindingWords.number(voxels.high());
        if (voxels.low() > AIR_HU) {
            boolean shifted = voxels.low() >= 0 && voxels.high() > 1500;
            add(
                    path,
                    Kind.INTENSITY_RANGE,
                    Level.WARNING,
                    "air near -1000 HU, if this is a CT",
                    header.dataType() + ", " + found + ": not Hounsfield units",
                    shifted
                            ? "subtract 1024 if its numbers were stored so; else do not window it as" + " CT"
                            : "do not window it as CT");
        } else if (voxels.low() < LOWEST_PADDING || voxels.high() > HIGHEST_METAL) {
            add(
                    path,
                    Kind.INTENSITY_RANGE,
                    Level.WARNING,
                    "CT between -1024 and 3071 HU",
                    header.dataType() + ", " + found,
                    "look" + " at it: slope and intercept of its header may be wrong");
        } else if (voxels.low() < LOWEST_HU || voxels.high() > HIGHEST_HU) {
            add(
                    path,
                    Kind.UNUSUAL_INTENSITY_RANGE,
                    Level.NOTE,
                    "CT between -1024 and 3071 HU",
                    found + ": " + outside(voxels),
                    "none: clipping to the" + " window removes it");
        }
    }

    private static String outside(VoxelFacts voxels) {
        return voxels.low() < LOWEST_HU
                ? voxels.lowest() + " voxels of " + FindingWords.number(voxels.low()) + ", outside the field of view"
                : voxels.highest() + " voxels of " + FindingWords.number(voxels.high());
    }

    /** By the names from the file up to the data folder, the nearest that says something; else by the voxels of all. */
    private boolean isCt(FileFacts file, VoxelFacts voxels) {
        Path root = file.listed().root.toAbsolutePath().normalize();
        Path top = Files.isDirectory(root) ? root : root.getParent();
        for (Path at = file.listed().file.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            Path name = at.getFileName();
            List<String> words = name == null
                    ? List.of()
                    : Arrays.asList(name.toString().toLowerCase(Locale.ROOT).split("[^a-z0-9]+"));
            if (words.stream().anyMatch(CT::contains) || words.stream().anyMatch(OTHERS::contains)) {
                return words.stream().anyMatch(CT::contains);
            }
            if (at.equals(top)) {
                break;
            }
        }
        return mostlyCt || looksLikeCt(voxels);
    }

    private void add(Path path, Kind kind, Level level, String expected, String found, String fix) {
        checks.add(new Check(path, kind, level, expected, found, fix));
    }
}
