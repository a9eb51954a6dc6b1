package org.voco4j.volume.format.dicom.codec;

import java.io.IOException;

/** A code stream that is damaged, contradicts what its file says, or is of a kind that is not decoded. */
public final class FrameException extends IOException {
    private static final long serialVersionUID = 1;

    FrameException(String expected, String found) {
        super("expected " + expected + ", found " + found);
    }
}
