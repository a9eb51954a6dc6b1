package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** x for x ≥ 0, a·x below, with one slope a for all channels that is learned, initially 0.25 (He et al. 2015). */
public final class PRelu extends Layer {
    private final Tensor weight = weight("weight", 1);

    /** [B, C, X, Y(, Z)] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        return Ops.parametricRelu(x, weight);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.constant(weight, 0.25);
    }
}
