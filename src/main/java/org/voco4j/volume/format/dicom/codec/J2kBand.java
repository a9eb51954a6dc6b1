package org.voco4j.volume.format.dicom.codec;

/**
 * A subband of a tile's component (T.800 section B.5): which coefficients it has, and where in the tile they lie.
 *
 * @param orientation 0 LL, 1 HL, 2 LH, 3 HH: bit 0 for high frequencies along rows, bit 1 along columns
 * @param level how often the resolution was halved to come here
 * @param x0 first column, at the band's own resolution
 * @param y0 first row
 * @param x1 column after the last
 * @param y1 row after the last
 * @param planes bits of the largest coefficient
 * @param step what a coefficient of 1 stands for
 */
record J2kBand(int orientation, int level, int x0, int y0, int x1, int y1, int planes, float step) {
    /** The band of a rectangle of pixels. */
    static J2kBand of(int orientation, int level, int x0, int y0, int x1, int y1, int planes, float step) {
        int x = orientation & 1;
        int y = orientation >> 1;
        return new J2kBand(
                orientation,
                level,
                halved(x0, x, level),
                halved(y0, y, level),
                halved(x1, x, level),
                halved(y1, y, level),
                planes,
                step);
    }

    /** A place after some halvings, the last of them taking even places, or odd ones for high frequencies. */
    private static int halved(int place, int high, int level) {
        long shift = level == 0 ? 0 : (long) high << (level - 1);
        return (int) ((place - shift + (1L << level) - 1) >> level);
    }

    /** A place of a resolution after so many halvings. */
    static int halved(int place, int times) {
        return halved(place, 0, times);
    }

    /** The column of the image's grid at which a coefficient lies while the transform is undone in place. */
    int column(int x) {
        return place(x, orientation & 1);
    }

    /** The row of the image's grid. */
    int row(int y) {
        return place(y, orientation >> 1);
    }

    private int place(int at, int high) {
        return level == 0 ? at : (2 * at + high) << (level - 1);
    }
}
