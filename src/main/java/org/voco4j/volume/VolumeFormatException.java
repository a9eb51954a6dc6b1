package org.voco4j.volume;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that cannot be read as a volume: which file, what was expected there and what was found. Texts out of the file cannot steer a
 * terminal in it: control characters, and what is none in the encoding of the file, become question marks.
 */
public final class VolumeFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the file, in one word. */
    public enum Fault {
        /** Its header cannot be understood, or its voxels are missing. */
        UNREADABLE,
        /** It holds something that is not a scan: a matrix, colours, complex numbers. */
        NOT_A_VOLUME,
        /** It is not 3-D. */
        DIMENSION,
        /** Its voxels end early or are damaged. */
        TRUNCATED,
        /** Its slices make no volume: a gap, uneven distances, a tilt, several at one place. */
        SLICES
    }

    private final Fault fault;
    private final String expected;
    private final String found;

    /** {@code FILE: expected EXPECTED, found FOUND}. */
    public VolumeFormatException(Path file, String expected, String found) {
        this(file, Fault.UNREADABLE, expected, found);
    }

    /** {@code FILE: expected EXPECTED, found FOUND}, with the kind of fault. */
    public VolumeFormatException(Path file, Fault fault, String expected, String found) {
        super(file + ": expected " + printable(expected) + ", found " + printable(found));
        this.fault = fault;
        this.expected = printable(expected);
        this.found = printable(found);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}|\uFFFD", "?");
    }

    /** The kind of fault. */
    public Fault fault() {
        return fault;
    }

    /** What was expected. */
    public String expected() {
        return expected;
    }

    /** What was found. */
    public String found() {
        return found;
    }
}
