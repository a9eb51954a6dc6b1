package org.voco4j.network.transformer;

import java.util.List;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/** An image cut into patches that touch, the last axis varying fastest: from patch to patch, and within one. */
public final class Patches {
    private Patches() {}

    /**
     * The patches of a batch.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param patch p, voxels along each axis, which share out those of the image evenly
     * @return [B, n, p_x·p_y(·p_z)·C], the channels of a voxel side by side
     */
    public static Tensor cut(Tensor x, List<Integer> patch) {
        int dims = patch.size();
        long[] apart = new long[2 + 2 * dims]; // B, C, X/p, p, Y/p, p, …
        long[] order = new long[2 + 2 * dims]; // B, X/p, Y/p, …, p, p, …, C
        apart[0] = x.size(0);
        apart[1] = x.size(1);
        long count = 1;
        for (int axis = 0; axis < dims; axis++) {
            apart[2 + 2 * axis] = x.size(2 + axis) / patch.get(axis);
            apart[3 + 2 * axis] = patch.get(axis);
            order[1 + axis] = 2 + 2L * axis;
            order[1 + dims + axis] = 3 + 2L * axis;
            count *= apart[2 + 2 * axis];
        }
        order[1 + 2 * dims] = 1;
        return Rearrange.permute(x.reshape(apart), order).reshape(x.size(0), count, -1);
    }
}
