package org.voco4j.pretext.positionlabel;

import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * A grid of tokens over a crop, row-major: of n voxels along an axis the i-th of g tokens has those from ⌊i·n/g⌋ to ⌈(i + 1)·n/g⌉.
 *
 * @param grid tokens along each axis
 */
record Tokens(Shape3 grid) {
    int count() {
        return (int) grid.voxels();
    }

    /** Along each axis, which token it is. */
    int[] at(int token) {
        return new int[] {token / (grid.y() * grid.z()), token / grid.z() % grid.y(), token % grid.z()};
    }

    /** The place of the scan in which a token's middle lies, of a grid of places, row-major. */
    int place(int token, Box crop, Shape3 scan, Shape3 places) {
        int[] at = at(token);
        int[] place = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            double middle = crop.low(axis)
                    + (at[axis] + 0.5) / grid.along(axis) * crop.shape().along(axis);
            place[axis] = (int) (middle / scan.along(axis) * places.along(axis));
        }
        return places.index(place[0], place[1], place[2]);
    }

    /** Whether a token has a voxel above the lowest value. */
    boolean showsBody(int token, float[] crop, Shape3 shape) {
        Box box = box(token, shape);
        for (int x = box.x0(); x < box.x1(); x++) {
            for (int y = box.y0(); y < box.y1(); y++) {
                for (int z = box.z0(); z < box.z1(); z++) {
                    if (crop[shape.index(x, y, z)] > 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** What lies under a token, ⌊n/g⌋ voxels along each axis, so that all are of one size. */
    float[] patch(int token, float[] crop, Shape3 shape) {
        Box box = box(token, shape);
        Shape3 size = new Shape3(shape.x() / grid.x(), shape.y() / grid.y(), shape.z() / grid.z());
        float[] patch = new float[(int) size.voxels()];
        for (int x = 0; x < size.x(); x++) {
            for (int y = 0; y < size.y(); y++) {
                int from = shape.index(box.x0() + x, box.y0() + y, box.z0());
                System.arraycopy(crop, from, patch, size.index(x, y, 0), size.z());
            }
        }
        return patch;
    }

    private Box box(int token, Shape3 shape) {
        int[] at = at(token);
        int[] low = new int[3];
        int[] high = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = shape.along(axis);
            low[axis] = at[axis] * n / grid.along(axis);
            high[axis] = ((at[axis] + 1) * n + grid.along(axis) - 1) / grid.along(axis);
        }
        return new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
    }
}
