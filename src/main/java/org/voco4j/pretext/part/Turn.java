package org.voco4j.pretext.part;

import org.voco4j.volume.Shape3;

/**
 * Quarter turns of a crop, numbered: class 3·p + k turns k times, p = 0 in the plane x–y, 1 in x–z, 2 in y–z; 0 not at all.
 *
 * <p>One turn of the plane (p, q) puts old[j, n − 1 − i] at [i, j]: numpy's {@code rot90}, the first axis towards the second.
 */
public final class Turn {
    private static final int[][] PLANES = {{0, 1}, {0, 2}, {1, 2}};

    private Turn() {}

    /** The turn that takes one back. */
    public static int inverse(int turned) {
        return turned == 0 ? 0 : turned + 4 - 2 * ((turned - 1) % 3 + 1);
    }

    /**
     * A turned crop.
     *
     * @throws IllegalArgumentException if it turns by one or three quarters, and the axes of the plane are of different lengths
     */
    public static float[] of(float[] crop, Shape3 shape, int turned) {
        if (turned == 0) {
            return crop.clone();
        }
        int p = PLANES[(turned - 1) / 3][0];
        int q = PLANES[(turned - 1) / 3][1];
        int quarters = (turned - 1) % 3 + 1;
        int lastP = shape.along(p) - 1;
        int lastQ = shape.along(q) - 1;
        if (lastP != lastQ && quarters != 2) {
            throw new IllegalArgumentException("a quarter turn needs axes of one length, not those of " + shape);
        }
        float[] out = new float[crop.length];
        int[] at = new int[3];
        int[] from = new int[3];
        for (at[0] = 0; at[0] < shape.x(); at[0]++) {
            for (at[1] = 0; at[1] < shape.y(); at[1]++) {
                for (at[2] = 0; at[2] < shape.z(); at[2]++) {
                    System.arraycopy(at, 0, from, 0, 3);
                    from[p] = quarters == 1 ? at[q] : lastP - (quarters == 2 ? at[p] : at[q]);
                    from[q] = quarters == 3 ? at[p] : lastQ - (quarters == 2 ? at[q] : at[p]);
                    out[shape.index(at[0], at[1], at[2])] = crop[shape.index(from[0], from[1], from[2])];
                }
            }
        }
        return out;
    }
}
