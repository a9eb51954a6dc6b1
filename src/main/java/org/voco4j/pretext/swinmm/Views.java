package org.voco4j.pretext.swinmm;

import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.TokenMask;

/**
 * What is done to all crops of a step alike: which cells of the first view of each are hidden, which of the second, and which axes are
 * exchanged to make a third and a fourth view of both.
 *
 * @param first cells of the first view, row by row, 1 where hidden
 * @param second likewise
 * @param firstSwap the axis that x is exchanged with, 1 (y) or 2 (z)
 * @param secondSwap likewise
 */
record Views(float[] first, float[] second, int firstSwap, int secondSwap) {

    /**
     * Draws.
     *
     * @param cells along each axis
     * @param hidden their share
     */
    static Views draw(int cells, double hidden, SplittableRandom random) {
        long count = (long) cells * cells * cells;
        return new Views(
                TokenMask.draw(random.doubles(count).toArray(), hidden),
                TokenMask.draw(random.doubles(count).toArray(), hidden),
                1 + random.nextInt(2),
                1 + random.nextInt(2));
    }

    /** What is hidden of crops [B, 1, X, Y, Z] of the first view, or the second: [1, 1, X, Y, Z], 1 where hidden. */
    Tensor mask(int view, Tensor crops) {
        float[] hidden = view == 0 ? first : second;
        long cells = Math.round(Math.cbrt(hidden.length));
        Tensor map = Tensor.of(hidden, 1, cells, cells, cells).to(crops.type()).to(crops.device());
        return TokenMask.spread(map, crops);
    }

    /** Crops [B, 1, X, Y, Z] of the first view, or the second, with its axes exchanged; done twice they are as they were. */
    Tensor swapped(int view, Tensor crops) {
        return swapped(crops, view == 0 ? firstSwap : secondSwap);
    }

    /** Crops with x and another axis exchanged, 1 (y) or 2 (z). */
    static Tensor swapped(Tensor crops, int with) {
        return with == 1 ? Rearrange.permute(crops, 0, 1, 3, 2, 4) : Rearrange.permute(crops, 0, 1, 4, 3, 2);
    }
}
