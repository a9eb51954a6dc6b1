package org.voco4j.volume.format.dicom.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A precinct: the blocks of a rectangle of one resolution, of which packets tell layer by layer (T.800 section B.6). */
final class J2kPrecinct {
    final J2kResolution resolution;
    private final int column;
    private final int row;

    /** How many layers have been read. */
    int layers;

    private @Nullable List<Part> parts;

    /**
     * A precinct of which nothing is known yet.
     *
     * @param column of the grid of precincts, from 0 on
     * @param row of it
     */
    J2kPrecinct(J2kResolution resolution, int column, int row) {
        this.resolution = resolution;
        this.column = (resolution.x0() >> resolution.width()) + column;
        this.row = (resolution.y0() >> resolution.height()) + row;
    }

    /** The first column of the image's grid that it covers; tiles begin in their first precinct wherever that does. */
    long x(int tileX) {
        return Math.max(tileX, (long) column << (resolution.width() + resolution.halvings()));
    }

    /** The first row. */
    long y(int tileY) {
        return Math.max(tileY, (long) row << (resolution.height() + resolution.halvings()));
    }

    /** Its blocks, band by band. */
    List<Part> parts() {
        List<Part> made = parts;
        if (made == null) {
            made = new ArrayList<>();
            int width = resolution.width() - (resolution.number() == 0 ? 0 : 1);
            int height = resolution.height() - (resolution.number() == 0 ? 0 : 1);
            for (J2kBand band : resolution.bands()) {
                made.add(new Part(
                        band,
                        Math.max(band.x0(), column << width),
                        Math.max(band.y0(), row << height),
                        Math.min(band.x1(), (column + 1) << width),
                        Math.min(band.y1(), (row + 1) << height)));
            }
            parts = made;
        }
        return made;
    }

    /** Whether any packet said anything of it. */
    boolean isEmpty() {
        return parts == null;
    }

    /** The blocks of a precinct in one band. */
    final class Part {
        final J2kBand band;
        final int x0;
        final int y0;
        final int x1;
        final int y1;
        final int across;
        final int down;
        final TagTree inclusion;
        final TagTree emptyPlanes;
        final @Nullable J2kBlock[] blocks;

        Part(J2kBand band, int x0, int y0, int x1, int y1) {
            this.band = band;
            this.x0 = x0;
            this.y0 = y0;
            this.x1 = x1;
            this.y1 = y1;
            boolean none = x1 <= x0 || y1 <= y0;
            across = none ? 0 : J2kResolution.cells(x0, x1, resolution.blockWidth());
            down = none ? 0 : J2kResolution.cells(y0, y1, resolution.blockHeight());
            inclusion = new TagTree(across, down);
            emptyPlanes = new TagTree(across, down);
            blocks = new @Nullable J2kBlock[across * down];
        }

        /** The first column of a block, at the band's resolution. */
        int left(int x) {
            return Math.max(x0, ((x0 >> resolution.blockWidth()) + x) << resolution.blockWidth());
        }

        /** The column after its last. */
        int right(int x) {
            return Math.min(x1, ((x0 >> resolution.blockWidth()) + x + 1) << resolution.blockWidth());
        }

        /** The first row of a block. */
        int top(int y) {
            return Math.max(y0, ((y0 >> resolution.blockHeight()) + y) << resolution.blockHeight());
        }

        /** The row after its last. */
        int bottom(int y) {
            return Math.min(y1, ((y0 >> resolution.blockHeight()) + y + 1) << resolution.blockHeight());
        }
    }
}
