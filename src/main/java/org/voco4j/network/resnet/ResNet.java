package org.voco4j.network.resnet;

import java.util.List;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Tensor;

/**
 * The residual network of He et al. (2016) in 2 or 3 dimensions for classification, as MONAI and MedicalNet (Chen et al.
 * 2019) have it.
 *
 * <pre>  logits = W·mean(h_L) + b      h_L: the coarsest level of {@link ResNetEncoder} </pre>
 *
 * <p>The classifier's weights are {@code fc.weight} and {@code fc.bias}. Initial law: the encoder's, W ~ U(−1/√C, 1/√C), b = 0.
 */
public final class ResNet extends ClassificationNetwork {
    private final ResNetEncoder encoder;
    private final Linear classifier;
    private final int classes;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param classes K
     */
    public ResNet(int dims, int in, ResNetForm form, int classes) {
        this.classes = classes;
        encoder = part("", new ResNetEncoder(dims, in, form));
        List<Integer> channels = encoder.channels();
        classifier = part("fc", Linear.withZeroBias(channels.get(channels.size() - 1), classes));
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor decode(List<Tensor> maps) {
        return classifier.forward(pooled(coarsest(maps))); // [B, c_L, …] → [B, c_L] → [B, K]
    }

    @Override
    public ResNetEncoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }
}
