package org.voco4j.volume;

/**
 * The box of the body: of the largest thing in a scan, without table, blankets and arms that lie apart from it.
 *
 * <p>On a lattice of about 4 mm, slice by slice: what air cannot reach from the slice's border is inside, so lungs are; 12 mm are
 * taken off all round in the plane, so that what touches falls apart; of what is left the largest piece that hangs together in space is the
 * body, and gets its 12 mm back. Nothing of it lies outside the box of all foreground.
 */
final class BodyBox {
    private static final double LATTICE = 4; // mm
    private static final int OFF = 3; // points of the lattice

    private final int[] step = new int[3];
    private final int[] count = new int[3];
    private final boolean[] inside; // in the order of the lattice

    private BodyBox(Resample.Grid grid) {
        Spacing mm = grid.affine().spacing();
        double[] along = {mm.x(), mm.y(), mm.z()};
        for (int axis = 0; axis < 3; axis++) {
            step[axis] = (int) Math.max(1, Math.round(LATTICE / along[axis]));
            count[axis] = (grid.shape().along(axis) + step[axis] - 1) / step[axis];
        }
        inside = new boolean[Math.multiplyExact(Math.multiplyExact(count[0], count[1]), count[2])];
    }

    /**
     * Finds it.
     *
     * @param foreground the box of all voxels above the threshold
     * @return that box where nothing is left of the body
     */
    static Box of(Planes planes, double threshold, Box foreground, int threads) {
        BodyBox body = new BodyBox(planes.grid());
        body.look(planes, threshold, threads);
        for (int z = 0; z < body.count[2]; z++) {
            body.fill(z);
            for (int i = 0; i < OFF; i++) {
                body.erode(z);
            }
        }
        return LargestPiece.box(body.lattice(), body.inside, 1)
                .map(box -> body.within(box, foreground))
                .orElse(foreground);
    }

    private int at(int x, int y, int z) {
        return (x * count[1] + y) * count[2] + z;
    }

    private Shape3 lattice() {
        return new Shape3(count[0], count[1], count[2]);
    }

    private void look(Planes planes, double threshold, int threads) {
        Shape3 shape = planes.grid().shape();
        ParallelRange.each(count[0], threads, () -> {
            Planes.Cursor cursor = planes.cursor();
            float[] rows = new float[shape.y() * shape.z()];
            return x -> {
                cursor.rows(x * step[0], 0, shape.y(), rows, 0);
                for (int y = 0; y < count[1]; y++) {
                    for (int z = 0; z < count[2]; z++) {
                        inside[at(x, y, z)] = rows[y * step[1] * shape.z() + z * step[2]] > threshold;
                    }
                }
            };
        });
    }

    /** What the air around cannot reach within a slice is inside. */
    private void fill(int z) {
        int plane = count[0] * count[1];
        boolean[] outside = new boolean[plane];
        int[] queue = new int[plane];
        int end = 0;
        for (int i = 0; i < plane; i++) {
            int x = i / count[1];
            int y = i % count[1];
            boolean border = x == 0 || y == 0 || x == count[0] - 1 || y == count[1] - 1;
            if (border && !inside[at(x, y, z)]) {
                outside[i] = true;
                queue[end++] = i;
            }
        }
        for (int begin = 0; begin < end; begin++) {
            int x = queue[begin] / count[1];
            int y = queue[begin] % count[1];
            for (int side = 0; side < 4; side++) {
                int nx = x + (side == 0 ? 1 : side == 1 ? -1 : 0);
                int ny = y + (side == 2 ? 1 : side == 3 ? -1 : 0);
                int next = nx * count[1] + ny;
                if (nx >= 0 && ny >= 0 && nx < count[0] && ny < count[1] && !outside[next] && !inside[at(nx, ny, z)]) {
                    outside[next] = true;
                    queue[end++] = next;
                }
            }
        }
        for (int i = 0; i < plane; i++) {
            inside[i * count[2] + z] = !outside[i];
        }
    }

    /** Takes off what has a neighbour outside; a scan's border has none, since the body may go on there. */
    private void erode(int z) {
        boolean[] before = new boolean[count[0] * count[1]];
        for (int i = 0; i < before.length; i++) {
            before[i] = inside[i * count[2] + z];
        }
        for (int x = 0; x < count[0]; x++) {
            for (int y = 0; y < count[1]; y++) {
                int i = x * count[1] + y;
                inside[i * count[2] + z] = before[i]
                        && (x == 0 || before[i - count[1]])
                        && (x == count[0] - 1 || before[i + count[1]])
                        && (y == 0 || before[i - 1])
                        && (y == count[1] - 1 || before[i + 1]);
            }
        }
    }

    /** From points of the lattice to voxels, with what was taken off, inside the box of all foreground. */
    private Box within(Box lattice, Box foreground) {
        int[] low = new int[3];
        int[] high = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int off = axis == 2 ? 1 : OFF + 1; // the border lies between two points
            low[axis] = Math.max(foreground.low(axis), (lattice.low(axis) - off) * step[axis]);
            high[axis] = Math.min(foreground.high(axis), (lattice.high(axis) - 1 + off) * step[axis] + 1);
        }
        return new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
    }
}
