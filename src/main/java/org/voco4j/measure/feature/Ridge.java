package org.voco4j.measure.feature;

/**
 * Ridge regression in closed form, on features standardised over the fitting samples:
 *
 * <pre>  W = argmin (1/N) |Y − ȳ − Z W|² + s |W|²
 *    = (ZᵀZ + s N I)⁻¹ Zᵀ(Y − ȳ)          primal, D x D
 *    = Zᵀ (ZZᵀ + s N I)⁻¹ (Y − ȳ)         dual, N x N </pre>
 *
 * <p>Z holds the N standardised samples; the mean ȳ is the intercept and is not penalised. Both forms give the same W; the smaller
 * system is solved, by Cholesky factors.
 */
public final class Ridge {
    private final double[] centre; // [D]
    private final double[] scale; // [D], 1/sd, 0 for a constant feature
    private final double[] intercept; // [T]
    private final double[][] residual; // [N][T]
    private final double[][] design; // Z, [N][D]
    private final boolean dual;
    private final double[][] gram; // ZᵀZ or ZZᵀ

    /**
     * Takes the samples; {@link #solve} fits them.
     *
     * @param x [N][D] features
     * @param y [N][T] targets
     * @throws IllegalArgumentException if there are no samples or x and y differ in number
     */
    public Ridge(double[][] x, double[][] y) {
        this(x, y, x.length > 0 && x[0].length > x.length);
    }

    Ridge(double[][] x, double[][] y, boolean dual) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException(
                    "ridge regression needs as many features as targets, not " + x.length + " and " + y.length);
        }
        this.dual = dual;
        centre = means(x);
        scale = new double[centre.length];
        for (double[] row : x) {
            for (int d = 0; d < scale.length; d++) {
                scale[d] += (row[d] - centre[d]) * (row[d] - centre[d]) / x.length;
            }
        }
        for (int d = 0; d < scale.length; d++) {
            double sd = Math.sqrt(scale[d]);
            scale[d] = sd > 1e-12 * (1 + Math.abs(centre[d])) ? 1 / sd : 0;
        }
        design = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            design[i] = standardised(x[i]);
        }
        intercept = means(y);
        residual = new double[y.length][intercept.length];
        for (int i = 0; i < y.length; i++) {
            for (int t = 0; t < intercept.length; t++) {
                residual[i][t] = y[i][t] - intercept[t];
            }
        }
        gram = dual ? Cholesky.gramOfRows(design) : Cholesky.gramOfRows(transposed(design));
    }

    /**
     * The fit with one strength s > 0, the penalty per sample.
     *
     * @throws IllegalArgumentException if the strength is not positive
     */
    public Model solve(double strength) {
        if (!(strength > 0)) {
            throw new IllegalArgumentException("the ridge strength must be positive, not " + strength);
        }
        double penalty = strength * design.length;
        double[][] weights; // [D][T]
        if (dual) {
            weights = productOfTransposed(design, Cholesky.solve(gram, penalty, residual));
        } else {
            weights = Cholesky.solve(gram, penalty, productOfTransposed(design, residual));
        }
        return new Model(this, weights);
    }

    /** A fitted linear map from features to targets. */
    public static final class Model {
        private final Ridge ridge;
        private final double[][] weights;

        private Model(Ridge ridge, double[][] weights) {
            this.ridge = ridge;
            this.weights = weights;
        }

        /** The targets predicted for one feature, [D] → [T]. */
        public double[] predict(double[] x) {
            double[] z = ridge.standardised(x);
            double[] y = ridge.intercept.clone();
            for (int d = 0; d < z.length; d++) {
                for (int t = 0; t < y.length; t++) {
                    y[t] += z[d] * weights[d][t];
                }
            }
            return y;
        }
    }

    private double[] standardised(double[] x) {
        if (x.length != centre.length) {
            throw new IllegalArgumentException("a feature of " + x.length + " numbers, expected " + centre.length);
        }
        double[] z = new double[x.length];
        for (int d = 0; d < x.length; d++) {
            z[d] = (x[d] - centre[d]) * scale[d];
        }
        return z;
    }

    private static double[] means(double[][] rows) {
        double[] means = new double[rows[0].length];
        for (double[] row : rows) {
            for (int d = 0; d < means.length; d++) {
                means[d] += row[d] / rows.length;
            }
        }
        return means;
    }

    private static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < columns.length; d++) {
                columns[d][i] = rows[i][d];
            }
        }
        return columns;
    }

    /** AᵀB of [N][D] and [N][T]: [D][T]. */
    private static double[][] productOfTransposed(double[][] a, double[][] b) {
        double[][] product = new double[a[0].length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int d = 0; d < product.length; d++) {
                for (int t = 0; t < b[i].length; t++) {
                    product[d][t] += a[i][d] * b[i][t];
                }
            }
        }
        return product;
    }
}
