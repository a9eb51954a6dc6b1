package org.voco4j.volume.format.dicom;

import java.util.List;

/**
 * Where a file's pixels lie; they are not read with it.
 *
 * @param tag Pixel Data, or one of the two that hold floating point numbers
 * @param vr how it says they are written
 * @param encapsulated whether they are compressed, in pieces
 * @param whole all of them
 * @param fragments the pieces of compressed ones, without the table before them
 * @param offsets for each frame the place of its first piece, counted from the start of the first; none if the file has no
 *     table (PS3.5 section A.4)
 * @param closed whether the end of the pieces is marked, as it must be
 */
record PixelData(
        int tag, Vr vr, boolean encapsulated, Span whole, List<Span> fragments, long[] offsets, boolean closed) {

    /** A piece of a file. */
    record Span(long from, long length) {
        long to() {
            return from + length;
        }
    }
}
