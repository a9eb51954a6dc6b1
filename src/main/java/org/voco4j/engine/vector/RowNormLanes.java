package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link RowNormKernel} over as many rows as a vector has lanes: number c of row r lies at c·lanes + r. */
final class RowNormLanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Rows that are taken together. */
    static final int ROWS = SPECIES.length();

    private RowNormLanes() {}

    private static FloatVector at(float[] values, int i) {
        return FloatVector.fromArray(SPECIES, values, i);
    }

    /** Of each row μ, then 1/√(σ² + ε). */
    static void moments(float[] x, int features, float epsilon, float[] mean, float[] factor) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int c = 0; c < features; c++) {
            sum = sum.add(at(x, c * ROWS));
        }
        FloatVector middle = sum.div(features);
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int c = 0; c < features; c++) {
            FloatVector apart = at(x, c * ROWS).sub(middle);
            squares = apart.fma(apart, squares);
        }
        middle.intoArray(mean, 0);
        FloatVector.broadcast(SPECIES, 1f)
                .div(squares.div(features).add(epsilon).sqrt())
                .intoArray(factor, 0);
    }

    /** x = (x − μ)·factor·γ + β. */
    static void apply(float[] x, int features, float[] mean, float[] factor, float[] gamma, float[] beta) {
        FloatVector middle = at(mean, 0);
        FloatVector scale = at(factor, 0);
        for (int c = 0; c < features; c++) {
            FloatVector y = at(x, c * ROWS).sub(middle).mul(scale);
            y.mul(gamma[c]).add(beta[c]).intoArray(x, c * ROWS);
        }
    }

    /** x = (x − μ)·factor; ofGamma += g·x; ofBeta += g; g = g·γ; of each row Σ g, then Σ g·x. */
    static void sums(
            float[] g,
            float[] x,
            int features,
            float[] mean,
            float[] factor,
            float[] gamma,
            float[] ofGamma,
            float[] ofBeta,
            float[] sums) {
        FloatVector middle = at(mean, 0);
        FloatVector scale = at(factor, 0);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector product = FloatVector.zero(SPECIES);
        for (int c = 0; c < features; c++) {
            int i = c * ROWS;
            FloatVector normed = at(x, i).sub(middle).mul(scale);
            FloatVector above = at(g, i);
            normed.intoArray(x, i);
            above.fma(normed, at(ofGamma, i)).intoArray(ofGamma, i);
            at(ofBeta, i).add(above).intoArray(ofBeta, i);
            FloatVector weighted = above.mul(gamma[c]);
            weighted.intoArray(g, i);
            sum = sum.add(weighted);
            product = weighted.fma(normed, product);
        }
        sum.intoArray(sums, 0);
        product.intoArray(sums, ROWS);
    }

    /** x = factor·(g − Σ g/C − x·Σ gx/C). */
    static void gradient(float[] g, float[] x, int features, float[] factor, float[] sums) {
        FloatVector scale = at(factor, 0);
        FloatVector mean = at(sums, 0).div(features);
        FloatVector tilt = at(sums, ROWS).div(features);
        for (int c = 0; c < features; c++) {
            int i = c * ROWS;
            at(g, i).sub(mean).sub(at(x, i).mul(tilt)).mul(scale).intoArray(x, i);
        }
    }
}
