package org.voco4j.pretext.jigsaw;

import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Shape3;

/**
 * The keys of the task, as {@code recipes/pretrain/tasks/jigsaw.yaml} explains them.
 *
 * @param region how often the region that is cut goes into the scan along each axis
 * @param grid cells along each axis of the region
 * @param gap share of a cell's edge that is left out
 * @param orders K
 * @param puzzles of a scan
 * @param features numbers that are kept of each cell
 * @param hidden numbers in each of the two layers before the orders
 */
public record JigsawSettings(
        Shape3 region, Shape3 grid, double gap, int orders, int puzzles, int features, int hidden) {
    /** Checks the numbers. */
    public JigsawSettings {
        Puzzles.require(grid, gap, orders, puzzles, features, hidden);
    }

    /** Cells of a puzzle. */
    int cells() {
        return (int) grid.voxels();
    }
}
