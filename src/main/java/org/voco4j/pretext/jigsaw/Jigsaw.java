package org.voco4j.pretext.jigsaw;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * In which of K orders do the cells of a region lie?
 *
 * <pre>
 *   f_j = N(relu(W₀·pooled_j + b₀))     of the piece at place j, N: batch norm over the puzzles, place by place
 *   l = W₃·relu(W₂·relu(W₁·[f_1 ‖ … ‖ f_m] + b₁) + b₂) + b₃     L = −mean log softmax(l)_k
 * </pre>
 */
public final class Jigsaw extends EncoderTask<Jigsaw.Network> {
    private static final String PIECES = "pieces"; // [P·m, X, Y, Z], puzzle after puzzle
    private static final String ORDERS = "orders"; // [P, K], one of each row 1
    private static final String ACCURACY = "accuracy";

    private final JigsawSettings settings;
    private final int[][] orders;

    /** The encoder, and what tells the order from its features of all pieces. */
    static final class Network extends EncoderWithHead {
        private final Linear piece;
        private final BatchNorm norm;
        private final Linear first;
        private final Linear second;
        private final Linear last;
        private final int cells;

        Network(Encoder encoder, int cells, int features, int hidden, int orders) {
            super(encoder);
            this.cells = cells;
            piece = part("jigsaw_piece.0", new Linear(PooledLevels.count(encoder), features));
            norm = part("jigsaw_piece.2", new BatchNorm(features));
            first = part("jigsaw_order.0", new Linear(cells * features, hidden));
            second = part("jigsaw_order.2", new Linear(hidden, hidden));
            last = part("jigsaw_order.4", new Linear(hidden, orders));
        }

        /** [B·m, Σ c], piece after piece of a puzzle → [B, K]. */
        Tensor logits(Tensor pooled) {
            Tensor pieces = piece.forward(pooled).relu();
            Tensor places = pieces.reshape(pieces.size(0) / cells, cells, pieces.size(1));
            List<Tensor> normed = new ArrayList<>();
            for (int j = 0; j < cells; j++) {
                normed.add(norm.forward(places.narrow(1, j, 1).reshape(places.size(0), places.size(2))));
            }
            Tensor all = Tensor.concatenate(normed, 1); // [B, m·features]
            return last.forward(second.forward(first.forward(all).relu()).relu());
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
        orders = Orders.of(settings.cells(), settings.orders());
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(PIECES, views()), new Block(ORDERS, List.of((long) settings.puzzles(), (long)
                settings.orders())));
    }

    @Override
    public int views() {
        return settings.puzzles() * settings.cells();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        FloatBuffer pieces = into.block(PIECES);
        FloatBuffer solutions = into.block(ORDERS);
        for (int p = 0; p < settings.puzzles(); p++) {
            SplittableRandom random = into.draws().at(p).random();
            Box region = RandomCrop.sample(scan.shape(), settings.region(), random);
            List<Box> cells = cells(region.shape()).drawn(region, random);
            int drawn = random.nextInt(orders.length);
            for (int cell : orders[drawn]) {
                pieces.put(view(scan, cells.get(cell)));
            }
            for (int k = 0; k < orders.length; k++) {
                solutions.put(k == drawn ? 1 : 0);
            }
        }
    }

    private Cells cells(Shape3 region) {
        Shape3 grid = settings.grid();
        return new Cells(grid, gap(region.x(), grid.x()), gap(region.y(), grid.y()), gap(region.z(), grid.z()));
    }

    private int gap(int edge, int cells) {
        int place = edge / cells;
        return (int) (settings.gap() * place);
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Tensor pieces = together(batch.block(PIECES)); // [B·P·m, 1, X, Y, Z]
        Tensor right = batch.block(ORDERS).reshape(-1, orders.length); // [B·P, K]
        Chunks pooled = pooled(network, pieces);
        Tensor logits = network.logits(pooled.features());
        return new Loss(
                CrossEntropy.of(logits, right), Map.of(ACCURACY, TopOne.share(logits, right)), pooled::backward);
    }

    @Override
    protected String measure() {
        return ACCURACY;
    }

    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        return Map.of("chance", 1.0 / orders.length);
    }
}
