package org.voco4j.pretext.rubik;

import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Shape3;

/**
 * The keys of the task, as {@code recipes/pretrain/tasks/rubik.yaml} explains them.
 *
 * @param region how often the region that is cut goes into the scan along each axis
 * @param grid cells along each axis of the region
 * @param gap share of a cell's edge that is left out
 * @param orders K
 * @param mask whether pieces are masked too, and it is to be told which
 * @param puzzles of a scan
 * @param features numbers that are kept of each cell
 * @param hidden numbers in each layer before the orders and the flags
 */
public record RubikSettings(
        Shape3 region, Shape3 grid, double gap, int orders, boolean mask, int puzzles, int features, int hidden) {
    /** Checks the numbers. */
    public RubikSettings {
        Puzzles.require(grid, gap, orders, puzzles, features, hidden);
    }

    /** Cells of a puzzle. */
    int cells() {
        return (int) grid.voxels();
    }
}
