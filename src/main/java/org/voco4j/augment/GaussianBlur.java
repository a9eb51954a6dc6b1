package org.voco4j.augment;

import org.voco4j.volume.Shape3;

/**
 * A blur with the normal distribution, axis after axis, as scipy's {@code gaussian_filter} has it.
 *
 * <pre>  y_i = Σ_{|k| ≤ r} w_k·v_{i+k},   w_k ∝ exp(−k²/2σ²),  Σ w = 1,   r = ⌊4σ + ½⌋ </pre>
 *
 * <p>Beyond an edge stand the values before it, mirrored, that at the edge first.
 */
final class GaussianBlur {
    private static final double REACH = 4; // deviations

    private GaussianBlur() {}

    /**
     * Blurs values where they lie.
     *
     * @param values row-major
     * @param sigma σ in voxels, above 0
     */
    static void apply(double[] values, Shape3 shape, double sigma) {
        double[] kernel = kernel(sigma);
        int stride = 1;
        for (int axis = 2; axis >= 0; axis--) {
            int length = shape.along(axis);
            double[] line = new double[length];
            for (int block = 0; block < values.length; block += stride * length) {
                for (int first = block; first < block + stride; first++) {
                    for (int i = 0; i < length; i++) {
                        line[i] = values[first + i * stride];
                    }
                    for (int i = 0; i < length; i++) {
                        values[first + i * stride] = at(line, i, kernel);
                    }
                }
            }
            stride *= length;
        }
    }

    /** w_0 … w_r. */
    private static double[] kernel(double sigma) {
        double[] kernel = new double[(int) (REACH * sigma + 0.5) + 1];
        double sum = 0;
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] = Math.exp(-0.5 * k * k / (sigma * sigma));
            sum += k == 0 ? kernel[k] : 2 * kernel[k];
        }
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] /= sum;
        }
        return kernel;
    }

    private static double at(double[] line, int i, double[] kernel) {
        double sum = kernel[0] * line[i];
        for (int k = 1; k < kernel.length; k++) {
            sum += kernel[k] * (line[mirrored(i - k, line.length)] + line[mirrored(i + k, line.length)]);
        }
        return sum;
    }

    private static int mirrored(int i, int length) {
        int turn = Math.floorMod(i, 2 * length);
        return turn < length ? turn : 2 * length - 1 - turn;
    }
}
