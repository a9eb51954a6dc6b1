package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Tensor;

/** A part of a network that makes one map of one map. */
public abstract class Layer extends Module {
    /** [B, C, X, Y(, Z)] → [B, D, …]. */
    public abstract Tensor forward(Tensor x);
}
