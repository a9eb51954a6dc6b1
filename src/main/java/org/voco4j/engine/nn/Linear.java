package org.voco4j.engine.nn;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * A linear layer, y = x·Wᵀ + b, with or without the bias b.
 *
 * <p>Initial law, as PyTorch's: W and b ~ U(−1/√C, 1/√C), unless b is to begin at 0.
 */
public final class Linear extends Module {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final boolean zeroBias;

    /** A map of C to D numbers with a bias. */
    public Linear(int in, int out) {
        this(in, out, true);
    }

    /** A map of C to D numbers. */
    public Linear(int in, int out, boolean withBias) {
        this(in, out, withBias, false);
    }

    /** A map of C to D numbers with a bias that begins at 0. */
    public static Linear withZeroBias(int in, int out) {
        return new Linear(in, out, true, true);
    }

    private Linear(int in, int out, boolean withBias, boolean zeroBias) {
        this.zeroBias = zeroBias;
        weight = weight("weight", out, in);
        bias = withBias ? weight("bias", out) : null;
    }

    /** […, C] → […, D]. */
    public Tensor forward(Tensor x) {
        return Ops.linear(x, weight, bias);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double bound = 1 / Math.sqrt((double) weight.size(1));
        initialiser.uniform("weight", weight, bound);
        if (bias != null && zeroBias) {
            initialiser.constant(bias, 0);
        } else if (bias != null) {
            initialiser.uniform("bias", bias, bound);
        }
    }
}
