package org.voco4j.network;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/** A network that gives every scan a class: an {@link Encoder}, and a linear map of what its voxels have in the mean. */
public abstract class ClassificationNetwork extends Module {

    /** [B, C, X, Y(, Z)] → logits [B, K]. */
    public abstract Tensor forward(Tensor x);

    /** What pre-training teaches; its weights have the names that they have here. */
    public abstract Encoder encoder();

    /** K. */
    public abstract int classes();

    /** The mean over voxels: [B, C, X, Y(, Z)] → [B, C]. */
    static Tensor pooled(Tensor map) {
        return map.reshape(map.size(0), map.size(1), -1).mean(2);
    }
}
