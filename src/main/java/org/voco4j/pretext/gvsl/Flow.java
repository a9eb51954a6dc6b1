package org.voco4j.pretext.gvsl;

import java.util.Arrays;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * A flow u, [B, 3, X, Y, Z] in voxels along x, y, z: voxel i of the moved crop is read at i + u(i) of the crop that is moved.
 */
final class Flow {
    private Flow() {}

    /** The number of each voxel along each axis, [1, X, Y, Z, 3], of a map [B, C, X, Y, Z]. */
    static Tensor voxels(Tensor map) {
        int nx = (int) map.size(2);
        int ny = (int) map.size(3);
        int nz = (int) map.size(4);
        float[] numbers = new float[3 * nx * ny * nz];
        int at = 0;
        for (int x = 0; x < nx; x++) {
            for (int y = 0; y < ny; y++) {
                for (int z = 0; z < nz; z++) {
                    numbers[at++] = x;
                    numbers[at++] = y;
                    numbers[at++] = z;
                }
            }
        }
        return Tensor.of(numbers, 1, nx, ny, nz, 3).to(map.type()).to(map.device());
    }

    /** Places in voxels, [B, X, Y, Z, 3]. */
    static Tensor places(Tensor flow, Variant variant) {
        Tensor places = voxels(flow).plus(Rearrange.permute(flow, 0, 2, 3, 4, 1));
        if (variant == Variant.PAPER) {
            return places;
        }
        double[] stretch =
                new double[3]; // scaled so that corners are points, and read as if they were borders of cells
        for (int axis = 0; axis < 3; axis++) {
            double n = flow.size(2 + axis);
            stretch[axis] = n / (n - 1);
        }
        return places.times(Tensor.of(stretch, 3).to(flow.type()).to(flow.device()))
                .plus(-0.5);
    }

    /** The mean squared difference of neighbours, averaged over the three axes. */
    static Tensor roughness(Tensor flow) {
        Tensor sum = flow.mean().times(0);
        for (int axis = 2; axis < 5; axis++) {
            long rest = flow.size(axis) - 1;
            sum = sum.plus(flow.narrow(axis, 1, rest)
                    .minus(flow.narrow(axis, 0, rest))
                    .square()
                    .mean());
        }
        return sum.times(1.0 / 3);
    }

    /** The share of voxels at which it turns space inside out: det(1 + ∂u/∂x) ≤ 0, of forward differences. */
    static Tensor folded(Tensor flow) {
        long[] size = {flow.size(2) - 1, flow.size(3) - 1, flow.size(4) - 1};
        Tensor[] columns = new Tensor[3]; // ∂(x + u)/∂x, ∂/∂y, ∂/∂z, [B, 3, X−1, Y−1, Z−1]
        for (int axis = 0; axis < 3; axis++) {
            Tensor here = flow;
            Tensor next = flow;
            for (int k = 0; k < 3; k++) {
                here = here.narrow(2 + k, 0, size[k]);
                next = next.narrow(2 + k, k == axis ? 1 : 0, size[k]);
            }
            double[] unit = {0, 0, 0};
            unit[axis] = 1;
            Tensor one = Tensor.of(unit, 1, 3, 1, 1, 1).to(flow.type()).to(flow.device());
            columns[axis] = next.minus(here).plus(one);
        }
        Tensor det = columns[0].times(cross(columns[1], columns[2])).sumKeeping(1);
        return Ops.isAbove(det, 0).mean().times(-1).plus(1);
    }

    private static Tensor cross(Tensor a, Tensor b) {
        Tensor[] entries = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            int k = (i + 2) % 3;
            entries[i] = a.narrow(1, j, 1)
                    .times(b.narrow(1, k, 1))
                    .minus(a.narrow(1, k, 1).times(b.narrow(1, j, 1)));
        }
        return Tensor.concatenate(Arrays.asList(entries), 1);
    }
}
