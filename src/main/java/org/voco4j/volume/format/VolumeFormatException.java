package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be read as a volume: which file, what was expected there and what was found. */
public final class VolumeFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** {@code FILE: expected EXPECTED, found FOUND}. */
    public VolumeFormatException(Path file, String expected, String found) {
        super(file + ": expected " + expected + ", found " + found);
    }
}
