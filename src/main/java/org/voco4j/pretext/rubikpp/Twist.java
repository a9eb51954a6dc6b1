package org.voco4j.pretext.rubikpp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * A slab of a crop turned in its own plane, as on the toy: slab s of m along an axis, in the plane (p, q) of the other two, p &lt; q.
 *
 * <pre>  new[i, j] = old[j, n − 1 − i]   for each quarter turn, i along p and j along q </pre>
 *
 * @param axis that the slab is perpendicular to
 * @param slab 0 to m − 1
 * @param turns quarter turns, 1 to 3; a half turn, 2, needs no square
 */
record Twist(int axis, int slab, int turns) {
    /** The twist that takes this one back. */
    Twist inverse() {
        return new Twist(axis, slab, 4 - turns);
    }

    /**
     * Moves in a drawn order of the axes: every slab with probability ½, by turns drawn uniformly from those that its plane allows.
     *
     * @param slabs m along each axis
     */
    static List<Twist> draw(Shape3 shape, Shape3 slabs, SplittableRandom random) {
        List<Integer> axes = new ArrayList<>(List.of(0, 1, 2));
        for (int i = 2; i > 0; i--) {
            Collections.swap(axes, i, random.nextInt(i + 1));
        }
        List<Twist> moves = new ArrayList<>();
        for (int axis : axes) {
            boolean square = shape.along(first(axis)) == shape.along(second(axis));
            for (int slab = 0; slab < slabs.along(axis); slab++) {
                if (random.nextBoolean()) {
                    moves.add(new Twist(axis, slab, square ? 1 + random.nextInt(3) : 2));
                }
            }
        }
        return moves;
    }

    /** A crop after moves, one after another. */
    static float[] all(List<Twist> moves, float[] crop, Shape3 shape, Shape3 slabs) {
        float[] twisted = crop.clone();
        for (Twist move : moves) {
            twisted = move.of(twisted, shape, slabs.along(move.axis));
        }
        return twisted;
    }

    /**
     * A crop after this move.
     *
     * @param slabs m, which divides the crop's edge along the axis
     * @throws IllegalArgumentException if an odd number of turns is asked of a plane that is no square
     */
    float[] of(float[] crop, Shape3 shape, int slabs) {
        int p = first(axis);
        int q = second(axis);
        int n = shape.along(p);
        int m = shape.along(q);
        if (turns != 2 && n != m) {
            throw new IllegalArgumentException("a quarter turn needs a square, not " + n + " by " + m + " voxels");
        }
        float[] out = crop.clone();
        int thick = shape.along(axis) / slabs;
        int[] to = new int[3];
        int[] from = new int[3];
        for (int a = slab * thick; a < (slab + 1) * thick; a++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    to[axis] = from[axis] = a;
                    to[p] = i;
                    to[q] = j;
                    from[p] = turns == 1 ? j : turns == 2 ? n - 1 - i : n - 1 - j;
                    from[q] = turns == 1 ? n - 1 - i : turns == 2 ? m - 1 - j : i;
                    out[shape.index(to[0], to[1], to[2])] = crop[shape.index(from[0], from[1], from[2])];
                }
            }
        }
        return out;
    }

    private static int first(int axis) {
        return axis == 0 ? 1 : 0;
    }

    private static int second(int axis) {
        return axis == 2 ? 1 : 2;
    }
}
