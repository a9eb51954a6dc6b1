package org.voco4j.pretext.positionlabel;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;
import org.voco4j.volume.Shape3;

/**
 * Pairs of a crop's tokens, in either order and of a token with itself; where the one lies beside the other has a number.
 *
 * <pre>  ((Δx + gₓ − 1)·(2g_y − 1) + Δy + g_y − 1)·(2g_z − 1) + Δz + g_z − 1,   Δ = place of the first − place of the second </pre>
 *
 * @param tokens of a crop
 * @param most pairs of a crop: all there are, first ones outermost, or so many drawn
 */
record Pairs(Tokens tokens, int most) {
    /** The block of the pairs. */
    static final String BLOCK = "pairs";

    private static final int NUMBERS = 4; // of a pair: first, second, offset, 1 where both show the body

    /** Pairs of a crop. */
    int count() {
        return (int) Math.min(most, all());
    }

    private long all() {
        return (long) tokens.count() * tokens.count();
    }

    /** The number of offsets, Π(2g − 1). */
    int offsets() {
        Shape3 grid = tokens.grid();
        return (2 * grid.x() - 1) * (2 * grid.y() - 1) * (2 * grid.z() - 1);
    }

    /** The number of the offset between two tokens. */
    int offset(int first, int second) {
        int[] from = tokens.at(second);
        int[] to = tokens.at(first);
        int number = 0;
        for (int axis = 0; axis < 3; axis++) {
            int edge = tokens.grid().along(axis);
            number = number * (2 * edge - 1) + to[axis] - from[axis] + edge - 1;
        }
        return number;
    }

    /** Room for the pairs of a sample's crops. */
    PretextTask.Block block(int crops) {
        return new PretextTask.Block(BLOCK, List.of((long) crops, (long) count(), (long) NUMBERS));
    }

    /** Appends the pairs of a crop whose tokens show the body or not. */
    void put(boolean[] body, SplittableRandom random, FloatBuffer into) {
        boolean drawn = count() < all();
        for (int pair = 0; pair < count(); pair++) {
            int first = drawn ? random.nextInt(tokens.count()) : pair / tokens.count();
            int second = drawn ? random.nextInt(tokens.count()) : pair % tokens.count();
            into.put(first).put(second).put(offset(first, second));
            into.put(body[first] && body[second] ? 1 : 0);
        }
    }

    /**
     * What is said of pairs: the first half of the first token's features, beside the second half of the second's.
     *
     * @param rows of tokens, crop after crop, [B·n, C]
     * @param pairs [B, P, 4]
     * @return [B·P, 2·half]
     */
    Tensor sides(Tensor rows, Tensor pairs) {
        long crops = pairs.size(0);
        double[] starts = IntStream.range(0, (int) crops)
                .mapToDouble(crop -> (double) crop * tokens.count())
                .toArray();
        Tensor before = Tensor.of(starts, crops, 1, 1).to(pairs.device()); // rows of the crops before each
        Tensor numbers = pairs.narrow(2, 0, 2).to(DType.F64).plus(before).to(DType.I64); // [B, P, 2]
        int half = PlaceHead.half((int) rows.size(1));
        Tensor first =
                Rearrange.rows(rows.narrow(1, 0, half), numbers.narrow(2, 0, 1).reshape(-1));
        Tensor second = Rearrange.rows(
                rows.narrow(1, rows.size(1) - half, half),
                numbers.narrow(2, 1, 1).reshape(-1));
        return Tensor.concatenate(List.of(first, second), 1);
    }

    /** The numbers of the offsets, [B, P, 4] → [B·P, 1]. */
    static Tensor offsets(Tensor pairs) {
        return pairs.narrow(2, 2, 1).reshape(-1, 1);
    }

    /** 1 where a pair counts, else 0, [B, P, 4] → [B·P, 1]. */
    static Tensor counted(Tensor pairs) {
        return pairs.narrow(2, NUMBERS - 1, 1).reshape(-1, 1);
    }
}
