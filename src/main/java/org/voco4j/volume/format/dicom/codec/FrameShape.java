package org.voco4j.volume.format.dicom.codec;

/**
 * What a DICOM file says of each of its frames (PS3.3 section C.7.6.3).
 *
 * @param rows pixels of a column
 * @param columns pixels of a row
 * @param samplesPerPixel 1 for grey, 3 for colour
 * @param bitsAllocated bits that an uncompressed sample would take
 * @param bitsStored bits of them that are used
 * @param signed whether samples are in two's complement
 */
public record FrameShape(
        int rows, int columns, int samplesPerPixel, int bitsAllocated, int bitsStored, boolean signed) {
    /** How many samples a frame has. */
    int samples() {
        return Math.multiplyExact(Math.multiplyExact(rows, columns), samplesPerPixel);
    }
}
