package org.voco4j.pretext.part;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * A smooth random displacement within the x–y plane (Simard et al., ICDAR 2003; as TransVW has it).
 *
 * <pre>
 *   d = α·(G_σ * u)      u uniform in [−1, 1), 0 outside, G_σ a Gaussian cut at 4σ
 *   new(x, y, z) = old(x + d_x, y + d_y, z)      linear between voxels, mirrored at the border
 * </pre>
 */
public final class ElasticField {
    private static final int CUT = 4; // deviations
    private static final int STANDARD_EDGE = 64; // voxels, for which TransVW states the numbers below
    private static final double STANDARD_SIGMA = 8;
    private static final double STANDARD_ALPHA = 991;

    private final Shape3 shape;
    private final double[] alongX;
    private final double[] alongY;

    /**
     * The displacements of drawn numbers.
     *
     * @param alongX u of d_x, z fastest
     * @param alongY u of d_y
     * @param sigma σ in voxels
     * @param alpha α in voxels
     */
    public ElasticField(Shape3 shape, double[] alongX, double[] alongY, double sigma, double alpha) {
        this.shape = shape;
        this.alongX = blurred(alongX, sigma, alpha);
        this.alongY = blurred(alongY, sigma, alpha);
    }

    /**
     * A drawn field, which bends a crop as TransVW's bends one of 64 voxels: σ = 8 and α = 991, with both in proportion. (A blurred field
     * shrinks by s^1.5 where σ grows by s, so that α takes s^2.5.)
     */
    public static ElasticField draw(Shape3 shape, SplittableRandom random) {
        double scale = (double) shape.x() / STANDARD_EDGE;
        double[] alongX = random.doubles(shape.voxels(), -1, 1).toArray();
        double[] alongY = random.doubles(shape.voxels(), -1, 1).toArray();
        return new ElasticField(shape, alongX, alongY, scale * STANDARD_SIGMA, Math.pow(scale, 2.5) * STANDARD_ALPHA);
    }

    private double[] blurred(double[] field, double sigma, double alpha) {
        double[] kernel = new double[1 + 2 * (int) (CUT * sigma + 0.5)];
        for (int i = 0; i < kernel.length; i++) {
            double away = (i - kernel.length / 2) / sigma;
            kernel[i] = Math.exp(-away * away / 2);
        }
        double sum = Arrays.stream(kernel).sum();
        double[] now = field;
        for (int axis = 0; axis < 3; axis++) {
            if (shape.along(axis) > 1) {
                now = along(axis, now, kernel, sum);
            }
        }
        double[] scaled = new double[now.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = alpha * now[i];
        }
        return scaled;
    }

    private double[] along(int axis, double[] field, double[] kernel, double sum) {
        int n = shape.along(axis);
        int stride = axis == 0 ? shape.y() * shape.z() : axis == 1 ? shape.z() : 1;
        int half = kernel.length / 2;
        double[] out = new double[field.length];
        for (int i = 0; i < field.length; i++) {
            int at = i / stride % n;
            double total = 0;
            for (int k = Math.max(-half, -at); k <= Math.min(half, n - 1 - at); k++) {
                total += kernel[half + k] * field[i + k * stride];
            }
            out[i] = total / sum;
        }
        return out;
    }

    /** A crop, bent. */
    public float[] of(float[] crop) {
        float[] bent = new float[crop.length];
        int i = 0;
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    bent[i] = (float) at(crop, x + alongX[i], y + alongY[i], z);
                    i++;
                }
            }
        }
        return bent;
    }

    private double at(float[] crop, double x, double y, int z) {
        int x0 = (int) Math.floor(x);
        int y0 = (int) Math.floor(y);
        double u = x - x0;
        double v = y - y0;
        return (1 - u) * ((1 - v) * voxel(crop, x0, y0, z) + v * voxel(crop, x0, y0 + 1, z))
                + u * ((1 - v) * voxel(crop, x0 + 1, y0, z) + v * voxel(crop, x0 + 1, y0 + 1, z));
    }

    private double voxel(float[] crop, int x, int y, int z) {
        return crop[shape.index(mirrored(x, shape.x()), mirrored(y, shape.y()), z)];
    }

    /** … 1 0 | 0 1 … n−1 | n−1 n−2 …. */
    private static int mirrored(int i, int n) {
        int within = Math.floorMod(i, 2 * n);
        return within < n ? within : 2 * n - 1 - within;
    }
}
