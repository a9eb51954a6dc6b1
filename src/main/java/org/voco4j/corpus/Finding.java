package org.voco4j.corpus;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Something about a file that the user should know.
 *
 * @param path the file or folder
 * @param kind what kind of finding
 * @param message a sentence
 */
public record Finding(Path path, Kind kind, String message) {

    /** One line for a reader. */
    public String line() {
        return path + ": " + message;
    }

    /** Why there is nothing to work on, to go on a sentence with: the first finding, before it folders of DICOM. */
    public static String reason(List<Finding> findings) {
        return findings.stream()
                .min(Comparator.comparing(finding -> finding.kind != Kind.DICOM))
                .map(finding -> "; " + finding.line())
                .orElse("");
    }

    /** Kinds of findings. */
    public enum Kind {
        /** A label map, left out of pre-training. */
        LABEL_MAP,
        /** A file that is damaged or not a volume, left out. */
        UNREADABLE,
        /** A medical image of a format that cannot be read yet, left out. */
        UNSUPPORTED_FORMAT,
        /** A folder with files of DICOM, which cannot be read yet, left out. */
        DICOM,
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
        /** Something to know; nothing was left out. */
        NOTE
    }
}
