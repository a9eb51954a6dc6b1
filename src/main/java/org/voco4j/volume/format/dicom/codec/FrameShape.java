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

    /** An array for all samples: the one that is there if it is long enough. */
    public short[] room(short[] there) {
        return there.length >= samples() ? there : new short[samples()];
    }

    /**
     * Checks what a code stream says. Its precision may differ from the bits stored, as it does in sound files: it must
     * fit what is allocated.
     */
    void require(int width, int height, int components, int precision) throws FrameException {
        if (width != columns || height != rows || components != samplesPerPixel) {
            throw new FrameException(
                    said(columns, rows, samplesPerPixel), "a code stream of " + said(width, height, components));
        }
        if (precision < 2 || precision > Math.min(16, bitsAllocated)) {
            throw new FrameException(
                    "samples of 2 to " + Math.min(16, bitsAllocated) + " bits", "a code stream of " + precision);
        }
    }

    private static String said(int width, int height, int components) {
        return width + "x" + height + " pixels of " + components + (components == 1 ? " component" : " components");
    }
}
