package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Maps read between their voxels, and around them. */
public final class Sampling {
    private static final int LINEAR = 0;
    private static final int ZEROS = 0;

    private Sampling() {}

    /**
     * A map read at places, linear between voxels and 0 outside; voxels at the border fade over the length of one.
     *
     * @param map [B, C, X, Y, Z]
     * @param places [B, X', Y', Z', 3] in voxels along x, y, z: (0, 0, 0) is the first voxel
     * @return [B, C, X', Y', Z'], with gradients to the map and the places
     */
    public static Tensor at(Tensor map, Tensor places) {
        double[] scale =
                new double[3]; // the places as libtorch wants them: the last axis first, its cells from −1 to 1
        double[] shift = new double[3];
        for (int i = 0; i < 3; i++) {
            double voxels = map.size(4 - i);
            scale[i] = 2 / voxels;
            shift[i] = 1 / voxels - 1;
        }
        Tensor grid = Rearrange.flip(places, 4).times(like(places, scale)).plus(like(places, shift));
        return LayerTimes.of(
                LayerTimes.Kind.INTERPOLATION,
                map,
                x -> new Tensor(torch.grid_sampler_3d(x.handle, grid.handle, LINEAR, ZEROS, false)));
    }

    private static Tensor like(Tensor x, double... values) {
        return Tensor.of(values, values.length).to(x.type()).to(x.device());
    }

    /**
     * The mean of a cube around each voxel; outside the map are zeros, which count.
     *
     * @param map [B, C, X, Y, Z]
     * @param edge of the cube, odd and no longer than any axis
     * @return the same shape
     */
    public static Tensor meanAround(Tensor map, int edge) {
        return LayerTimes.of(LayerTimes.Kind.POOLING, map, x -> {
            org.bytedeco.pytorch.Tensor mean = x.handle;
            for (int axis = 0; axis < 3; axis++) { // one after the other: 3·k instead of k³ values for each
                long[] window = {1, 1, 1};
                long[] padding = {0, 0, 0};
                window[axis] = edge;
                padding[axis] = edge / 2;
                mean = torch.avg_pool3d(mean, window, new long[] {1, 1, 1}, padding, false, true, new LongOptional());
            }
            return new Tensor(mean);
        });
    }
}
