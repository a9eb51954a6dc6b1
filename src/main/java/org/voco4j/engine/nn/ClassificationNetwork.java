package org.voco4j.engine.nn;

import java.util.List;
import org.voco4j.engine.tensor.Tensor;

/** A network that gives every scan a class: an {@link Encoder}, and a linear map of what its voxels have in the mean. */
public abstract class ClassificationNetwork extends Module {

    /** [B, C, X, Y(, Z)] → logits [B, K]. */
    public final Tensor forward(Tensor x) {
        return decode(encode(x));
    }

    /** The maps that the rest takes, for an encoder that runs on its own (frozen, without a graph). */
    public abstract List<Tensor> encode(Tensor x);

    /** Logits [B, K] from what {@link #encode} returned. */
    public abstract Tensor decode(List<Tensor> maps);

    /** What pre-training teaches; its weights have the names that they have here. */
    public abstract Encoder encoder();

    /** K. */
    public abstract int classes();

    /**
     * Whether it can take scans of this size.
     *
     * @param size voxels along each axis
     */
    public boolean takes(long... size) {
        return encoder().takes(size);
    }

    /** The mean over voxels: [B, C, X, Y(, Z)] → [B, C]. */
    protected static Tensor pooled(Tensor map) {
        return map.reshape(map.size(0), map.size(1), -1).mean(2);
    }

    /** The coarsest of an encoder's maps. */
    protected static Tensor coarsest(List<Tensor> levels) {
        return levels.get(levels.size() - 1);
    }
}
