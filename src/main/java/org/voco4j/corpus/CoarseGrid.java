package org.voco4j.corpus;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/**
 * A scan in blocks of 10 mm on one lattice for all scans, block (i, j, k) reaching from (10i, 10j, 10k) to
 * (10i + 10, …) in RAS+ millimetres, so that crops and other resolutions of one scan give the same numbers.
 *
 * <p>A block's value is the mean over the voxels in it, each by the volume it shares with the block; blocks that the scan
 * does not fill have none. Of an oblique grid a voxel counts whole for the block its centre lies in. Values below −1024
 * count as −1024: what lies outside the field of view is padded with anything.
 */
final class CoarseGrid {
    static final double BLOCK_MM = 10;
    private static final int MOST_BLOCKS = 1 << 22; // 4 m in each direction; a wrong spacing would ask for any number
    private static final double AIR_HU = -1024;
    private static final double STRAIGHT = 1e-3; // millimetres that an axis may stray per voxel
    private static final double FILLED = 0.999;
    private static final double FILLED_OBLIQUE = 0.5;
    private static final int LEAST_SHARED = 64; // blocks: a cube of 4 cm
    private static final int SAMPLE = 64;
    private static final double UNLIKE =
            0.3; // of the spread, three times what is the same scan: no need to look at every block
    private static final double LEAST_SPREAD = 0.1; // of the whole scan's: air is alike in all scans

    private final int[] first; // block index of the lowest block
    private final int[] size;
    private final float[] means; // RAS order, z fastest; NaN where there is none
    private final double spread;

    private CoarseGrid(int[] first, int[] size, float[] means) {
        this.first = first;
        this.size = size;
        this.means = means;
        this.spread = spread(means);
    }

    /**
     * How two scans differ in the blocks that both fill.
     *
     * @param blocks how many those are
     * @param mean the mean absolute difference
     * @param largest the largest absolute difference
     * @param spread the mean absolute deviation of the first scan's blocks from their mean
     */
    record Difference(int blocks, double mean, double largest, double spread) {
        /** The mean difference as a share of the spread: 0 for the same scan, near 1 and above for strangers. */
        double relative() {
            return mean / spread;
        }
    }

    /** The difference, or null if too little is shared, or nothing that tells scans apart, or they are clearly unlike. */
    static @Nullable Difference compare(CoarseGrid a, CoarseGrid b) {
        int[] from = new int[3];
        int[] to = new int[3];
        long box = 1;
        for (int d = 0; d < 3; d++) {
            from[d] = Math.max(a.first[d], b.first[d]);
            to[d] = Math.min(a.first[d] + a.size[d], b.first[d] + b.size[d]);
            box *= Math.max(0, to[d] - from[d]);
        }
        if (box < LEAST_SHARED || glance(a, b, from, to)) {
            return null;
        }
        float[] ofA = new float[(int) box];
        float[] ofB = new float[(int) box];
        int shared = 0;
        for (int x = from[0]; x < to[0]; x++) {
            for (int y = from[1]; y < to[1]; y++) {
                for (int z = from[2]; z < to[2]; z++) {
                    float one = a.at(x, y, z);
                    float other = b.at(x, y, z);
                    if (!Float.isNaN(one) && !Float.isNaN(other)) {
                        ofA[shared] = one;
                        ofB[shared++] = other;
                    }
                }
            }
        }
        Difference difference = difference(ofA, ofB, shared);
        return shared < LEAST_SHARED || !(difference.spread > LEAST_SPREAD * a.spread) ? null : difference;
    }

