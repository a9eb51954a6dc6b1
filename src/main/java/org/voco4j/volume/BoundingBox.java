package org.voco4j.volume;

import java.util.Arrays;
import java.util.Optional;

/** The smallest box of the voxels above a threshold, widened plane by plane, in whatever order and by several threads. */
final class BoundingBox {
    private final Shape3 shape;
    private final int[] low = new int[3];
    private final int[] high = new int[3]; // one past the last; 0 where nothing was seen

    BoundingBox(Shape3 shape) {
        this.shape = shape;
        Arrays.fill(low, Integer.MAX_VALUE);
    }

    /**
     * Looks at the voxels of plane x that could widen the box.
     *
     * @param rows room for a plane
     */
    void look(Planes.Cursor cursor, int x, float[] rows, double threshold) {
        BoundingBox known = copy();
        boolean onlyY = known.low[0] <= x && x < known.high[0] && known.low[2] == 0 && known.high[2] == shape.z();
        int from = onlyY ? known.low[1] : shape.y();
        int to = onlyY ? known.high[1] : shape.y();
        known.look(cursor, x, 0, from, rows, threshold);
        known.look(cursor, x, to, shape.y(), rows, threshold);
        add(known);
    }

    private void look(Planes.Cursor cursor, int x, int y0, int y1, float[] rows, double threshold) {
        if (y0 >= y1) {
            return;
        }
        cursor.rows(x, y0, y1, rows, 0);
        int length = shape.z();
        for (int y = y0; y < y1; y++) {
            int row = (y - y0) * length;
            int first = 0;
            while (first < length && !(rows[row + first] > threshold)) {
                first++;
            }
            if (first < length) {
                int last = length - 1;
                while (!(rows[row + last] > threshold)) {
                    last--;
                }
                widen(0, x, x);
                widen(1, y, y);
                widen(2, first, last);
            }
        }
    }

    private void widen(int axis, int first, int last) {
        low[axis] = Math.min(low[axis], first);
        high[axis] = Math.max(high[axis], last + 1);
    }

    private synchronized BoundingBox copy() {
        BoundingBox copy = new BoundingBox(shape);
        copy.add(this);
        return copy;
    }

    private synchronized void add(BoundingBox other) {
        for (int d = 0; d < 3; d++) {
            low[d] = Math.min(low[d], other.low[d]);
            high[d] = Math.max(high[d], other.high[d]);
        }
    }

    /** The box, or nothing if no voxel was above the threshold. */
    synchronized Optional<Box> box() {
        return high[0] == 0
                ? Optional.empty()
                : Optional.of(new Box(low[0], low[1], low[2], high[0], high[1], high[2]));
    }
}
