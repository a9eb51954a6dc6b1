package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * A linear layer with bias, y = x·Wᵀ + b.
 *
 * <p>Initial law, as PyTorch's: W and b ~ U(−1/√C, 1/√C).
 */
public final class Linear extends Module {
    private final Tensor weight;
    private final Tensor bias;

    /** A map of C to D numbers. */
    public Linear(int in, int out) {
        weight = weight("weight", out, in);
        bias = weight("bias", out);
    }

    /** [B, C] → [B, D]. */
    public Tensor forward(Tensor x) {
        return Ops.linear(x, weight, bias);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double bound = 1 / Math.sqrt((double) weight.size(1));
        initialiser.uniform("weight", weight, bound);
        initialiser.uniform("bias", bias, bound);
    }
}
