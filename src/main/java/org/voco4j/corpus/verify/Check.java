package org.voco4j.corpus.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Finding;
import org.voco4j.volume.format.Formats;

/**
 * What a verification found wrong with a file, or with a data set as a whole.
 *
 * @param path the file, folder or list
 * @param other the other of two files that are sound but share something; null for what concerns one alone
 * @param kind what it is about
 * @param level how bad it is
 * @param expected what was expected there
 * @param found what was found, with its numbers
 * @param fix what to do
 */
public record Check(
        Path path, @Nullable Path other, Kind kind, Level level, String expected, String found, String fix) {

    Check(Path path, Kind kind, Level level, String expected, String found, String fix) {
        this(path, null, kind, level, expected, found, fix);
    }

    /** What was found in a folder and cannot be read. */
    static Check of(Finding finding) {
        return switch (finding.kind()) {
            case UNSUPPORTED_FORMAT, PICTURES ->
                new Check(
                        finding.path(),
                        Kind.FORMAT,
                        Level.WARNING,
                        Formats.words(),
                        finding.found() + ", which were not checked",
                        "convert them to NIfTI, or leave them out");
            case NOT_A_SCAN ->
                new Check(
                        finding.path(),
                        Kind.FORMAT,
                        Level.NOTE,
                        "scans",
                        finding.found(),
                        "none: they are passed over");
            case SAME_NAME ->
                new Check(
                        finding.path(),
                        Kind.SAME_NAME,
                        Level.ERROR,
                        "one file for one channel",
                        finding.found(),
                        "keep one of them, or name it in a list");
            case NOTE ->
                new Check(
                        finding.path(),
                        Kind.UNREADABLE,
                        Level.NOTE,
                        "a file or a folder",
                        finding.found(),
                        "none, if it leads to no scan");
            default ->
                new Check(
                        finding.path(),
                        Kind.UNREADABLE,
                        Level.ERROR,
                        "a file that can be opened",
                        finding.found(),
                        Files.isSymbolicLink(finding.path())
                                ? "bring its target back, or take the link away"
                                : "put it right, or take it away");
        };
    }

    /** One line for a reader. */
    public String line() {
        return level + "  " + path + (other == null ? "" : " and " + other) + ": " + kind.words() + ": expected "
                + expected + ", found " + found + ". To do: " + fix + ".";
    }

    /** For a JSON document: with {@code path}, or with {@code files} if there are two. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        if (other == null) {
            document.put("path", path.toString());
        } else {
            document.put("files", List.of(path.toString(), other.toString()));
        }
        document.put("kind", kind.words());
        document.put("level", level.name().toLowerCase(Locale.ROOT));
        document.put("expected", expected);
        document.put("found", found);
        document.put("fix", fix);
        return document;
    }

    /** How bad a finding is. */
    public enum Level {
        /** Training on it would break, leave the file out, or be measured on what it was trained on. */
        ERROR,
        /** Training goes on, perhaps not as meant. */
        WARNING,
        /** Something to know. */
        NOTE
    }

    /** What a finding is about. */
    public enum Kind {
        /** A file that a list names does not exist. */
        MISSING,
        /** Neither header nor voxels, or none that can be understood. */
        UNREADABLE,
        /** The voxels end early or are damaged. */
        TRUNCATED,
        /** Something else than a scan. */
        NOT_A_VOLUME,
        /** A medical image of a format that is not read yet. */
        FORMAT,
        /** Not 3-D. */
        DIMENSION,
        /** Slices that make no volume: a gap, uneven distances, a tilt, several at one place. */
        SLICES,
        /** Files that do not say of which object, series or patient they are. */
        EMPTY_IDENTIFIERS,
        /** Few voxels along an axis. */
        FEW_SLICES,
        /** Voxels that are NaN or infinite. */
        NON_FINITE_VALUES,
        /** One value everywhere. */
        CONSTANT,
        /** A distance between voxels, or a size in the patient, that no scan has. */
        SPACING,
        /** Intensities that are not Hounsfield units. */
        INTENSITY_RANGE,
        /** Intensities beyond those of most CTs. */
        UNUSUAL_INTENSITY_RANGE,
        /** A label map without a label. */
        EMPTY_MASK,
        /** Labels that are not whole numbers. */
        LABEL_VALUES,
        /** Whole numbers kept in a type for others. */
        LABEL_DATA_TYPE,
        /** Labels that the data set does not declare. */
        UNEXPECTED_CLASS,
        /** A class that no label map holds. */
        MISSING_CLASS,
        /** A label map where a scan was expected. */
        LABEL_AS_IMAGE,
        /** A label map, or a further channel, on another grid than its image. */
        GEOMETRY,
        /** Axes in another order or direction, or a header that has them in two. */
        ORIENTATION,
        /** Axes turned against the patient's, or tilted against each other. */
        OBLIQUITY,
        /** A label map without an image. */
        NO_IMAGE,
        /** An image without a label map in a labelled data set. */
        NO_LABEL,
        /** A scan that the patient list does not name. */
        NO_PATIENT,
        /** Files that one name could mean, since they differ by their ending alone. */
        SAME_NAME,
        /** The same content in two files. */
        DUPLICATE,
        /** The same content or patient on two sides of a split. */
        LEAKAGE,
        /** A list that can be used only in part. */
        LIST;

        /** The kind in words, for example {@code few slices}. */
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("non finite", "non-finite");
        }
    }
}
