package org.voco4j.corpus;

import java.nio.file.Path;
import java.util.List;
import org.voco4j.corpus.list.FindingWords;

/**
 * Something about a file that the user should know.
 *
 * @param path the file or folder
 * @param kind what kind of finding
 * @param message a sentence
 * @param found what lies there, without what becomes of it
 */
public record Finding(Path path, Kind kind, String message, String found) {

    /** One that says no more than what lies there. */
    public Finding(Path path, Kind kind, String message) {
        this(path, kind, message, message);
    }

    /** Something that is not taken. */
    static Finding leftOut(Path path, Kind kind, String found) {
        return new Finding(path, kind, "left out: " + found, found);
    }

    /** More than one file for what can only be one: none of them is taken. */
    static Finding several(List<Path> files, String what) {
        String found = FindingWords.names(files) + " could each be " + what + ", and nothing says which";
        String message = "left out: " + found + "; keep one of them, or name it in a list";
        return new Finding(files.get(0), Kind.SAME_NAME, message, found);
    }

    /** Whether a scan or a label map is lost until somebody puts its files right. */
    public boolean isFault() {
        return kind == Kind.UNREADABLE || kind == Kind.MISSING_CHANNEL || kind == Kind.SAME_NAME;
    }

    /** One line for a reader. */
    public String line() {
        return path + ": " + message;
    }

    /** Why there is nothing to work on, to go on a sentence with: the first finding. */
    public static String reason(List<Finding> findings) {
        return findings.stream()
                .findFirst()
                .map(finding -> "; " + finding.line())
                .orElse("");
    }

    /** Kinds of findings. */
    public enum Kind {
        /** A label map, left out of pre-training. */
        LABEL_MAP,
        /** A file that is damaged or not a volume, left out. */
        UNREADABLE,
        /** A scan that lacks one of its channels, left out; what lies there are those that it has. */
        MISSING_CHANNEL,
        /** A medical image of a format that cannot be read yet, left out. */
        UNSUPPORTED_FORMAT,
        /** Files of a format of scans that hold something else, such as reports and structures of DICOM, left out. */
        NOT_A_SCAN,
        /** PNG or JPEG files beside scans of three dimensions, left out. */
        PICTURES,
        /** Files that could mean one and the same scan or label map, left out since nothing says which it is. */
        SAME_NAME,
        /** Scans that the patient list does not name; counted in one finding. */
        NO_PATIENT,
        /** An image without a label map, left out of fine-tuning. */
        NO_LABEL,
        /** A label map without an image, left out of fine-tuning. */
        NO_IMAGE,
        /** A list's labels that name no classes: the recipe has to. */
        NO_CLASSES,
        /** A file that its name makes a channel of a scan that is read without it. */
        FURTHER_CHANNEL,
        /** Something to know; nothing was left out. */
        NOTE
    }
}
