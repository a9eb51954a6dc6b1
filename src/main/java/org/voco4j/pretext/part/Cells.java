package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.random.RandomGenerator;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * A region cut into a grid of cells, row-major; a cell is smaller than its place by a gap, and lies anywhere in it.
 *
 * @param grid cells along each axis
 * @param gapX voxels by which a cell is smaller than its place along x
 * @param gapY the same along y
 * @param gapZ the same along z
 */
public record Cells(Shape3 grid, int gapX, int gapY, int gapZ) {
    /** Cells whose corners are drawn, uniformly from 0 to the gap. */
    public List<Box> drawn(Box region, RandomGenerator random) {
        return cut(region, (cell, axis) -> random.nextInt(gap(axis) + 1));
    }

    /** Cells in the middle of their places. */
    public List<Box> middle(Box region) {
        return cut(region, (cell, axis) -> gap(axis) / 2);
    }

    private int gap(int axis) {
        return axis == 0 ? gapX : axis == 1 ? gapY : gapZ;
    }

    /** Cells whose corner lies so far into their place, by number of the cell and axis. */
    public List<Box> cut(Box region, IntBinaryOperator corner) {
        Shape3 whole = region.shape();
        int x = whole.x() / grid.x();
        int y = whole.y() / grid.y();
        int z = whole.z() / grid.z();
        Shape3 size = new Shape3(x - gapX, y - gapY, z - gapZ);
        List<Box> cells = new ArrayList<>();
        for (int i = 0; i < grid.x(); i++) {
            for (int j = 0; j < grid.y(); j++) {
                for (int k = 0; k < grid.z(); k++) {
                    int cell = cells.size();
                    cells.add(Box.at(
                            region.x0() + i * x + corner.applyAsInt(cell, 0),
                            region.y0() + j * y + corner.applyAsInt(cell, 1),
                            region.z0() + k * z + corner.applyAsInt(cell, 2),
                            size));
                }
            }
        }
        return cells;
    }
}
