package org.voco4j.volume;

/**
 * Where the samples along one axis come from: output i = (1 − w[i])·in[low[i]] + w[i]·in[low[i] + 1].
 *
 * <p>A weight of 0 reads one voxel only, so nearest neighbour is the special case w = 0. Positions outside the axis
 * are moved to its border.
 */
final class AxisSamples {
    final int[] low;
    final double[] weight;

    private AxisSamples(int size) {
        low = new int[size];
        weight = new double[size];
    }

    /** Linear interpolation at position scale·i + shift of an axis of {@code in} voxels. */
    static AxisSamples linear(int in, int out, double scale, double shift) {
        AxisSamples taps = new AxisSamples(out);
        for (int i = 0; i < out; i++) {
            double at = Math.min(Math.max(scale * i + shift, 0), in - 1);
            int low = Math.min((int) at, Math.max(in - 2, 0));
            taps.low[i] = low;
            taps.weight[i] = at - low;
        }
        return taps;
    }

    /** The voxel nearest to position scale·i + shift, half-way cases to the even one (as torch's grid_sample). */
    static AxisSamples nearest(int in, int out, double scale, double shift) {
        AxisSamples taps = new AxisSamples(out);
        for (int i = 0; i < out; i++) {
            taps.low[i] = (int) Math.rint(Math.min(Math.max(scale * i + shift, 0), in - 1));
        }
        return taps;
    }

    /** Resizing: with aligned corners i·(in − 1)/(out − 1), otherwise (i + ½)·in/out − ½. */
    static AxisSamples resize(int in, int out, boolean alignCorners) {
        if (alignCorners) {
            return linear(in, out, out == 1 ? 0 : (in - 1) / (double) (out - 1), 0);
        }
        double scale = in / (double) out;
        return linear(in, out, scale, 0.5 * scale - 0.5);
    }

    /** Resizing without blending: voxel floor(i·in/out). */
    static AxisSamples floor(int in, int out) {
        AxisSamples taps = new AxisSamples(out);
        for (int i = 0; i < out; i++) {
            taps.low[i] = (int) ((long) i * in / out);
        }
        return taps;
    }

    int size() {
        return low.length;
    }

    /** One past the last voxel that is read. */
    int end() {
        int end = 0;
        for (int i = 0; i < low.length; i++) {
            end = Math.max(end, low[i] + (weight[i] > 0 ? 2 : 1));
        }
        return end;
    }

    /** Whether every voxel is read in order and as it is. */
    private boolean isStraight() {
        for (int i = 0; i < low.length; i++) {
            if (low[i] + weight[i] != i) {
                return false;
            }
        }
        return true;
    }

    private int start() {
        int start = Integer.MAX_VALUE;
        for (int first : low) {
            start = Math.min(start, first);
        }
        return start;
    }

    /**
     * Separable interpolation of the part of {@code source} that starts at (x0, y0, z0): for every output row the four
     * rows around it are blended first, then that row is sampled along z. Sums are in double.
     */
    static void sample(
            float[] source,
            Shape3 shape,
            int x0,
            int y0,
            int z0,
            AxisSamples x,
            AxisSamples y,
            AxisSamples z,
            float[] out,
            int offset) {
        double[] row = new double[z.end()];
        int nextX = shape.y() * shape.z();
        int plane = y.size() * z.size();
        for (int i = 0; i < x.size(); i++) {
            int first = shape.index(x0 + x.low[i], y0, z0);
            double wx = x.weight[i];
            plane(source, first, nextX, shape.z(), wx, y, 0, y.size(), z, row, out, offset + i * plane);
        }
    }

    /**
     * Rows {@code from} to before {@code to} of one output plane.
     *
     * @param first where the lower of the two source planes begins
     * @param nextX from there to the upper one
     * @param rowLength from a source row to the next
     * @param wx the weight of the upper plane; 0 reads the lower one only
     * @param row room for one source row
     * @param write where the first of the rows goes
     */
    static void plane(
            float[] source,
            int first,
            int nextX,
            int rowLength,
            double wx,
            AxisSamples y,
            int from,
            int to,
            AxisSamples z,
            double[] row,
            float[] out,
            int write) {
        int start = z.start();
        int end = z.end();
        boolean straight = z.isStraight(); // VoCo's crops keep z: no table is needed
        int upper = wx > 0 ? nextX : 0;
        int at = write;
        for (int j = from; j < to; j++) {
            double wy = y.weight[j];
            int a = first + y.low[j] * rowLength;
            int nextY = wy > 0 ? rowLength : 0;
            if (upper == 0 && nextY == 0) {
                for (int k = start; k < end; k++) {
                    row[k] = source[a + k];
                }
            } else {
                blend(source, a, upper, nextY, wx, wy, start, end, row);
            }
            if (straight) {
                for (int k = 0; k < end; k++) {
                    out[at + k] = (float) row[k];
                }
                at += end;
                continue;
            }
            for (int k = 0; k < z.size(); k++) {
                int low = z.low[k];
                double w = z.weight[k];
                out[at++] = (float) (w == 0 ? row[low] : row[low] + w * (row[low + 1] - row[low]));
            }
        }
    }

    private static void blend(
            float[] source, int a, int nextX, int nextY, double wx, double wy, int start, int end, double[] row) {
        double w00 = (1 - wx) * (1 - wy);
        double w01 = (1 - wx) * wy;
        double w10 = wx * (1 - wy);
        double w11 = wx * wy;
        int b = a + nextY;
        int c = a + nextX;
        int d = c + nextY;
        for (int k = start; k < end; k++) {
            row[k] = w00 * source[a + k] + w01 * source[b + k] + w10 * source[c + k] + w11 * source[d + k];
        }
    }
}
