package org.voco4j.pretext.rubik;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.network.loss.BinaryCrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.JoinedPieces;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * In which of K orders do the pieces of a region lie, and which of them are turned about x, about z, or masked?
 *
 * <pre>
 *   L = ½(CE(order) + BCE(x) + BCE(z)),   with masks   L = CE(order) + BCE(x) + BCE(z) + BCE(masked)
 * </pre>
 *
 * <p>Each head is a perceptron on the {@link JoinedPieces}; a flag belongs to the place, not to the cell that lies there.
 */
public final class Rubik extends EncoderTask<Rubik.Network> {
    static final String TURNED_X = "turnedX";
    static final String TURNED_Z = "turnedZ";
    private static final String MASKED = "masked";
    private static final String PIECES = "pieces"; // [P·m, X, Y, Z], puzzle after puzzle
    private static final String ORDERS = "orders"; // [P, K], one of each row 1

    private final RubikSettings settings;
    private final Puzzles puzzles;
    private final Choice orders;

    /** The encoder, and what tells the order and the flags from its features of all pieces. */
    static final class Network extends EncoderWithHead {
        private final JoinedPieces joined;
        private final Perceptron order;
        private final Map<String, Perceptron> flags = new LinkedHashMap<>(); // [P, m] each

        Network(Encoder encoder, RubikSettings settings) {
            super(encoder);
            int cells = settings.cells();
            int all = cells * settings.features();
            int hidden = settings.hidden();
            joined = part("rubik_piece", new JoinedPieces(cells, PooledLevels.count(encoder), settings.features()));
            order = part("rubik_order", new Perceptron(all, hidden, hidden, settings.orders()));
            flags.put(TURNED_X, part("rubik_turned_x", new Perceptron(all, hidden, cells)));
            flags.put(TURNED_Z, part("rubik_turned_z", new Perceptron(all, hidden, cells)));
            if (settings.mask()) {
                flags.put(MASKED, part("rubik_masked", new Perceptron(all, hidden, cells)));
            }
        }

        /** [B·m, Σ c], piece after piece of a puzzle → of the order [B, K], and of each flag by its name [B, m]. */
        Map<String, Tensor> logits(Tensor pooled) {
            Tensor all = joined.forward(pooled);
            Map<String, Tensor> logits = new LinkedHashMap<>();
            logits.put(ORDERS, order.forward(all));
            flags.forEach((name, head) -> logits.put(name, head.forward(all)));
            return logits;
        }
    }

    Rubik(RubikSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, settings));
        if (setup.samples() * settings.puzzles() < 2) {
            throw new IllegalArgumentException(
                    "rubik norms over the puzzles of a step: batch.volumes times pretext.puzzles must be at least 2");
        }
        this.settings = settings;
        puzzles = new Puzzles(settings.region(), settings.grid(), settings.gap(), settings.orders());
        orders = new Choice(settings.orders());
    }

    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(crops(PIECES, views()));
        blocks.add(orders.block(ORDERS, settings.puzzles()));
        for (String flag : network().flags.keySet()) {
            blocks.add(new Block(flag, List.of((long) settings.puzzles(), (long) settings.cells())));
        }
        return blocks;
    }

    @Override
    public int views() {
        return settings.puzzles() * settings.cells();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int p = 0; p < settings.puzzles(); p++) {
            SplittableRandom random = into.draws().at(p).random();
            Puzzles.Puzzle puzzle = puzzles.draw(scan.shape(), random);
            orders.put(puzzle.order(), into.block(ORDERS));
            for (Box box : puzzle.pieces()) {
                Twist twist = Twist.of(random.nextDouble());
                float[] piece = twist.apply(view(scan, box), setup().view());
                into.block(TURNED_X).put(twist == Twist.X ? 1 : 0);
                into.block(TURNED_Z).put(twist == Twist.Z ? 1 : 0);
                if (settings.mask()) {
                    boolean masked = random.nextBoolean();
                    into.block(MASKED).put(masked ? 1 : 0);
                    if (masked) {
                        hide(piece, random);
                    }
                }
                into.block(PIECES).put(piece);
            }
        }
    }

    /** Puts 0 in place of half the voxels, each on its own. */
    static void hide(float[] piece, RandomGenerator random) {
        for (int i = 0; i < piece.length; i++) {
            piece[i] = random.nextDouble() > 0.5 ? piece[i] : 0;
        }
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Chunks pooled = pooled(network, together(batch.block(PIECES)));
        Loss loss = loss(network.logits(pooled.features()), orders, batch::block);
        return new Loss(loss.total(), loss.parts(), pooled::backward);
    }

    /**
     * The loss, and how well each part is told.
     *
     * @param logits [B, K] of the order, [B, m] of each flag
     * @param truth by the same names, [S, P, K] and [S, P, m] with S·P = B
     */
    static Loss loss(Map<String, Tensor> logits, Choice orders, Function<String, Tensor> truth) {
        Map<String, Tensor> parts = new LinkedHashMap<>();
        List<Tensor> losses = new ArrayList<>();
        logits.forEach((name, told) -> {
            Tensor right = truth.apply(name).reshape(told.shape());
            if (name.equals(ORDERS)) {
                Loss order = orders.loss(told, right, () -> {});
                losses.add(order.total());
                parts.putAll(order.parts());
            } else {
                losses.add(BinaryCrossEntropy.of(told, right));
                parts.put(name, Flags.balancedAccuracy(told, right));
            }
        });
        Tensor sum = Rearrange.stack(losses).sum();
        return new Loss(logits.containsKey(MASKED) ? sum : sum.times(0.5), parts);
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    /** Each piece where the mean of other scans, turned any way, is most like it; that knows where the region lies. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Map<String, Double> numbers = new LinkedHashMap<>(orders.chance());
        Tensor pieces = together(batch.block(PIECES));
        Tensor others = together(mean.get().block(PIECES));
        Tensor right = orders.together(batch.block(ORDERS));
        numbers.put("mean scan", puzzles.matched(pieces, others, right, this::distance));
        return numbers;
    }

    /** How little a piece is like another one, turned any way. */
    private double distance(float[] a, float[] b) {
        Shape3 view = setup().view();
        float[] turned = Twist.X.apply(b, view);
        return Stream.of(b, turned, Twist.Z.apply(b, view), Twist.Z.apply(turned, view))
                .mapToDouble(other -> settings.mask() ? meanOfSeen(a, other) : Distance.squared(a, other))
                .min()
                .orElseThrow();
    }

    /** The mean of (a − b)² where neither is 0: masks, which are the same in both batches, may not tell. */
    static double meanOfSeen(float[] a, float[] b) {
        double sum = 0;
        int seen = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] != 0 && b[i] != 0) {
                sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
                seen++;
            }
        }
        return sum / Math.max(1, seen);
    }
}
