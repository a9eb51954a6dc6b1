package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** Layer norm (Ba et al. 2016) over the last dimension with scale γ (initially 1) and shift β (initially 0), ε = 1e-5. */
public final class LayerNorm extends Module {
    private static final double EPSILON = 1e-5;

    private final Tensor weight;
    private final Tensor bias;

    /** A norm of C features. */
    public LayerNorm(int features) {
        weight = weight("weight", features);
        bias = weight("bias", features);
    }

    /** […, C] → the same shape. */
    public Tensor forward(Tensor x) {
        return Ops.layerNorm(x, weight, bias, EPSILON);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.constant(weight, 1);
        initialiser.constant(bias, 0);
    }
}
