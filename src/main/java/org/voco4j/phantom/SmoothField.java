package org.voco4j.phantom;

import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * A smooth random field on a grid: a uniform cubic B-spline in three dimensions with independent random coefficients,
 *
 * <pre>  f(x, y, z) = Σ_ijk c_ijk B(x/h − i) B(y/h − j) B(z/h − k) </pre>
 *
 * <p>evaluated one axis after the other.
 */
final class SmoothField {
    /** Makes up for the smoothing: the sum of squared B-spline weights is about 0.48 per axis, and 1/√0.48³ = 3. */
    private static final double GAIN = 3;

    private SmoothField() {}

    /**
     * The field at every voxel, row-major.
     *
     * @param knots h, the distance of the knots in millimetres
     * @param sd the standard deviation, about
     */
    static float[] sample(PhantomRandom draws, Shape3 shape, Spacing spacing, double knots, double sd) {
        Axis x = new Axis(shape.x(), spacing.x() / knots);
        Axis y = new Axis(shape.y(), spacing.y() / knots);
        Axis z = new Axis(shape.z(), spacing.z() / knots);
        float[] coefficients = new float[x.knots * y.knots * z.knots];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = (float) draws.normal(GAIN * sd);
        }
        float[] field = new float[Math.toIntExact(shape.voxels())];
        float[] plane = new float[y.knots * z.knots];
        float[] line = new float[z.knots];
        for (int i = 0; i < shape.x(); i++) {
            combine(coefficients, x, i, plane);
            for (int j = 0; j < shape.y(); j++) {
                combine(plane, y, j, line);
                int start = shape.index(i, j, 0);
                for (int k = 0; k < shape.z(); k++) {
                    float sum = 0;
                    for (int w = 0; w < 4; w++) {
                        sum += z.weights[4 * k + w] * line[z.first[k] + w];
                    }
                    field[start + k] = sum;
                }
            }
        }
        return field;
    }

    /** The weighted sum of four rows of a table, for the place at an axis. */
    private static void combine(float[] table, Axis axis, int place, float[] row) {
        for (int c = 0; c < row.length; c++) {
            float sum = 0;
            for (int w = 0; w < 4; w++) {
                sum += axis.weights[4 * place + w] * table[(axis.first[place] + w) * row.length + c];
            }
            row[c] = sum;
        }
    }

    /** The four B-spline weights of every voxel along an axis and the knot of the first of them. */
    private static final class Axis {
        final int knots;
        final int[] first;
        final float[] weights;

        Axis(int voxels, double step) {
            knots = (int) ((voxels - 1) * step) + 4;
            first = new int[voxels];
            weights = new float[4 * voxels];
            for (int i = 0; i < voxels; i++) {
                first[i] = (int) (i * step);
                double t = i * step - first[i];
                double s = 1 - t;
                weights[4 * i] = (float) (s * s * s / 6);
                weights[4 * i + 1] = (float) ((3 * t * t * t - 6 * t * t + 4) / 6);
                weights[4 * i + 2] = (float) ((3 * s * s * s - 6 * s * s + 4) / 6);
                weights[4 * i + 3] = (float) (t * t * t / 6);
            }
        }
    }
}
