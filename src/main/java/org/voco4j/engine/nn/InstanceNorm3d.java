package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** Instance norm with scale γ (initially 1) and shift β (initially 0) per channel, ε = 1e-5. */
public final class InstanceNorm3d extends Module {
    private final Tensor weight;
    private final Tensor bias;

    /** A norm of C channels. */
    public InstanceNorm3d(int channels) {
        weight = weight("weight", channels);
        bias = weight("bias", channels);
    }

    /** [B, C, X, Y, Z] → the same shape. */
    public Tensor forward(Tensor x) {
        return Ops.instanceNorm(x, weight, bias, 1e-5);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.constant(weight, 1);
        initialiser.constant(bias, 0);
    }
}
