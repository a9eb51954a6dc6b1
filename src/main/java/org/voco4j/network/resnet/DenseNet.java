package org.voco4j.network.resnet;

import java.util.List;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Tensor;

/**
 * The densely connected network of Huang et al. (2017) in 2 or 3 dimensions for classification, as MONAI has it.
 *
 * <pre>  logits = W·mean(relu(h_L)) + b      h_L: the coarsest level of {@link DenseNetEncoder} </pre>
 *
 * <p>The classifier's weights are {@code class_layers.out.weight} and {@code class_layers.out.bias}. Initial law: the
 * encoder's, W ~ U(−1/√C, 1/√C), b = 0.
 */
public final class DenseNet extends ClassificationNetwork {
    private final DenseNetEncoder encoder;
    private final Linear classifier;
    private final int classes;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param classes K
     */
    public DenseNet(int dims, int in, DenseNetForm form, int classes) {
        this.classes = classes;
        encoder = part("", new DenseNetEncoder(dims, in, form));
        List<Integer> channels = encoder.channels();
        classifier = part("class_layers.out", Linear.withZeroBias(channels.get(channels.size() - 1), classes));
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor decode(List<Tensor> maps) {
        return classifier.forward(pooled(coarsest(maps).relu())); // [B, c_L, …] → [B, c_L] → [B, K]
    }

    @Override
    public DenseNetEncoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }
}
