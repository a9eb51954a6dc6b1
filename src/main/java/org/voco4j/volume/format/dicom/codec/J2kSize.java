package org.voco4j.volume.format.dicom.codec;

/**
 * Image and tile size of JPEG 2000 (SIZ, T.800 section A.5.1): the image lies on a grid that tiles cut into rectangles.
 *
 * @param x0 first column of the image on the grid
 * @param y0 first row
 * @param x1 column after the last
 * @param y1 row after the last
 * @param tileX first column of the first tile
 * @param tileY first row of the first tile
 * @param tileWidth columns of a tile
 * @param tileHeight rows of a tile
 * @param components samples of a pixel
 * @param precision bits of a sample
 * @param signed whether samples are in two's complement
 */
record J2kSize(
        int x0,
        int y0,
        int x1,
        int y1,
        int tileX,
        int tileY,
        int tileWidth,
        int tileHeight,
        int components,
        int precision,
        boolean signed) {
    private static final int MOST = 1 << 30; // so that sums of two places are numbers

    static J2kSize read(ByteInput segment, FrameShape shape) throws FrameException {
        segment.u16(); // capabilities: those that matter have markers of their own
        int x1 = segment.u31();
        int y1 = segment.u31();
        int x0 = segment.u31();
        int y0 = segment.u31();
        int tileWidth = segment.u31();
        int tileHeight = segment.u31();
        int tileX = segment.u31();
        int tileY = segment.u31();
        int components = segment.u16();
        int depth = segment.u8();
        int precision = (depth & 0x7f) + 1;
        shape.require(x1 - x0, y1 - y0, components, precision);
        for (int c = 0; c < components; c++) {
            int own = c == 0 ? depth : segment.u8();
            if (own != depth || segment.u8() != 1 || segment.u8() != 1) {
                throw new FrameException("components of one precision and of full resolution", "others");
            }
        }
        boolean sound = Math.max(x1, y1) <= MOST
                && tileX <= x0
                && tileY <= y0
                && (long) tileX + tileWidth > x0
                && (long) tileY + tileHeight > y0;
        if (!sound) {
            throw new FrameException(
                    "tiles from the first pixel on, at places below 2^30",
                    tileWidth + "x" + tileHeight + " from (" + tileX + ", " + tileY + ") on for pixels from (" + x0
                            + ", " + y0 + ") on");
        }
        J2kSize size = new J2kSize(
                x0,
                y0,
                x1,
                y1,
                tileX,
                tileY,
                Math.min(tileWidth, MOST),
                Math.min(tileHeight, MOST),
                components,
                precision,
                depth > 0x7f);
        long tiles = (long) size.tilesAcross() * size.tilesDown();
        if (tiles > 16 + (long) shape.rows() * shape.columns() / 256) {
            throw new FrameException("tiles of at least 256 pixels", tiles + " of them");
        }
        return size;
    }

    int tilesAcross() {
        return ceil(x1 - tileX, tileWidth);
    }

    int tilesDown() {
        return ceil(y1 - tileY, tileHeight);
    }

    private static int ceil(int dividend, int divisor) {
        return (int) (((long) dividend + divisor - 1) / divisor);
    }
}