    /** Whether a few blocks already show that these are two scans. */
    private static boolean glance(CoarseGrid a, CoarseGrid b, int[] from, int[] to) {
        SplittableRandom random = new SplittableRandom(1);
        float[] ofA = new float[SAMPLE];
        float[] ofB = new float[SAMPLE];
        int shared = 0;
        for (int i = 0; i < SAMPLE; i++) {
            int x = random.nextInt(from[0], to[0]);
            int y = random.nextInt(from[1], to[1]);
            int z = random.nextInt(from[2], to[2]);
            float one = a.at(x, y, z);
            float other = b.at(x, y, z);
            if (!Float.isNaN(one) && !Float.isNaN(other)) {
                ofA[shared] = one;
                ofB[shared++] = other;
            }
        }
        return shared > SAMPLE / 2 && difference(ofA, ofB, shared).relative() > UNLIKE;
    }

    private static Difference difference(float[] a, float[] b, int count) {
        double sum = 0;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double difference = Math.abs(a[i] - b[i]);
            sum += difference;
            largest = Math.max(largest, difference);
        }
        return new Difference(count, sum / count, largest, spread(Arrays.copyOf(a, count)));
    }

    /** The mean absolute deviation from the mean, NaN left out. */
    private static double spread(float[] values) {
        double sum = 0;
        long count = 0;
        for (float value : values) {
            sum += Float.isNaN(value) ? 0 : value;
            count += Float.isNaN(value) ? 0 : 1;
        }
        double mean = sum / count;
        double off = 0;
        for (float value : values) {
            off += Float.isNaN(value) ? 0 : Math.abs(value - mean);
        }
        return off / count;
    }

    private float at(int x, int y, int z) {
        return means[((x - first[0]) * size[1] + y - first[1]) * size[2] + z - first[2]];
    }

    /** Takes the slices of a scan in stored order. */
    static final class Builder {
        private final Shape3 shape;
        private final Affine affine;
        private final int[] first = new int[3];
        private final int[] size = new int[3];
        private final int[] along = {-1, -1, -1}; // the patient axis of each stored axis; of a grid that is not oblique
        private final boolean oblique;
        private final double[] sums;
        private final double[] filled; // mm³ of each block
        private final int[][] start = new int[3][];
        private final double[][][] shares = new double[3][][]; // mm that a voxel has in the blocks from start on

        private Builder(Shape3 shape, Affine affine, int[] first, int[] size) {
            this.shape = shape;
            this.affine = affine;
            System.arraycopy(first, 0, this.first, 0, 3);
            System.arraycopy(size, 0, this.size, 0, 3);
            sums = new double[size[0] * size[1] * size[2]];
            filled = new double[sums.length];
            boolean straight = true;
            for (int d = 0; d < 3; d++) {
                for (int p = 0; p < 3; p++) {
                    if (Math.abs(affine.at(p, d)) > STRAIGHT) {
                        straight &= along[d] < 0;
                        along[d] = p;
                    }
                }
                straight &= along[d] >= 0;
            }
            oblique = !straight;
            for (int d = 0; d < 3 && straight; d++) {
                divide(d);
            }
        }

        /** A builder, or null if the grid has more blocks than any scan. */
        static @Nullable Builder of(Shape3 shape, Affine affine) {
            int[] first = new int[3];
            int[] size = new int[3];
            double blocks = 1;
            for (int p = 0; p < 3; p++) {
                double low = affine.at(p, 3);
                double high = low;
                for (int d = 0; d < 3; d++) {
                    double step = affine.at(p, d);
                    low += Math.min(-step / 2, step * (shape.along(d) - 0.5));
                    high += Math.max(-step / 2, step * (shape.along(d) - 0.5));
                }
                if (Math.abs(low) > 1e7 || Math.abs(high) > 1e7) {
                    return null;
                }
                first[p] = (int) Math.floor(low / BLOCK_MM);
                size[p] = (int) Math.floor(high / BLOCK_MM) - first[p] + 1;
                blocks *= size[p];
            }
            return blocks > MOST_BLOCKS ? null : new Builder(shape, affine, first, size);
        }

        /** Which blocks each voxel of a stored axis lies in, and with how many millimetres. */
        private void divide(int d) {
            int p = along[d];
            double step = affine.at(p, d);
            start[d] = new int[shape.along(d)];
            shares[d] = new double[shape.along(d)][];
            for (int i = 0; i < shape.along(d); i++) {
                double centre = affine.at(p, 3) + step * i;
                double low = (centre - Math.abs(step) / 2) / BLOCK_MM - first[p];
                double high = (centre + Math.abs(step) / 2) / BLOCK_MM - first[p];
                int from = Math.max(0, (int) Math.floor(low));
                int to = Math.min(size[p] - 1, (int) Math.floor(high));
                start[d][i] = from;
                shares[d][i] = new double[to - from + 1];
                for (int k = from; k <= to; k++) {
                    shares[d][i][k - from] = Math.max(0, Math.min(high, k + 1) - Math.max(low, k)) * BLOCK_MM;
                }
            }
        }

        void slice(float[] values, int z) {
            if (oblique) {
                centres(values, z);
            } else {
                straight(values, z);
            }
        }

        private void straight(float[] values, int z) {
            int width = size[along[0]];
            double[] plane = new double[width * size[along[1]]];
            double[] row = new double[width];
            for (int y = 0; y < shape.y(); y++) {
                Arrays.fill(row, 0);
                for (int x = 0; x < shape.x(); x++) {
                    double value = Math.max(AIR_HU, values[y * shape.x() + x]);
                    double[] share = shares[0][x];
                    for (int k = 0; k < share.length; k++) {
                        row[start[0][x] + k] += share[k] * value;
                    }
                }
                for (int k = 0; k < shares[1][y].length; k++) {
                    int at = (start[1][y] + k) * width;
                    for (int x = 0; x < width; x++) {
                        plane[at + x] += shares[1][y][k] * row[x];
                    }
                }
            }
            int[] stride = {size[1] * size[2], size[2], 1};
            for (int k = 0; k < shares[2][z].length; k++) {
                int at = (start[2][z] + k) * stride[along[2]];
                for (int y = 0; y < size[along[1]]; y++) {
                    for (int x = 0; x < width; x++) {
                        sums[at + y * stride[along[1]] + x * stride[along[0]]] +=
                                shares[2][z][k] * plane[y * width + x];
                    }
                }
            }
        }

        private void centres(float[] values, int z) {
            double volume = Math.abs(affine.determinant());
            for (int y = 0, i = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++, i++) {
                    int at = 0;
                    for (int p = 0; p < 3; p++) {
                        double mm = affine.at(p, 0) * x + affine.at(p, 1) * y + affine.at(p, 2) * z + affine.at(p, 3);
                        int block = (int) Math.floor(mm / BLOCK_MM) - first[p];
                        at = at * size[p] + Math.min(Math.max(block, 0), size[p] - 1);
                    }
                    sums[at] += volume * Math.max(AIR_HU, values[i]);
                    filled[at] += volume;
                }
            }
        }

        /** The blocks; to be called after the last slice. */
        CoarseGrid build() {
            double least = (oblique ? FILLED_OBLIQUE : FILLED) * Math.pow(BLOCK_MM, 3);
            if (!oblique) {
                fill();
            }
            float[] means = new float[sums.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = filled[i] >= least ? (float) (sums[i] / filled[i]) : Float.NaN;
            }
            return new CoarseGrid(first, size, means);
        }

        /** The volume of every block is a product, since grid and lattice are parallel. */
        private void fill() {
            double[][] mm = new double[3][];
            for (int d = 0; d < 3; d++) {
                double[] sum = new double[size[along[d]]];
                for (int i = 0; i < shares[d].length; i++) {
                    for (int k = 0; k < shares[d][i].length; k++) {
                        sum[start[d][i] + k] += shares[d][i][k];
                    }
                }
                mm[along[d]] = sum;
            }
            for (int x = 0, i = 0; x < size[0]; x++) {
                for (int y = 0; y < size[1]; y++) {
                    for (int z = 0; z < size[2]; z++, i++) {
                        filled[i] = mm[0][x] * mm[1][y] * mm[2][z];
                    }
                }
            }
        }
    }
}
