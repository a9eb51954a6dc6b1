package org.voco4j.measure.feature;

/** Cosines between features, cos(u, v) = u·v / (|u||v|); the cosine with a zero vector is 0. */
final class Cosines {
    private Cosines() {}

    /** Each row divided by its length; a zero row stays zero. */
    static float[][] unit(float[][] rows) {
        float[][] unit = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double length = Math.sqrt(dot(rows[i], rows[i]));
            unit[i] = new float[rows[i].length];
            for (int d = 0; d < rows[i].length && length > 0; d++) {
                unit[i][d] = (float) (rows[i][d] / length);
            }
        }
        return unit;
    }

    static double dot(float[] u, float[] v) {
        double sum = 0;
        for (int d = 0; d < u.length; d++) {
            sum += (double) u[d] * v[d];
        }
        return sum;
    }

    /** The products of one row with all rows of a table. */
    static double[] dots(float[] row, float[][] table) {
        double[] dots = new double[table.length];
        for (int i = 0; i < table.length; i++) {
            dots[i] = dot(row, table[i]);
        }
        return dots;
    }
}
