package org.voco4j.measure.feature;

/** Positive definite systems (G + pI) X = B, solved by G + pI = LLᵀ with L lower triangular. */
final class Cholesky {
    private Cholesky() {}

    /** All products of the rows of A with each other, AAᵀ. */
    static double[][] gramOfRows(double[][] a) {
        double[][] gram = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < a[i].length; k++) {
                    sum += a[i][k] * a[j][k];
                }
                gram[i][j] = sum;
                gram[j][i] = sum;
            }
        }
        return gram;
    }

    /**
     * X of (G + pI) X = B.
     *
     * @param gram [m][m], symmetric and positive semidefinite
     * @param penalty p > 0
     * @param right B, [m][T]
     * @return [m][T]
     * @throws ArithmeticException if G + pI is not positive definite in double precision
     */
    static double[][] solve(double[][] gram, double penalty, double[][] right) {
        int size = gram.length;
        double[][] lower = factor(gram, penalty);
        double[][] x = new double[size][];
        for (int i = 0; i < size; i++) { // L Y = B
            x[i] = right[i].clone();
            for (int k = 0; k < i; k++) {
                subtract(x[i], lower[i][k], x[k]);
            }
            divide(x[i], lower[i][i]);
        }
        for (int i = size - 1; i >= 0; i--) { // Lᵀ X = Y
            for (int k = i + 1; k < size; k++) {
                subtract(x[i], lower[k][i], x[k]);
            }
            divide(x[i], lower[i][i]);
        }
        return x;
    }

    private static double[][] factor(double[][] gram, double penalty) {
        int size = gram.length;
        double[][] lower = new double[size][];
        for (int i = 0; i < size; i++) {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double sum = gram[i][j] + (i == j ? penalty : 0);
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new ArithmeticException("not positive definite with penalty " + penalty);
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        }
        return lower;
    }

    private static void subtract(double[] target, double times, double[] row) {
        for (int t = 0; t < target.length; t++) {
            target[t] -= times * row[t];
        }
    }

    private static void divide(double[] target, double by) {
        for (int t = 0; t < target.length; t++) {
            target[t] /= by;
        }
    }
}
