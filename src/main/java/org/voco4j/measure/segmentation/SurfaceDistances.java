package org.voco4j.measure.segmentation;

import java.util.Arrays;
import org.voco4j.measure.statistics.Percentile;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * How far the surfaces of one class in prediction and truth lie from each other, in millimetres.
 *
 * <p>A surface S is the set of voxels of a mask that have one of their six neighbours outside it (or outside the grid),
 * in a 2-D image one of their four; a distance is the Euclidean one between voxel centres. With A the prediction and B truth,
 *
 * <pre>  D(A→B) = { min over b ∈ S_B of |a − b| : a ∈ S_A } </pre>
 *
 * <p>and every measure here is a statistic of D(A→B) and D(B→A), defined as in MONAI without its sub-voxel option. Where
 * neither has the class all measures are NaN. Where one alone has it, all distances are infinite: the surface Dice is 0,
 * the 95th percentile not defined (NaN), everything else infinite.
 */
public final class SurfaceDistances {
    private static final byte PREDICTION = 1;
    private static final byte TRUTH = 2;

    /** Rounding does not make 1.5 mm more than 1.5 mm. */
    private static final double ROUNDING = 1e-9;

    final double[] fromPrediction; // D(A→B), sorted
    final double[] fromTruth; // D(B→A), sorted

    private SurfaceDistances(double[] fromPrediction, double[] fromTruth) {
        this.fromPrediction = fromPrediction;
        this.fromTruth = fromTruth;
    }

    /**
     * Measures one class of two label maps of one grid. Needs 5 bytes of memory per voxel of the box around both masks.
     *
     * @param spacing of the grid
     * @throws IllegalArgumentException if the shapes differ
     */
    public static SurfaceDistances of(LabelMap prediction, LabelMap truth, int label, Spacing spacing) {
        Confusion.requireSameShape(prediction, truth);
        Shape3 shape = truth.shape();
        int[] low = {shape.x(), shape.y(), shape.z()};
        int[] high = {0, 0, 0};
        widen(low, high, prediction, label);
        widen(low, high, truth, label);
        if (high[0] == 0) {
            return new SurfaceDistances(new double[0], new double[0]);
        }
        Box box = new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
        byte[] surfaces = new byte[Math.toIntExact(box.voxels())];
        int predicted = mark(surfaces, PREDICTION, prediction, label, box);
        int real = mark(surfaces, TRUTH, truth, label, box);
        if (predicted == 0 || real == 0) {
            double[] infinite = new double[predicted + real];
            Arrays.fill(infinite, Double.POSITIVE_INFINITY);
            return new SurfaceDistances(infinite, infinite);
        }
        DistanceTransform transform = new DistanceTransform(surfaces, box.shape(), spacing);
        double[] fromPrediction = transform.between(PREDICTION, TRUTH);
        double[] fromTruth = transform.between(TRUTH, PREDICTION);
        Arrays.sort(fromPrediction);
        Arrays.sort(fromTruth);
        return new SurfaceDistances(fromPrediction, fromTruth);
    }

    /** Widens the box [low, high) to hold every voxel of a class. */
    private static void widen(int[] low, int[] high, LabelMap map, int label) {
        Shape3 shape = map.shape();
        byte wanted = (byte) label;
        byte[] classes = map.classes();
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                int row = shape.index(x, y, 0);
                int first = 0;
                while (first < shape.z() && classes[row + first] != wanted) {
                    first++;
                }
                if (first == shape.z()) {
                    continue;
                }
                int last = shape.z() - 1;
                while (classes[row + last] != wanted) {
                    last--;
                }
                widen(low, high, 0, x, x);
                widen(low, high, 1, y, y);
                widen(low, high, 2, first, last);
            }
        }
    }

    private static void widen(int[] low, int[] high, int axis, int first, int last) {
        low[axis] = Math.min(low[axis], first);
        high[axis] = Math.max(high[axis], last + 1);
    }

    /** Sets a bit where the surface of a class is, in the grid of the box; returns how many voxels it has. */
    private static int mark(byte[] surfaces, byte bit, LabelMap map, int label, Box box) {
        Shape3 part = box.shape();
        Shape3 shape = map.shape();
        byte wanted = (byte) label;
        byte[] classes = map.classes();
        int count = 0;
        for (int x = box.x0(); x < box.x1(); x++) {
            for (int y = box.y0(); y < box.y1(); y++) {
                int row = part.index(x - box.x0(), y - box.y0(), 0);
                for (int z = box.z0(); z < box.z1(); z++) {
                    if (classes[shape.index(x, y, z)] == wanted && isExposed(classes, shape, x, y, z)) {
                        surfaces[row + z - box.z0()] |= bit;
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static boolean isExposed(byte[] classes, Shape3 shape, int x, int y, int z) {
        int i = shape.index(x, y, z);
        int alongX = shape.y() * shape.z();
        int alongY = shape.z();
        byte own = classes[i];
        return isExposed(classes, i, own, alongX, x, shape.x())
                || isExposed(classes, i, own, alongY, y, shape.y())
                || isExposed(classes, i, own, 1, z, shape.z());
    }

    /** Along one axis; one that has a single voxel has no inside and no outside. */
    private static boolean isExposed(byte[] classes, int i, byte own, int step, int at, int length) {
        return length > 1 && (at == 0 || at == length - 1 || classes[i - step] != own || classes[i + step] != own);
    }

    /** HD, the larger of max D(A→B) and max D(B→A). */
    public double hausdorff() {
        return Math.max(largest(fromPrediction), largest(fromTruth));
    }

    /** HD95, the larger of the 95th percentiles of D(A→B) and D(B→A); NaN unless both have the class. */
    public double hausdorff95() {
        return Math.max(Percentile.of(fromPrediction, 0.95), Percentile.of(fromTruth, 0.95));
    }

    /**
     * The surface Dice (NSD), the share of both surfaces that lies within a tolerance of the other one.
     *
     * @throws IllegalArgumentException if the tolerance is negative or not finite
     */
    public double surfaceDice(double toleranceMm) {
        if (!(toleranceMm >= 0) || Double.isInfinite(toleranceMm)) {
            throw new IllegalArgumentException("a tolerance is 0 mm or more and finite, not " + toleranceMm);
        }
        return (double) (within(fromPrediction, toleranceMm) + within(fromTruth, toleranceMm))
                / (fromPrediction.length + fromTruth.length);
    }

    /** The average surface distance, the mean of D(A→B). */
    public double mean() {
        return sum(fromPrediction) / fromPrediction.length;
    }

    /** The average symmetric surface distance, the mean over D(A→B) and D(B→A) together. */
    public double symmetricMean() {
        return (sum(fromPrediction) + sum(fromTruth)) / (fromPrediction.length + fromTruth.length);
    }

    private static double largest(double[] sorted) {
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
    }

    private static int within(double[] distances, double toleranceMm) {
        int count = 0;
        for (double distance : distances) {
            count += distance <= toleranceMm * (1 + ROUNDING) ? 1 : 0;
        }
        return count;
    }

    private static double sum(double[] distances) {
        return Arrays.stream(distances).sum();
    }
}
