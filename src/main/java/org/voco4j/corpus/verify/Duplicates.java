package org.voco4j.corpus.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.corpus.verify.VerifyList.Listed;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/**
 * Images with the same content: the same bytes, the same voxels in whatever order and file, or the same scan in another
 * crop or resolution, that is, whose blocks of 10 mm differ by less than a tenth of their spread where both have some.
 *
 * <p>Of two parts of a list, or of two patients, they are a leak: an error. Of one patient they are a note. Otherwise
 * they are a warning, since a split may separate them.
 */
final class Duplicates {
    private static final double SAME_SCAN = 0.1;

    private final VolumeFormat format;
    private final @Nullable PatientList patients;
    private final List<Check> checks = new ArrayList<>();
    private Set<Path> all = Set.of();

    Duplicates(VolumeFormat format, @Nullable PatientList patients) {
        this.format = format;
        this.patients = patients;
    }

    /** Two files that share content, and in which way. */
    private record Shared(FileFacts one, FileFacts other, String how) {}

    List<Check> checks() {
        return checks;
    }

    /** Compares every image with every other; each is reported once, with one that it must not be separated from first. */
    void compare(List<FileFacts> files) throws IOException {
        List<FileFacts> images = files.stream()
                .filter(file -> file.isImage()
                        && file.voxels() != null
                        && !file.voxels().constant())
                .toList();
        all = images.stream().map(image -> image.listed().file).collect(Collectors.toSet());
        for (int j = 1; j < images.size(); j++) {
            Shared worst = null;
            for (int i = 0; i < j; i++) {
                Shared shared = shared(images.get(i), images.get(j));
                if (shared != null && (worst == null || (leak(shared) && !leak(worst)))) {
                    worst = shared;
                }
            }
            if (worst != null) {
                report(worst);
            }
        }
    }

    private @Nullable Shared shared(FileFacts one, FileFacts other) throws IOException {
        if (scan(one).equals(scan(other))) {
            return null;
        }
        if (Objects.requireNonNull(one.voxels()).content()
                == Objects.requireNonNull(other.voxels()).content()) {
            boolean copy = isCopy(format.files(one.listed().file), format.files(other.listed().file));
            return new Shared(one, other, copy ? "the same bytes" : "the same voxels");
        }
        CoarseGrid.Difference difference = one.blocks() == null || other.blocks() == null
                ? null
                : CoarseGrid.compare(one.blocks(), other.blocks());
        if (difference == null || !(difference.relative() < SAME_SCAN)) {
            return null;
        }
        String how = "the same scan: " + difference.blocks() + " blocks of 10 mm that both show differ by "
                + FindingWords.number(difference.mean()) + " in the mean, " + FindingWords.number(difference.largest())
                + " at most, where they spread by " + FindingWords.number(difference.spread());
        return new Shared(one, other, how);
    }

    private static boolean isCopy(List<Path> files, List<Path> others) throws IOException {
        boolean same = files.size() == others.size();
        for (int i = 0; same && i < files.size(); i++) {
            same = Files.mismatch(files.get(i), others.get(i)) < 0;
        }
        return same;
    }

    /** Channels of one scan are alike without being copies; numbers of four digits may be a case's, where there is no first channel. */
    private Path scan(FileFacts file) {
        Path first = file.listed().firstChannel;
        if (first != null) {
            return first;
        }
        Path own = file.listed().file;
        String name = String.valueOf(own.getFileName());
        Path channel = own.resolveSibling(name.replaceFirst("_\\d{4}\\.", "_0000."));
        return all.contains(channel) ? channel : own;
    }

    private boolean leak(Shared shared) {
        return Listed.apart(shared.one.listed(), shared.other.listed()) != null || otherPatients(shared);
    }

    private boolean otherPatients(Shared shared) {
        String one = patient(shared.one);
        String other = patient(shared.other);
        return one != null && other != null && !one.equals(other);
    }

