package org.voco4j.network.head;

import java.util.List;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Tensor;

/**
 * Any encoder for classification: one linear map of what the voxels of its coarsest level have in the mean.
 *
 * <pre>  logits = W·mean(h_L) + b </pre>
 *
 * <p>Nothing of this kind is published for the encoders that it is for, so the names are ours: the encoder's, and {@code
 * head.weight}, {@code head.bias}. Initial law: the encoder's, W ~ U(−1/√C, 1/√C), b = 0.
 */
public final class PooledClassifier extends ClassificationNetwork {
    private final Encoder encoder;
    private final Linear head;
    private final int classes;

    /**
     * A network around an encoder, with untrained (zero) weights.
     *
     * @param classes K
     */
    public PooledClassifier(Encoder encoder, int classes) {
        this.encoder = part("", encoder);
        this.classes = classes;
        List<Integer> channels = encoder.channels();
        head = part("head", Linear.withZeroBias(channels.get(channels.size() - 1), classes));
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor decode(List<Tensor> maps) {
        return head.forward(pooled(coarsest(maps))); // [B, c_L, …] → [B, c_L] → [B, K]
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }
}
