package org.voco4j.pretext.unimiss;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.SupervisedContrast;

/** An encoder with DINO's head on its pooled levels. */
final class UniMissNetwork extends EncoderWithHead {
    private static final double EPSILON = 1e-5;

    private final Head head;

    /**
     * The head.
     *
     * <pre>  y = W·x/|x|,   x = perceptron of three maps with GELU,   W: rows of length 1 </pre>
     *
     * <p>Weights have the released code's names: {@code mlp.0}, {@code mlp.2}, {@code mlp.4}, {@code last_layer.weight_v}.
     */
    static final class Head extends Module {
        private static final String ROWS = "last_layer.weight_v";
        private static final double DEVIATION = 0.02;

        private final Perceptron mlp;
        private final Tensor rows;

        Head(int in, int hidden, int bottleneck, int out) {
            mlp = part("mlp", new Perceptron(Ops::gelu, in, hidden, hidden, bottleneck));
            rows = weight(ROWS, out, bottleneck);
        }

        /** [B, in] → [B, out]. */
        Tensor forward(Tensor x) {
            return Ops.linear(SupervisedContrast.unit(mlp.forward(x)), SupervisedContrast.unit(rows), null);
        }

        @Override
        protected void drawWeights(Initialiser initialiser) {
            initialiser.normal(ROWS, rows, DEVIATION);
        }
    }

    UniMissNetwork(Encoder encoder, UniMissSettings settings) {
        super(encoder);
        UniMissSettings.Projector sizes = settings.projector();
        head = part("head", new Head(PooledLevels.count(encoder), sizes.hidden(), sizes.bottleneck(), sizes.out()));
    }

    /**
     * [B, Σ c] → [B, K].
     *
     * <p>Pooled levels pass a batch norm of their own statistics first: they are nearly parallel, and without it all targets become alike.
     */
    Tensor outputs(Tensor pooled) {
        return head.forward(Ops.batchNorm(pooled, EPSILON));
    }
}
