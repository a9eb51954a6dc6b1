package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Batch norm (Ioffe and Szegedy 2015) per channel over samples and voxels, γ initially 1, β initially 0, ε = 1e-5.
 *
 * <pre>
 *   y = (x − μ)/√(σ² + ε)·γ + β
 *   training:  μ, σ² of this very batch (σ² biased); running ← 0.9·running + 0.1·(μ, σ² unbiased)
 *   else:      μ, σ² = running
 * </pre>
 *
 * <p>The running averages are buffers, {@code running_mean} (initially 0) and {@code running_var} (initially 1).
 */
public final class BatchNorm extends Norm {
    private static final double MOMENTUM = 0.1;
    private static final double EPSILON = 1e-5;

    private final Tensor weight;
    private final Tensor bias;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor batches;

    /** A norm of C channels. */
    public BatchNorm(int channels) {
        weight = weight("weight", channels);
        bias = weight("bias", channels);
        mean = buffer("running_mean", Tensor.zeros(weight.type(), channels));
        variance = buffer("running_var", Tensor.zeros(weight.type(), channels));
        batches = buffer("num_batches_tracked", Tensor.of(new long[] {0}));
    }

    /** [B, C, X, Y(, Z)] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        if (isTraining()) {
            InPlace.add(batches, 1);
        }
        return Ops.batchNorm(x, weight, bias, mean, variance, isTraining(), MOMENTUM, EPSILON);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.constant(weight, 1);
        initialiser.constant(bias, 0);
        initialiser.constant(mean, 0);
        initialiser.constant(variance, 1);
        initialiser.constant(batches, 0);
    }
}
