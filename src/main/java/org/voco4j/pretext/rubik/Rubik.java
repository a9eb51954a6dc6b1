package org.voco4j.pretext.rubik;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
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
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.JoinedPieces;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.PuzzleTask;
import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Shape3;

/**
 * In which of K orders do the pieces of a region lie, and which of them are turned about x, about z, or masked?
 *
 * <pre>
 *   L = ½(CE(order) + BCE(x) + BCE(z)),   with masks   L = CE(order) + BCE(x) + BCE(z) + BCE(masked)
 * </pre>
 *
 * <p>Each head is a perceptron on the {@link JoinedPieces}; a flag belongs to the place, not to the cell that lies there.
 */
public final class Rubik extends PuzzleTask<Rubik.Network> {
    static final String TURNED_X = "turnedX";
    static final String TURNED_Z = "turnedZ";
    private static final String MASKED = "masked";

    private final RubikSettings settings;

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
        super(
                setup,
                "rubik",
                new Puzzles(settings.region(), settings.grid(), settings.gap(), settings.orders()),
                settings.puzzles(),
                encoder -> new Network(encoder, settings));
        this.settings = settings;
    }

    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>(super.blocks());
        for (String flag : network().flags.keySet()) {
            blocks.add(new Block(flag, List.of((long) settings.puzzles(), (long) settings.cells())));
        }
        return blocks;
    }

    @Override
    protected float[] shown(float[] piece, Sample into, SplittableRandom random) {
        Twist twist = Twist.of(random.nextDouble());
        float[] shown = twist.apply(piece, setup().view());
        into.block(TURNED_X).put(twist == Twist.X ? 1 : 0);
        into.block(TURNED_Z).put(twist == Twist.Z ? 1 : 0);
        if (settings.mask()) {
            boolean masked = random.nextBoolean();
            into.block(MASKED).put(masked ? 1 : 0);
            if (masked) {
                hide(shown, random);
            }
        }
        return shown;
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
        Loss loss = loss(network.logits(pooled.features()), orders(), batch::block);
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

    /** How little a piece is like another one, turned any way. */
    @Override
    protected double distance(float[] a, float[] b) {
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
