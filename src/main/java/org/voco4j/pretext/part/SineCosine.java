package org.voco4j.pretext.part;

import java.util.List;

/**
 * A table of positions of patches that is not learned (Vaswani et al. 2017; in 2-D and 3-D as facebookresearch/mae and MONAI have it).
 *
 * <pre>
 *   row of the patch at (x, y(, z)) = [sin yω ‖ cos yω ‖ sin xω ‖ cos xω (‖ sin zω ‖ cos zω)]
 *   ω_k = 10000^(−k/n),  k = 0 … n − 1,  n = D/(2·axes)
 * </pre>
 */
public final class SineCosine {
    private static final double LONGEST = 10000;

    private SineCosine() {}

    /** The number that D must be a multiple of: 4 in 2-D, 6 in 3-D. */
    public static int multiple(List<Integer> grid) {
        return 2 * grid.size();
    }

    /**
     * The table.
     *
     * @param grid patches along each of 2 or 3 axes
     * @param size D
     * @return a row for each patch, the last axis of the grid fastest
     * @throws IllegalArgumentException if D is no multiple of twice the axes
     */
    public static double[] table(List<Integer> grid, int size) {
        int axes = grid.size();
        if (size % multiple(grid) != 0) {
            throw new IllegalArgumentException("sines and cosines of " + axes + " axes need a multiple of "
                    + multiple(grid) + " numbers, not " + size);
        }
        int count = size / multiple(grid);
        int patches = grid.stream().reduce(1, Math::multiplyExact);
        double[] table = new double[patches * size];
        for (int patch = 0; patch < patches; patch++) {
            int rest = patch;
            for (int axis = axes - 1; axis >= 0; axis--) {
                int place = rest % grid.get(axis);
                rest /= grid.get(axis);
                int first = patch * size + 2 * count * (axis < 2 ? 1 - axis : axis);
                for (int k = 0; k < count; k++) {
                    double angle = place * Math.pow(LONGEST, -k / (double) count);
                    table[first + k] = Math.sin(angle);
                    table[first + count + k] = Math.cos(angle);
                }
            }
        }
        return table;
    }
}
