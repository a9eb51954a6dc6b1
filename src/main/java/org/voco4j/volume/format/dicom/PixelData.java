package org.voco4j.volume.format.dicom;

import java.util.List;

/**
 * Where a file's pixels lie; they are not read with it.
 *
 * @param tag Pixel Data, or one of the two that hold floating point numbers
 * @param vr how it says they are written
 * @param encapsulated whether they are compressed, in pieces
 * @param whole all of them, as far as the file says
 * @param fragments the pieces of compressed ones, without the table before them
 * @param offsets for each frame the place of its first piece, counted from the start of the first; none if the file has no
 *     table (PS3.5 section A.4)
 * @param complete whether the file goes on to their end, which is marked after pieces
 */
record PixelData(
        int tag, Vr vr, boolean encapsulated, Span whole, List<Span> fragments, long[] offsets, boolean complete) {

    /** A piece of a file. */
    record Span(long from, long length) {
        long to() {
            return from + length;
        }
    }
}
