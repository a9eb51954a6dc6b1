package org.voco4j.pretext.jigclu;

import java.util.random.RandomGenerator;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * The pieces of an image of n voxels along an axis: [0, n/2 + c) and [n − n/2 − c, n), c = overlap·n; where the grid has one
 * piece it is the whole.
 */
record Pieces(Shape3 grid, double overlap) {

    /** A piece, numbered row-major. */
    Box of(Box image, int piece) {
        int[] place = {piece / (grid.y() * grid.z()), piece / grid.z() % grid.y(), piece % grid.z()};
        int[] low = new int[3];
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = image.shape().along(axis);
            size[axis] = grid.along(axis) == 1 ? n : (int) Math.round((0.5 + overlap) * n);
            low[axis] = image.low(axis) + place[axis] * (n - size[axis]);
        }
        return Box.at(low[0], low[1], low[2], new Shape3(size[0], size[1], size[2]));
    }

    /** A part of a box, of its proportions, at least so large a share of its volume and anywhere in it. */
    static Box part(Box box, double least, RandomGenerator random) {
        double share = least + (1 - least) * random.nextDouble();
        Shape3 whole = box.shape();
        int thick = (whole.x() > 1 ? 1 : 0) + (whole.y() > 1 ? 1 : 0) + (whole.z() > 1 ? 1 : 0);
        double scale = Math.pow(share, 1.0 / Math.max(1, thick));
        int[] low = new int[3];
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = whole.along(axis);
            size[axis] = (int) Math.ceil(scale * n);
            low[axis] = box.low(axis) + random.nextInt(n - size[axis] + 1);
        }
        return Box.at(low[0], low[1], low[2], new Shape3(size[0], size[1], size[2]));
    }
}
