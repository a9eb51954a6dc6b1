package org.voco4j.augment;

import org.voco4j.volume.Shape3;

/**
 * What a coarser scanner would have seen: the nearest voxels of a coarser grid, brought back to the finer one by cubic convolution
 * (Keys 1981, a = −½), axis after axis. The borders of both grids meet.
 *
 * <p>(batchgenerators brings them back by cubic splines, which differ little.)
 */
final class LowResolution {
    private LowResolution() {}

    /**
     * Coarsens values where they lie.
     *
     * @param values row-major
     * @param zoom of the resolution along each axis, in (0, 1]
     */
    static void apply(double[] values, Shape3 shape, double zoom) {
        int stride = 1;
        for (int axis = 2; axis >= 0; axis--) {
            int length = shape.along(axis);
            double[] coarse = new double[(int) Math.max(1, Math.round(zoom * length))];
            double scale = length / (double) coarse.length;
            for (int block = 0; block < values.length; block += stride * length) {
                for (int first = block; first < block + stride; first++) {
                    for (int i = 0; i < coarse.length; i++) {
                        coarse[i] = values[first + stride * (int) ((i + 0.5) * scale)];
                    }
                    for (int i = 0; i < length; i++) {
                        values[first + stride * i] = cubic(coarse, (i + 0.5) / scale - 0.5);
                    }
                }
            }
            stride *= length;
        }
    }

    private static double cubic(double[] line, double at) {
        int before = (int) Math.floor(at);
        double sum = 0;
        for (int k = before - 1; k <= before + 2; k++) {
            sum += weight(Math.abs(at - k)) * line[Math.min(line.length - 1, Math.max(0, k))];
        }
        return sum;
    }

    private static double weight(double distance) {
        double d = distance;
        return d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
}
