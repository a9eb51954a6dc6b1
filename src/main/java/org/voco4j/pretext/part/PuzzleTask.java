package org.voco4j.pretext.part;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that put the pieces of a region in one of K orders, which is to be told.
 *
 * @param <N> the encoder, and what tells the order from its features of all pieces
 */
public abstract class PuzzleTask<N extends EncoderWithHead> extends EncoderTask<N> {
    /** Block [P·m, X, Y, Z]: the pieces, puzzle after puzzle. */
    protected static final String PIECES = "pieces";

    /** Block [P, K]: the order of each puzzle, one of each row 1. */
    protected static final String ORDERS = "orders";

    private final Puzzles puzzles;
    private final Choice orders;
    private final int count;

    /**
     * A task with freshly drawn weights.
     *
     * @param name of the method
     * @param count puzzles of a scan
     * @param made puts the head on the encoder, both without weights yet
     * @throws IllegalArgumentException if a step has a single puzzle, over which no head can norm
     */
    protected PuzzleTask(Setup setup, String name, Puzzles puzzles, int count, Function<Encoder, N> made) {
        super(setup, made);
        if (setup.samples() * count < 2) {
            throw new IllegalArgumentException(
                    name + " norms over the puzzles of a step: batch.volumes times pretext.puzzles must be at least 2");
        }
        this.puzzles = puzzles;
        this.count = count;
        orders = new Choice(puzzles.orders());
    }

    /** The orders to choose from. */
    protected final Choice orders() {
        return orders;
    }

    /** A piece as it is shown; what is done to it may be noted in further blocks. */
    protected float[] shown(float[] piece, Sample into, SplittableRandom random) {
        return piece;
    }

    /** How unlike a piece another one is, for solving puzzles by matching. */
    protected double distance(float[] piece, float[] other) {
        return Distance.squared(piece, other);
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(PIECES, views()), orders.block(ORDERS, count));
    }

    @Override
    public final int views() {
        return count * puzzles.cells();
    }

    @Override
    public final void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int p = 0; p < count; p++) {
            SplittableRandom random = into.draws().at(p).random();
            Puzzles.Puzzle puzzle = puzzles.draw(scan.shape(), random);
            orders.put(puzzle.order(), into.block(ORDERS));
            for (Box piece : puzzle.pieces()) {
                into.block(PIECES).put(shown(view(scan, piece), into, random));
            }
        }
    }

    @Override
    protected final String measure() {
        return Choice.ACCURACY;
    }

    /** Each piece where the mean of other scans is most like it; that knows where the region lies, which the network is not told. */
    @Override
    protected final Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Map<String, Double> numbers = new LinkedHashMap<>(orders.chance());
        Tensor pieces = together(batch.block(PIECES));
        Tensor others = together(mean.get().block(PIECES));
        Tensor right = orders.together(batch.block(ORDERS));
        numbers.put("mean scan", puzzles.matched(pieces, others, right, this::distance));
        return numbers;
    }
}
