package org.voco4j.corpus.verify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/**
 * Makes a {@link CoarseGrid} from the slices of a scan in stored order: where grid and lattice are parallel, row by row,
 * plane by plane, each voxel shared out among the blocks it reaches into.
 */
final class CoarseGridBuilder {
    private static final int MOST_BLOCKS = 1 << 22; // 4 m in each direction; a wrong spacing would ask for any number
    private static final double AIR_HU = -1024;
    private static final double STRAIGHT = 1e-3; // millimetres that an axis may stray per voxel
    private static final double FILLED = 0.999;
    private static final double FILLED_OBLIQUE = 0.5;
    private static final double BLOCK_MM = CoarseGrid.BLOCK_MM;

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

    private CoarseGridBuilder(Shape3 shape, Affine affine, int[] first, int[] size) {
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
    static @Nullable CoarseGridBuilder of(Shape3 shape, Affine affine) {
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
        return blocks > MOST_BLOCKS ? null : new CoarseGridBuilder(shape, affine, first, size);
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
                    sums[at + y * stride[along[1]] + x * stride[along[0]]] += shares[2][z][k] * plane[y * width + x];
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
