package org.voco4j.pretext;

import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/** A network that makes features of crops, as the gate sees the one of any method. */
public interface Embedding {
    /** All its weights. */
    Module network();

    /** [V, 1, X, Y, Z] → [V, c]: what is transferred, the mean of every level over its voxels. */
    Tensor pooled(Tensor crops);

    /** Whether the method makes features of its own from the pooled ones, {@link #projected}. */
    default boolean projects() {
        return false;
    }

    /** [V, c] → [V, d]. */
    default Tensor projected(Tensor pooled) {
        return pooled;
    }
}
