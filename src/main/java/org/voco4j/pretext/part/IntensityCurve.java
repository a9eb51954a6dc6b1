package org.voco4j.pretext.part;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A smooth monotone map of intensities in [0, 1] to themselves: a cubic Bézier curve through (0, 0) and (1, 1) (Zhou et al.,
 * Models Genesis, MedIA 2021, §3.1: non-linear transformation).
 *
 * <pre>
 *   X(t) = 3t²(1−t)·x₁ + 3t(1−t)²·x₂ + (1−t)³      Y alike, at 100,000 values of t from 0 to 1
 *   v ↦ linear interpolation of Y over X, both sorted; where the map is to fall, X alone is
 * </pre>
 */
public final class IntensityCurve {
    private static final int POINTS = 100_000;

    private final double[] from;
    private final double[] to;

    /**
     * The curve of two control points in [0, 1]².
     *
     * @param falls whether 0 becomes 1 and 1 becomes 0
     */
    public IntensityCurve(double x1, double y1, double x2, double y2, boolean falls) {
        from = bezier(x1, x2);
        to = bezier(y1, y2);
        Arrays.sort(from);
        if (!falls) {
            Arrays.sort(to);
        }
    }

    /** A curve of uniform control points, which falls in one of two cases. */
    public static IntensityCurve draw(SplittableRandom random) {
        return new IntensityCurve(
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                random.nextBoolean());
    }

    private static double[] bezier(double first, double second) {
        double[] values = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double t = (double) i / (POINTS - 1);
            double rest = 1 - t;
            values[i] = 3 * t * t * rest * first + 3 * t * rest * rest * second + rest * rest * rest;
        }
        return values;
    }

    /** What becomes of a value; beyond both ends, what becomes of the end. */
    public double at(double value) {
        int place = Arrays.binarySearch(from, value);
        int above = place >= 0 ? place + 1 : -place - 1; // the first point beyond the value
        if (above == 0) {
            return to[0];
        }
        if (above == POINTS) {
            return to[POINTS - 1];
        }
        double low = from[above - 1];
        double high = from[above];
        return high == low ? to[above - 1] : to[above - 1] + (to[above] - to[above - 1]) * (value - low) / (high - low);
    }

    /** A crop with the curve applied to every voxel. */
    public float[] of(float[] crop) {
        float[] mapped = new float[crop.length];
        for (int i = 0; i < crop.length; i++) {
            mapped[i] = (float) at(crop[i]);
        }
        return mapped;
    }
}
