package org.voco4j.corpus.verify;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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
    private static final int LEAST_SHARED = 64; // blocks: a cube of 4 cm
    private static final int SAMPLE = 64;
    private static final double UNLIKE =
            0.3; // of the spread, three times what is the same scan: no need to look at every block
    private static final double LEAST_SPREAD = 0.1; // of the whole scan's: air is alike in all scans

    private final int[] first; // block index of the lowest block
    private final int[] size;
    private final float[] means; // RAS order, z fastest; NaN where there is none
    private final double spread;

    CoarseGrid(int[] first, int[] size, float[] means) {
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
}
