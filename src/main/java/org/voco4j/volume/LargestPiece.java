package org.voco4j.volume;

import java.util.Optional;

/** The largest piece of a mask whose voxels hang together by their faces. */
public final class LargestPiece {
    private LargestPiece() {}

    /**
     * Its box; of pieces of one size the first along x, then y, then z.
     *
     * @param inside what the mask holds, in the order of {@link Shape3#index}
     * @param least voxels that a piece must have
     * @return empty where no piece has so many
     */
    public static Optional<Box> box(Shape3 shape, boolean[] inside, int least) {
        boolean[] seen = new boolean[inside.length];
        int[] queue = new int[inside.length];
        int[] stride = {shape.y() * shape.z(), shape.z(), 1};
        int most = least - 1;
        Optional<Box> largest = Optional.empty();
        for (int first = 0; first < inside.length; first++) {
            if (seen[first] || !inside[first]) {
                continue;
            }
            int end = 0;
            queue[end++] = first;
            seen[first] = true;
            int[] low = {shape.x(), shape.y(), shape.z()};
            int[] high = new int[3];
            for (int begin = 0; begin < end; begin++) {
                for (int axis = 0; axis < 3; axis++) {
                    int at = queue[begin] / stride[axis] % shape.along(axis);
                    low[axis] = Math.min(low[axis], at);
                    high[axis] = Math.max(high[axis], at + 1);
                    for (int way = -1; way <= 1; way += 2) {
                        int next = queue[begin] + way * stride[axis];
                        if (at + way >= 0 && at + way < shape.along(axis) && inside[next] && !seen[next]) {
                            seen[next] = true;
                            queue[end++] = next;
                        }
                    }
                }
            }
            if (end > most) {
                most = end;
                largest = Optional.of(new Box(low[0], low[1], low[2], high[0], high[1], high[2]));
            }
        }
        return largest;
    }
}
