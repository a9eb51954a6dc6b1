package org.voco4j.pretext.jigsaw;

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
        if (grid.voxels() < 2 || grid.voxels() > Orders.MOST_CELLS) {
            throw new IllegalArgumentException(
                    "pretext.grid must make 2 to " + Orders.MOST_CELLS + " cells, not " + grid.voxels());
        }
        if (!(gap >= 0 && gap < 1)) {
            throw new IllegalArgumentException("pretext.gap must lie in [0, 1), not " + gap);
        }
        int most = Orders.count((int) grid.voxels());
        if (orders < 2 || orders > most) {
            throw new IllegalArgumentException("pretext.orders must lie in 2 to " + most + ", not " + orders);
        }
        if (puzzles < 1 || features < 1 || hidden < 1) {
            throw new IllegalArgumentException("pretext.puzzles, features and hidden must be at least 1, not " + puzzles
                    + ", " + features + " and " + hidden);
        }
    }

    /** Cells of a puzzle. */
    int cells() {
        return (int) grid.voxels();
    }
}
