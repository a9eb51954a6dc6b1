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

    /**
     * An image of patches that lie beside each other, the inverse of {@link #cut}.
     *
     * @param patches [B, n, p_x·p_y(·p_z)·C]
     * @param grid patches along each axis
     * @param patch p, voxels along each axis
     * @return [B, C, X, Y(, Z)]
     */
    public static Tensor joined(Tensor patches, List<Integer> grid, List<Integer> patch) {
        int dims = patch.size();
        long[] apart = new long[2 + 2 * dims]; // B, X/p, Y/p, …, p, p, …, C
        long[] order = new long[2 + 2 * dims]; // B, C, X/p, p, Y/p, p, …
        long[] whole = new long[2 + dims];
        long voxels = 1;
        for (int axis = 0; axis < dims; axis++) {
            apart[1 + axis] = grid.get(axis);
            apart[1 + dims + axis] = patch.get(axis);
            order[2 + 2 * axis] = 1L + axis;
            order[3 + 2 * axis] = 1L + dims + axis;
            whole[2 + axis] = apart[1 + axis] * apart[1 + dims + axis];
            voxels *= patch.get(axis);
        }
        apart[0] = patches.size(0);
        apart[1 + 2 * dims] = patches.size(2) / voxels;
        order[1] = 1L + 2L * dims;
        whole[0] = apart[0];
        whole[1] = apart[1 + 2 * dims];
        return Rearrange.permute(patches.reshape(apart), order).reshape(whole);
    }
}
