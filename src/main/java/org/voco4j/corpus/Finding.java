package org.voco4j.corpus;

import java.nio.file.Path;

/**
 * Something about a file that the user should know.
 *
 * @param path the file or folder
 * @param kind what kind of finding
 * @param message a sentence
 */
public record Finding(Path path, Kind kind, String message) {

    /** Kinds of findings. */
    public enum Kind {
        /** A label map, left out of pre-training. */
        LABEL_MAP,
        /** A file that is damaged or not a volume, left out. */
        UNREADABLE,
        /** A medical image of a format that cannot be read yet, left out. */
        UNSUPPORTED_FORMAT,
        /** Scans that the patient list does not name; counted in one finding. */
        NO_PATIENT,
        /** An image without a label map, left out of fine-tuning. */
        NO_LABEL,
        /** A label map without an image, left out of fine-tuning. */
        NO_IMAGE,
        /** Something to know; nothing was left out. */
        NOTE
    }
}
