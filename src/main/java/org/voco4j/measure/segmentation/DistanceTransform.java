package org.voco4j.measure.segmentation;

import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * The exact Euclidean distance from voxels to the nearest voxel of a set S, in millimetres.
 *
 * <pre>  d²(x, y, z) = min over z' of (s_z (z − z'))²
 *              + min over y' of (s_y (y − y'))²
 *              + min over x' with (x', y', z') ∈ S of (s_x (x − x'))² </pre>
 *
 * <p>so the axes are taken one after the other. Along x the inner minimum counts steps forth and back; along y and z a
 * minimum over parabolas is their lower envelope, found in linear time (Felzenszwalb and Huttenlocher, Distance
 * Transforms of Sampled Functions, 2012). Only the steps along x are kept for the whole grid (one int per voxel); the
 * rest is done plane by plane in double precision, and only where a distance is asked for.
 */
final class DistanceTransform {
    /** This many steps or more: no voxel of S in this line. */
    private static final int NONE = Integer.MAX_VALUE / 2;

    private final byte[] flags;
    private final Shape3 shape;
    private final Spacing mm;
    private final Envelope envelope;

    /**
     * A grid of voxels, some of which are flagged.
     *
     * @param flags bits of every voxel, row-major
     */
    DistanceTransform(byte[] flags, Shape3 shape, Spacing mm) {
        this.flags = flags;
        this.shape = shape;
        this.mm = mm;
        this.envelope = new Envelope(Math.max(shape.y(), shape.z()));
    }

    /**
     * The distance of every voxel that has the bit {@code from} to the nearest one that has the bit {@code to}, in
     * row-major order; infinite if there is none.
     */
    double[] between(int from, int to) {
        int count = 0;
        for (byte flag : flags) {
            count += (flag & from) != 0 ? 1 : 0;
        }
        double[] distances = new double[count];
        int[] steps = stepsAlongX(to);
        int plane = shape.y() * shape.z();
        double[] squares = new double[plane]; // [Y, Z]
        int done = 0;
        for (int x = 0; x < shape.x() && done < count; x++) {
            if (!has(from, x * plane, plane)) {
                continue;
            }
            for (int i = 0; i < plane; i++) {
                double d = steps[x * plane + i] * mm.x();
                squares[i] = steps[x * plane + i] >= NONE ? Double.POSITIVE_INFINITY : d * d;
            }
            for (int z = 0; z < shape.z(); z++) {
                envelope.build(squares, z, shape.z(), shape.y(), mm.y());
                for (int y = 0; y < shape.y(); y++) {
                    squares[y * shape.z() + z] = envelope.at(y);
                }
            }
            for (int y = 0; y < shape.y(); y++) {
                int row = x * plane + y * shape.z();
                if (!has(from, row, shape.z())) {
                    continue;
                }
                envelope.build(squares, y * shape.z(), 1, shape.z(), mm.z());
                for (int z = 0; z < shape.z(); z++) {
                    if ((flags[row + z] & from) != 0) {
                        distances[done++] = Math.sqrt(envelope.at(z));
                    }
                }
            }
        }
        return distances;
    }

    private boolean has(int bit, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if ((flags[i] & bit) != 0) {
                return true;
            }
        }
        return false;
    }

    /** How many steps along x the nearest voxel of the line with that bit is away; plane after plane, forth and back. */
    private int[] stepsAlongX(int bit) {
        int plane = shape.y() * shape.z();
        int[] steps = new int[flags.length];
        for (int i = 0; i < steps.length; i++) {
            int before = i < plane ? NONE : steps[i - plane];
            steps[i] = (flags[i] & bit) != 0 ? 0 : before + 1;
        }
        for (int i = steps.length - plane - 1; i >= 0; i--) {
            steps[i] = Math.min(steps[i], steps[i + plane] + 1);
        }
        return steps;
    }

    /** The lower envelope of the parabolas f(p) + (s (q − p))² over the places p of a line, as a function of q. */
    private static final class Envelope {
        private final int[] places; // of the parabolas that are lowest somewhere, ascending
        private final double[] heights;
        private final double[] starts; // where each becomes the lowest
        private int parabolas;
        private int current;
        private double mm;

        Envelope(int longest) {
            places = new int[longest];
            heights = new double[longest];
            starts = new double[longest];
        }

        /** Takes a line of {@code length} heights, the first at {@code offset}; infinite heights have no parabola. */
        void build(double[] f, int offset, int stride, int length, double spacing) {
            mm = spacing;
            parabolas = 0;
            current = 0;
            for (int p = 0; p < length; p++) {
                double height = f[offset + p * stride];
                if (height == Double.POSITIVE_INFINITY) {
                    continue;
                }
                double start = Double.NEGATIVE_INFINITY;
                while (parabolas > 0) {
                    start = meeting(parabolas - 1, p, height);
                    if (start > starts[parabolas - 1]) {
                        break;
                    }
                    parabolas--; // nowhere the lowest
                }
                places[parabolas] = p;
                heights[parabolas] = height;
                starts[parabolas] = start;
                parabolas++;
            }
        }

        /** Where the parabola at p begins to lie below the i-th of the envelope: the middle, moved by the heights. */
        private double meeting(int i, int p, double height) {
            return 0.5 * (p + places[i]) + (height - heights[i]) / (2 * mm * mm * (p - places[i]));
        }

        /** The envelope at q; to be asked with ascending q. */
        double at(int q) {
            if (parabolas == 0) {
                return Double.POSITIVE_INFINITY;
            }
            while (current + 1 < parabolas && starts[current + 1] < q) {
                current++;
            }
            double d = mm * (q - places[current]);
            return heights[current] + d * d;
        }
    }
}
