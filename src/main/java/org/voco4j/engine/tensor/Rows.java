package org.voco4j.engine.tensor;

import java.util.Arrays;

/** Matrices as arrays of rows, which is how features are measured. */
public final class Rows {
    private Rows() {}

    /** Rows of equal length as a [rows, columns] tensor. */
    public static Tensor toTensor(float[][] rows) {
        int columns = rows[0].length;
        float[] flat = new float[rows.length * columns];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, flat, r * columns, columns);
        }
        return Tensor.of(flat, rows.length, columns);
    }

    /** A copy of a [rows, columns] tensor. */
    public static float[][] of(Tensor matrix) {
        float[] flat = matrix.toFloats();
        int columns = Math.toIntExact(matrix.size(1));
        float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(flat, r * columns, (r + 1) * columns);
        }
        return rows;
    }
}
