package org.voco4j.volume.format.dicom.codec;

import java.util.List;

/**
 * One resolution of a tile's component, cut into precincts (T.800 sections B.5 and B.6).
 *
 * @param component whose it is
 * @param number 0 for the lowest
 * @param halvings how often it was halved
 * @param x0 first column, at this resolution
 * @param y0 first row
 * @param x1 column after the last
 * @param y1 row after the last
 * @param width binary logarithm of the columns of a precinct
 * @param height binary logarithm of its rows
 * @param blockWidth binary logarithm of the columns of a block
 * @param blockHeight binary logarithm of its rows
 * @param bands the lowest alone, or the three that lead here from the resolution below
 */
record J2kResolution(
        int component,
        int number,
        int halvings,
        int x0,
        int y0,
        int x1,
        int y1,
        int width,
        int height,
        int blockWidth,
        int blockHeight,
        List<J2kBand> bands) {

    /** How many precincts lie side by side. */
    int across() {
        return cells(x0, x1, width);
    }

    /** How many precincts lie one above the other. */
    int down() {
        return cells(y0, y1, height);
    }

    /** How many blocks there are. */
    long blocks() {
        long blocks = 0;
        for (J2kBand band : bands) {
            blocks += (long) cells(band.x0(), band.x1(), blockWidth) * cells(band.y0(), band.y1(), blockHeight);
        }
        return blocks;
    }

    /** How many cells of a grid from 0 on, of a width that is a power of 2, a range meets. */
    static int cells(int from, int to, int width) {
        return to > from ? ((to - 1) >> width) - (from >> width) + 1 : 0;
    }
}
