package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** A norm of the channels of a map. */
public abstract class Norm extends Layer {
    /**
     * The norm, then a leaky ReLU.
     *
     * @param x [B, C, X, Y(, Z)], which nothing else needs: where no gradients are recorded the result may lie in its place
     * @param slope of the ReLU below 0
     * @return the same shape
     */
    public Tensor activated(Tensor x, double slope) {
        return Ops.leakyReluInPlace(forward(x), slope);
    }
}
