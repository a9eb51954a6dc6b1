package org.voco4j.pretext.rubikpp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.Turn;
import org.voco4j.pretext.rubikpp.RubikPlusPlusSettings.Quarters;
import org.voco4j.volume.Box;
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
    private static final int CLASSES = 3; // of turns in each plane

    /** The twist that takes this one back. */
    Twist inverse() {
        return new Twist(axis, slab, 4 - turns);
    }

    /**
     * Moves in a drawn order of the axes: every slab with probability ½, by turns drawn uniformly from those that its plane allows.
     *
     * @param slabs m along each axis
     */
    static List<Twist> draw(Shape3 shape, Shape3 slabs, Quarters quarters, SplittableRandom random) {
        List<Integer> axes = new ArrayList<>(List.of(0, 1, 2));
        for (int i = 2; i > 0; i--) {
            Collections.swap(axes, i, random.nextInt(i + 1));
        }
        List<Twist> moves = new ArrayList<>();
        for (int axis : axes) {
            boolean square =
                    shape.along(first(axis)) == shape.along(second(axis)) && (quarters == Quarters.ALL || axis == 2);
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
        int thick = shape.along(axis) / slabs;
        int[] low = new int[3];
        int[] high = {shape.x(), shape.y(), shape.z()};
        low[axis] = slab * thick;
        high[axis] = low[axis] + thick;
        Box moved = new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
        float[] turned = Turn.of(crop, shape, CLASSES * (2 - axis) + turns); // numbered by plane: x–y, x–z, y–z
        return Painting.of(crop, turned, shape, List.of(moved));
    }

    private static int first(int axis) {
        return axis == 0 ? 1 : 0;
    }

    private static int second(int axis) {
        return axis == 2 ? 1 : 2;
    }
}
