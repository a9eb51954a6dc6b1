package org.voco4j.volume;

import java.util.Arrays;

/**
 * An affine map of 3-D space, p = A·(i, j, k, 1)ᵀ, from voxel indices to RAS+ millimetres.
 *
 * <p>RAS+ means that coordinates grow toward the patient's Right, Anterior and Superior side (the convention of NIfTI
 * and nibabel). The last row is always (0, 0, 0, 1).
 */
public final class Affine {
    private final double[] rows; // 3 x 4, row-major

    private Affine(double[] rows) {
        this.rows = rows;
    }

    /**
     * From the upper three rows, row-major.
     *
     * @throws IllegalArgumentException if there are not 12 finite numbers
     */
    public static Affine ofRows(double... rows) {
        if (rows.length != 12) {
            throw new IllegalArgumentException("an affine has 3 rows of 4 numbers, not " + rows.length + " numbers");
        }
        for (double value : rows) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("an affine must be finite, not " + Arrays.toString(rows));
            }
        }
        return new Affine(rows.clone());
    }

    /** Index = millimetre. */
    public static Affine identity() {
        return scaling(Spacing.isotropic(1));
    }

    /** Axis-aligned in RAS+ with the given spacing and the origin at voxel (0, 0, 0). */
    public static Affine scaling(Spacing mm) {
        return new Affine(new double[] {mm.x(), 0, 0, 0, 0, mm.y(), 0, 0, 0, 0, mm.z(), 0});
    }

    /** The shift by (x, y, z). */
    public static Affine translation(double x, double y, double z) {
        return new Affine(new double[] {1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z});
    }

    /** The entry in row 0…3 and column 0…3. */
    public double at(int row, int column) {
        return row == 3 ? (column == 3 ? 1 : 0) : rows[row * 4 + column];
    }

    /** A·B: first {@code other}, then this. */
    public Affine times(Affine other) {
        double[] product = new double[12];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                double sum = 0;
                for (int k = 0; k < 4; k++) {
                    sum += at(r, k) * other.at(k, c);
                }
                product[r * 4 + c] = sum;
            }
        }
        return new Affine(product);
    }

    /** Applies the map to a point. */
    public double[] apply(double x, double y, double z) {
        double[] point = new double[3];
        for (int r = 0; r < 3; r++) {
            point[r] = at(r, 0) * x + at(r, 1) * y + at(r, 2) * z + at(r, 3);
        }
        return point;
    }

    /** The determinant of the 3 x 3 part; 0 means that the map cannot be undone. */
    public double determinant() {
        return at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1))
                - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0))
                + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
    }

    /**
     * The map that undoes this one.
     *
     * @throws ArithmeticException if the map flattens space
     */
    public Affine inverse() {
        double det = determinant();
        if (det == 0 || !Double.isFinite(det)) {
            throw new ArithmeticException("this affine cannot be inverted: " + this);
        }
        double[] inverse = new double[12];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                int a = (c + 1) % 3;
                int b = (c + 2) % 3;
                int d = (r + 1) % 3;
                int e = (r + 2) % 3;
                inverse[r * 4 + c] = (at(a, d) * at(b, e) - at(a, e) * at(b, d)) / det;
            }
        }
        for (int r = 0; r < 3; r++) {
            for (int k = 0; k < 3; k++) {
                inverse[r * 4 + 3] -= inverse[r * 4 + k] * at(k, 3);
            }
        }
        return new Affine(inverse);
    }

    /** The length in millimetres of one voxel step along each axis. */
    public Spacing spacing() {
        double[] mm = new double[3];
        for (int c = 0; c < 3; c++) {
            mm[c] = Math.sqrt(at(0, c) * at(0, c) + at(1, c) * at(1, c) + at(2, c) * at(2, c));
        }
        return new Spacing(mm[0], mm[1], mm[2]);
    }

    /** The largest angle in degrees, 0 … 54.7, between a grid's axis and the patient's axis nearest to it. */
    public double obliquity() {
        double largest = 0;
        Spacing mm = spacing();
        for (int c = 0; c < 3; c++) {
            double nearest = Math.max(Math.abs(at(0, c)), Math.max(Math.abs(at(1, c)), Math.abs(at(2, c))));
            largest = Math.max(largest, Math.acos(Math.min(1, nearest / mm.along(c))));
        }
        return Math.toDegrees(largest);
    }

    /** The largest deviation in degrees of two axes of a grid from a right angle: a gantry's tilt. */
    public double tilt() {
        double largest = 0;
        Spacing mm = spacing();
        for (int c = 0; c < 3; c++) {
            int d = (c + 1) % 3;
            double dot = at(0, c) * at(0, d) + at(1, c) * at(1, d) + at(2, c) * at(2, d);
            largest = Math.max(largest, Math.asin(Math.min(1, Math.abs(dot) / (mm.along(c) * mm.along(d)))));
        }
        return Math.toDegrees(largest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Affine affine && Arrays.equals(rows, affine.rows);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rows);
    }

    @Override
    public String toString() {
        return Arrays.toString(rows);
    }
}
