package org.voco4j.engine.vector;

import java.util.Arrays;

/**
 * Layer norm of rows of C features, and its way back.
 *
 * <pre>
 *   y = x̂γ + β     x̂ = (x − μ)/√(σ² + ε)     μ, σ² (biased) of the row
 *   ∂x = (gγ − mean(gγ) − x̂·mean(gγ·x̂))/√(σ² + ε)     ∂γ = Σ g·x̂     ∂β = Σ g     over all rows
 * </pre>
 *
 * <p>Rows are few numbers long, so a vector takes one number each of several of them. The numbers are the same for any threads.
 */
public final class RowNormKernel {
    private static final int SLICE = 2048; // rows of one sum, whatever the threads

    private final int features;
    private final float[] gamma;
    private final float[] beta;
    private final float epsilon;

    /** A norm of rows of as many features as γ and β have. */
    public RowNormKernel(float[] gamma, float[] beta, double epsilon) {
        this.features = gamma.length;
        this.gamma = gamma.clone();
        this.beta = beta.clone();
        this.epsilon = (float) epsilon;
    }

    /** Writes y. */
    public void forward(Numbers x, Numbers y, int threads) {
        Shares.run(slices(x), threads, () -> {
            Rows rows = new Rows();
            return slice -> rows.inSlice(x.count(), slice, (from, count) -> {
                rows.read(x, from, count, rows.x);
                RowNormLanes.moments(rows.x, features, epsilon, rows.mean, rows.factor);
                RowNormLanes.apply(rows.x, features, rows.mean, rows.factor, gamma, beta);
                rows.write(rows.x, y, from, count);
            });
        });
    }

    /**
     * Writes ∂x.
     *
     * @param gradient ∂y
     * @return ∂γ, then ∂β
     */
    public float[][] backward(Numbers x, Numbers gradient, Numbers ofX, int threads) {
        float[][] ofGamma = new float[slices(x)][];
        float[][] ofBeta = new float[slices(x)][];
        Shares.run(slices(x), threads, () -> {
            Rows rows = new Rows();
            return slice -> {
                float[] gammas = new float[features * RowNormLanes.ROWS];
                float[] betas = new float[features * RowNormLanes.ROWS];
                rows.inSlice(x.count(), slice, (from, count) -> {
                    rows.read(x, from, count, rows.x);
                    rows.read(gradient, from, count, rows.g);
                    RowNormLanes.moments(rows.x, features, epsilon, rows.mean, rows.factor);
                    RowNormLanes.sums(
                            rows.g, rows.x, features, rows.mean, rows.factor, gamma, gammas, betas, rows.sums);
                    RowNormLanes.gradient(rows.g, rows.x, features, rows.factor, rows.sums);
                    rows.write(rows.x, ofX, from, count);
                });
                ofGamma[slice] = gammas;
                ofBeta[slice] = betas;
            };
        });
        return new float[][] {total(ofGamma), total(ofBeta)};
    }

    private int slices(Numbers x) {
        int slice = SLICE * features;
        return (x.count() + slice - 1) / slice;
    }

    private float[] total(float[][] slices) {
        float[] total = new float[features];
        for (int c = 0; c < features; c++) {
            double sum = 0;
            for (float[] slice : slices) {
                for (int r = 0; r < RowNormLanes.ROWS; r++) {
                    sum += slice[c * RowNormLanes.ROWS + r];
                }
            }
            total[c] = (float) sum;
        }
        return total;
    }

    private interface Visit {
        void rows(int from, int count);
    }

    /** Room of one thread. */
    private final class Rows {
        final float[] x = new float[features * RowNormLanes.ROWS];
        final float[] g = new float[features * RowNormLanes.ROWS];
        final float[] mean = new float[RowNormLanes.ROWS];
        final float[] factor = new float[RowNormLanes.ROWS];
        final float[] sums = new float[2 * RowNormLanes.ROWS];
        private final float[] memory = new float[features * RowNormLanes.ROWS];
        private short[] room = {};

        void inSlice(int all, int slice, Visit visit) {
            int end = Math.min(all, (slice + 1) * SLICE * features);
            for (int from = slice * SLICE * features; from < end; from += memory.length) {
                visit.rows(from, Math.min(memory.length, end - from));
            }
        }

        /** Rows as they lie in memory, so that a vector has one number of each; rows that are not there are zero. */
        void read(Numbers numbers, int from, int count, float[] into) {
            if (room.length < memory.length) {
                room = numbers.room(memory.length);
            }
            numbers.get(from, memory, count, room);
            Arrays.fill(memory, count, memory.length, 0);
            for (int r = 0; r < RowNormLanes.ROWS; r++) {
                for (int c = 0; c < features; c++) {
                    into[c * RowNormLanes.ROWS + r] = memory[r * features + c];
                }
            }
        }

        void write(float[] values, Numbers into, int from, int count) {
            for (int r = 0; r < RowNormLanes.ROWS; r++) {
                for (int c = 0; c < features; c++) {
                    memory[r * features + c] = values[c * RowNormLanes.ROWS + r];
                }
            }
            into.put(from, memory, count, room);
        }
    }
}
