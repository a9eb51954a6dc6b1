package org.voco4j.volume.format.dicom;

import java.util.Arrays;
import org.voco4j.volume.Shape3;

/**
 * A right-angled grid of even distances over slices that lie unevenly or tilted: linear between the two slices around, bilinear
 * within a slice where it is shifted. A slice at a place of the grid is taken as it is; what lies beside all slices is as dark as
 * their darkest voxel.
 *
 * @param order the slices
 * @param shape of the grid
 * @param origin the centre of its first voxel, mm
 * @param steps from a voxel to the next along each axis, mm
 * @param left for each slice, how many pixels its first pixel lies behind the grid's along a row
 * @param above the same along a column
 */
record EvenGrid(StackOrder order, Shape3 shape, double[] origin, double[][] steps, double[] left, double[] above) {
    private static final double SAME = 1e-3; // of a distance or a pixel

    /** The median distance of slices. */
    static double usualDistance(double[] at) {
        double[] distances = new double[at.length - 1];
        Arrays.setAll(distances, i -> at[i + 1] - at[i]);
        Arrays.sort(distances);
        int half = distances.length / 2;
        return distances.length % 2 == 1 ? distances[half] : (distances[half - 1] + distances[half]) / 2;
    }

    /** The grid of the slices' usual distance that covers all of them. */
    static EvenGrid of(StackOrder order) {
        Slice first = order.slices().get(0);
        double[] spacing = first.spacing();
        double[] at = order.at();
        int n = at.length;
        double[] left = new double[n];
        double[] above = new double[n];
        Arrays.setAll(left, i -> order.shift(i, order.row()) / spacing[1]);
        Arrays.setAll(above, i -> order.shift(i, order.column()) / spacing[0]);
        double leftmost = Arrays.stream(left).min().orElse(0);
        double topmost = Arrays.stream(above).min().orElse(0);
        for (int i = 0; i < n; i++) {
            left[i] -= leftmost;
            above[i] -= topmost;
        }
        double[] position = StackOrder.known(first.position());
        double[] origin = new double[3];
        double length = at[n - 1] - at[0];
        int slices = (int) Math.round(Math.min(length / usualDistance(at), 1 << 16)) + 1;
        double[] step = new double[3];
        for (int i = 0; i < 3; i++) {
            origin[i] = position[i] + order.row()[i] * leftmost * spacing[1] + order.column()[i] * topmost * spacing[0];
            step[i] = order.normal()[i] * (length / (slices - 1));
        }
        Shape3 shape = new Shape3(
                first.frames().shape().columns() + more(left),
                first.frames().shape().rows() + more(above),
                slices);
        double[] orientation = StackOrder.known(first.orientation());
        return new EvenGrid(order, shape, origin, Stack.steps(orientation, spacing, step), left, above);
    }

    private static int more(double[] shifts) {
        return (int) Math.min(1 << 16, Math.ceil(Arrays.stream(shifts).max().orElse(0) - SAME));
    }

    /** Resamples voxels of the slices, {@code [columns, rows, slices]} with the last axis fastest, to those of the grid. */
    float[] resample(float[] voxels) {
        Slice first = order.slices().get(0);
        Shape3 stacked = new Shape3(
                first.frames().shape().columns(), first.frames().shape().rows(), order.at().length);
        float darkest = Float.POSITIVE_INFINITY;
        for (float voxel : voxels) {
            darkest = Math.min(darkest, voxel);
        }
        float[] out = new float[(int) shape.voxels()];
        double[] at = order.at();
        double step = (at[at.length - 1] - at[0]) / (shape.z() - 1);
        for (int z = 0, below = 0; z < shape.z(); z++) {
            double place = at[0] + z * step;
            while (below < at.length - 2 && at[below + 1] <= place + SAME * step) {
                below++;
            }
            double part = (place - at[below]) / (at[below + 1] - at[below]);
            double snap = SAME * step / (at[below + 1] - at[below]);
            part = part < snap ? 0 : part > 1 - snap ? 1 : part;
            for (int x = 0; x < shape.x(); x++) {
                for (int y = 0; y < shape.y(); y++) {
                    double low = part == 1 ? 0 : within(voxels, stacked, below, x, y, darkest);
                    double high = part == 0 ? 0 : within(voxels, stacked, below + 1, x, y, darkest);
                    out[shape.index(x, y, z)] = (float) ((1 - part) * low + part * high);
                }
            }
        }
        return out;
    }

    /** The value of a slice at a place of the grid. */
    private double within(float[] voxels, Shape3 stacked, int slice, int x, int y, float outside) {
        double column = x - left[slice];
        double row = y - above[slice];
        int x0 = (int) Math.floor(column + SAME);
        int y0 = (int) Math.floor(row + SAME);
        double right = Math.max(0, column - x0);
        double down = Math.max(0, row - y0);
        right = right < SAME ? 0 : right;
        down = down < SAME ? 0 : down;
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            int at = x0 + i % 2;
            int to = y0 + i / 2;
            double weight = (i % 2 == 0 ? 1 - right : right) * (i / 2 == 0 ? 1 - down : down);
            if (weight > 0) {
                boolean inside = at >= 0 && to >= 0 && at < stacked.x() && to < stacked.y();
                sum += weight * (inside ? voxels[stacked.index(at, to, slice)] : outside);
            }
        }
        return sum;
    }
}
