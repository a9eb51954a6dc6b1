package org.voco4j.pretext.jigsaw;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.JoinedPieces;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.PuzzleTask;
import org.voco4j.pretext.part.Puzzles;

/**
 * In which of K orders do the cells of a region lie?
 *
 * <pre>  l = W₃·relu(W₂·relu(W₁·f + b₁) + b₂) + b₃,   f of {@link JoinedPieces}     L = −mean log softmax(l)_k </pre>
 */
public final class Jigsaw extends PuzzleTask<Jigsaw.Network> {
    /** The encoder, and what tells the order from its features of all pieces. */
    static final class Network extends EncoderWithHead {
        private final JoinedPieces joined;
        private final Perceptron order;

        Network(Encoder encoder, int cells, int features, int hidden, int orders) {
            super(encoder);
            joined = part("jigsaw_piece", new JoinedPieces(cells, PooledLevels.count(encoder), features));
            order = part("jigsaw_order", new Perceptron(cells * features, hidden, hidden, orders));
        }

        /** [B·m, Σ c], piece after piece of a puzzle → [B, K]. */
        Tensor logits(Tensor pooled) {
            return order.forward(joined.forward(pooled));
        }
    }

    Jigsaw(JigsawSettings settings, Setup setup) {
        super(
                setup,
                "jigsaw",
                new Puzzles(settings.region(), settings.grid(), settings.gap(), settings.orders()),
                settings.puzzles(),
                encoder -> new Network(
                        encoder, settings.cells(), settings.features(), settings.hidden(), settings.orders()));
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Chunks pooled = pooled(network, together(batch.block(PIECES))); // [B·P·m, Σ c]
        Tensor right = orders().together(batch.block(ORDERS));
        return orders().loss(network.logits(pooled.features()), right, pooled::backward);
    }
}
