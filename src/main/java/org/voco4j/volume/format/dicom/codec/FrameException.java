package org.voco4j.volume.format.dicom.codec;

import java.io.IOException;

/** A code stream that is damaged, contradicts what its file says, or is of a kind that is not decoded. */
public final class FrameException extends IOException {
    private static final long serialVersionUID = 1;

    private final String expected;
    private final String found;

    /** {@code expected EXPECTED, found FOUND}. */
    public FrameException(String expected, String found) {
        super("expected " + expected + ", found " + found);
        this.expected = expected;
        this.found = found;
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
