package org.voco4j.network.head;

import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The projector: three linear layers with a norm and ReLU between them.
 *
 * <pre>  q = N₃(W₃·relu(N(W₂·relu(N(W₁·z)))))   </pre>
 *
 * <p>N is batch norm, where {@link Norm} says nothing else, with the statistics of the very batch, without scale, shift or running
 * averages, ε = 1e-5: as released. The paper (§3.2) says "a projector with linear layers" and no more, but without N every variant collapsed
 * in small experiments: pooled features of an untrained network are almost parallel. N₃, on the output, is not in
 * the released code; it removes what all crops share before angles are taken.
 *
 * <p>Because of batch norm a projected feature depends on what else is in its batch.
 */
public final class ProjectionHead extends Module {

    /** Where the projector normalises. */
    public enum Norm {
        /** Nowhere: the plain reading of the paper, which collapses. */
        NONE,
        /** After the two hidden layers, as released. */
        HIDDEN,
        /** After the hidden layers and on the output. */
        BATCH,
        /**
         * After the two hidden layers, each crop by itself over its own features: nnssl's "instance norm" of rows. What all crops share
         * stays.
         */
        LAYER
    }

    private static final double EPSILON = 1e-5;

    private final Norm norm;
    private final Layer layer1;
    private final Layer layer2;
    private final Layer layer3;

    /** A projector of {@code in} → {@code hidden} → {@code hidden} → {@code out} numbers. */
    public ProjectionHead(int in, int hidden, int out, Norm norm) {
        this.norm = norm;
        layer1 = part("layer1", new Layer(in, hidden));
        layer2 = part("layer2", new Layer(hidden, hidden));
        layer3 = part("layer3", new Layer(hidden, out));
    }

    /** [B, in] → [B, out]; with a batch norm, B ≥ 2. */
    public Tensor forward(Tensor pooled) {
        Tensor x = hidden(layer1, pooled); // [B, hidden]
        x = hidden(layer2, x); // [B, hidden]
        x = layer3.linear.forward(x); // [B, out]
        return norm == Norm.BATCH ? Ops.batchNorm(x, EPSILON) : x;
    }

    private Tensor hidden(Layer layer, Tensor x) {
        Tensor y = layer.linear.forward(x);
        return switch (norm) {
            case NONE -> y.relu();
            case HIDDEN, BATCH -> Ops.batchNorm(y, EPSILON).relu();
            case LAYER -> Ops.layerNorm(y, null, null, EPSILON).relu();
        };
    }

    /** One position of the published sequence; the linear map is its element 0. */
    private static final class Layer extends Module {
        final Linear linear;

        Layer(int in, int out) {
            linear = part("0", new Linear(in, out));
        }
    }
}