    private @Nullable String patient(FileFacts file) {
        return patients == null ? null : patients.of(file.listed().file);
    }

    private void report(Shared shared) throws IOException {
        String apart = Listed.apart(shared.one.listed(), shared.other.listed());
        String found = shared.how + detail(shared);
        if (apart != null) {
            add(
                    shared,
                    Kind.LEAKAGE,
                    Level.ERROR,
                    "one scan in one part of a split",
                    found + "; " + apart,
                    "take one of them out");
        } else if (otherPatients(shared)) {
            add(
                    shared,
                    Kind.LEAKAGE,
                    Level.ERROR,
                    "one scan of one patient",
                    found + "; the patient list gives them to two" + " patients, which a split may separate",
                    "correct the patient list");
        } else if (patient(shared.one) != null && patient(shared.other) != null) {
            add(
                    shared,
                    Kind.DUPLICATE,
                    Level.NOTE,
                    "each scan once",
                    found + "; both are of one patient, so no split separates" + " them",
                    "keep one of them, or know that it counts twice");
        } else {
            add(
                    shared,
                    Kind.DUPLICATE,
                    Level.WARNING,
                    "each scan once",
                    found,
                    "keep one of them, or give both the same patient" + " with --groups, or a split may separate them");
        }
    }

    /** Where two crops lie on one lattice: how they lie, and how many voxels are equal. */
    private String detail(Shared shared) throws IOException {
        VolumeHeader a = Objects.requireNonNull(shared.one.header());
        VolumeHeader b = Objects.requireNonNull(shared.other.header());
        GridRelation relation = GridRelation.of(b.shape(), b.affine(), a.shape(), a.affine());
        if (relation.kind() == GridRelation.Kind.OTHER) {
            String one = FindingWords.spacing(a.affine());
            String other = FindingWords.spacing(b.affine());
            return one.equals(other) ? "" : "; spacing " + one + " and " + other + " mm";
        }
        boolean turned =
                relation.kind() == GridRelation.Kind.TURNED || relation.kind() == GridRelation.Kind.SHIFTED_AND_TURNED;
        boolean large = (a.shape().voxels() + b.shape().voxels()) * Float.BYTES
                > Runtime.getRuntime().maxMemory() / 4;
        if (turned
                || large
                || a.channels() > 1
                || b.channels() > 1
                || shared.how.startsWith("the same v")
                || shared.how.startsWith("the same b")) {
            return turned ? "; with axes in another order or direction" : "";
        }
        return equal(format.read(shared.one.listed().file), format.read(shared.other.listed().file), relation.shift());
    }

    /** Compares two volumes of which the second's first voxel is voxel {@code shift} of the first. */
    private static String equal(Volume a, Volume b, List<Integer> shift) {
        int[] from = new int[3];
        int[] to = new int[3];
        for (int d = 0; d < 3; d++) {
            from[d] = Math.max(0, shift.get(d));
            to[d] = Math.min(a.shape().along(d), shift.get(d) + b.shape().along(d));
        }
        long equal = 0;
        double largest = 0;
        for (int x = from[0]; x < to[0]; x++) {
            for (int y = from[1]; y < to[1]; y++) {
                for (int z = from[2]; z < to[2]; z++) {
                    float one = a.at(x, y, z);
                    float other = b.at(x - shift.get(0), y - shift.get(1), z - shift.get(2));
                    equal += one == other ? 1 : 0;
                    largest = Math.max(largest, Math.abs(one - other));
                }
            }
        }
        Shape3 overlap = new Shape3(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
        return "; whole voxel shift " + shift + ", overlap " + FindingWords.shape(overlap) + ": " + equal + " of "
                + overlap.voxels() + " voxels equal, largest difference " + FindingWords.number(largest);
    }

    private void add(Shared shared, Kind kind, Level level, String expected, String found, String fix) {
        checks.add(new Check(shared.one.listed().file, shared.other.listed().file, kind, level, expected, found, fix));
    }
}
