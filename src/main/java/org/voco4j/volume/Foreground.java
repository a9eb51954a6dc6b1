package org.voco4j.volume;

import java.util.Optional;

/** Where the body is: the smallest box that holds every voxel above a threshold (MONAI {@code CropForeground}). */
public final class Foreground {
    private Foreground() {}

    /** The bounding box of {v | f(v) &gt; threshold}, or nothing if no voxel is above it. */
    public static Optional<Box> box(Volume volume, double threshold) {
        Shape3 shape = volume.shape();
        int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] high = {-1, -1, -1};
        int at = 0;
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    if (volume.voxels()[at++] > threshold) {
                        low[0] = Math.min(low[0], x);
                        low[1] = Math.min(low[1], y);
                        low[2] = Math.min(low[2], z);
                        high[0] = x;
                        high[1] = Math.max(high[1], y);
                        high[2] = Math.max(high[2], z);
                    }
                }
            }
        }
        return high[0] < 0
                ? Optional.empty()
                : Optional.of(new Box(low[0], low[1], low[2], high[0] + 1, high[1] + 1, high[2] + 1));
    }

    /** The box with a margin of voxels on both sides of each axis; it may leave the volume. */
    public static Box grow(Box box, int x, int y, int z) {
        return new Box(box.x0() - x, box.y0() - y, box.z0() - z, box.x1() + x, box.y1() + y, box.z1() + z);
    }

    /** The box grown until each size is a multiple of k, the odd voxel at the high end; it may leave the volume. */
    public static Box divisible(Box box, int k) {
        int[] low = new int[3];
        int[] size = new int[3];
        for (int d = 0; d < 3; d++) {
            int old = box.high(d) - box.low(d);
            size[d] = (old + k - 1) / k * k;
            low[d] = box.low(d) - (size[d] - old) / 2;
        }
        return Box.at(low[0], low[1], low[2], new Shape3(size[0], size[1], size[2]));
    }
}
