package org.voco4j.pretext.jigsaw;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.JoinedPieces;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * In which of K orders do the cells of a region lie?
 *
 * <pre>  l = W₃·relu(W₂·relu(W₁·f + b₁) + b₂) + b₃,   f of {@link JoinedPieces}     L = −mean log softmax(l)_k </pre>
 */
public final class Jigsaw extends EncoderTask<Jigsaw.Network> {
    private static final String PIECES = "pieces"; // [P·m, X, Y, Z], puzzle after puzzle
    private static final String ORDERS = "orders"; // [P, K], one of each row 1

    private final JigsawSettings settings;
    private final Puzzles puzzles;
    private final Choice orders;

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
                encoder -> new Network(
                        encoder, settings.cells(), settings.features(), settings.hidden(), settings.orders()));
        if (setup.samples() * settings.puzzles() < 2) {
            throw new IllegalArgumentException(
                    "jigsaw norms over the puzzles of a step: batch.volumes times pretext.puzzles must be at least 2");
        }
        this.settings = settings;
        puzzles = new Puzzles(settings.region(), settings.grid(), settings.gap(), settings.orders());
        orders = new Choice(settings.orders());
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(PIECES, views()), orders.block(ORDERS, settings.puzzles()));
    }

    @Override
    public int views() {
        return settings.puzzles() * settings.cells();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        FloatBuffer pieces = into.block(PIECES);
        for (int p = 0; p < settings.puzzles(); p++) {
            SplittableRandom random = into.draws().at(p).random();
            Puzzles.Puzzle puzzle = puzzles.draw(scan.shape(), random);
            for (Box piece : puzzle.pieces()) {
                pieces.put(view(scan, piece));
            }
            orders.put(puzzle.order(), into.block(ORDERS));
        }
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Tensor pieces = together(batch.block(PIECES)); // [B·P·m, 1, X, Y, Z]
        Chunks pooled = pooled(network, pieces);
        Tensor right = orders.together(batch.block(ORDERS));
        return orders.loss(network.logits(pooled.features()), right, pooled::backward);
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    /** Each piece where the mean of other scans is most like it; that knows where the region lies, which the network is not told. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Map<String, Double> numbers = new LinkedHashMap<>(orders.chance());
        Tensor pieces = together(batch.block(PIECES));
        Tensor others = together(mean.get().block(PIECES));
        Tensor right = orders.together(batch.block(ORDERS));
        numbers.put("mean scan", puzzles.matched(pieces, others, right, Distance::squared));
        return numbers;
    }
}
