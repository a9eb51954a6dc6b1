package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.ActivatedNorm;
import org.voco4j.engine.tensor.Tensor;

/**
 * Group norm (Wu and He 2018) with scale γ (initially 1) and shift β (initially 0) per channel, ε = 1e-5.
 *
 * <p>With as many groups as channels it is instance norm.
 */
public final class GroupNorm extends Norm {
    private static final double EPSILON = 1e-5;

    private final Tensor weight;
    private final Tensor bias;
    private final int groups;

    /**
     * A norm of C channels in groups of neighbours.
     *
     * @throws IllegalArgumentException if the channels cannot be shared out evenly
     */
    public GroupNorm(int channels, int groups) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(channels + " channels cannot form " + groups + " equal groups");
        }
        this.groups = groups;
        weight = weight("weight", channels);
        bias = weight("bias", channels);
    }

    /** [B, C, X, Y(, Z)] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        return norm(1).of(x, null);
    }

    @Override
    public Tensor activated(Tensor x, double slope) {
        return norm(slope).over(x, null);
    }

    private ActivatedNorm norm(double slope) {
        return new ActivatedNorm(groups, weight, bias, EPSILON, slope);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.constant(weight, 1);
        initialiser.constant(bias, 0);
    }
}
