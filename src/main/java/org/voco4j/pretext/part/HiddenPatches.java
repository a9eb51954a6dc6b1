package org.voco4j.pretext.part;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Tensor;

/**
 * Which patches of crops are hidden: an order of their numbers [B, n], of which the first H are.
 *
 * @param grid patches along each of 2 or 3 axes
 * @param patches n
 * @param hidden H
 */
public record HiddenPatches(List<Integer> grid, int patches, int hidden) {

    /**
     * A share of a network's patches, rounded down.
     *
     * @param ratio the share, which recipes call {@code pretext.ratio}
     * @throws IllegalArgumentException if that is none
     */
    public static HiddenPatches of(MaskedAutoencoder network, double ratio) {
        int patches = network.count();
        int hidden = (int) (ratio * patches);
        if (hidden < 1) {
            throw new IllegalArgumentException("pretext.ratio " + ratio + " hides none of the " + patches
                    + " patches of a crop: smaller patches are more, by model.patch");
        }
        return new HiddenPatches(network.grid(), patches, hidden);
    }

    /** H' = n − H. */
    public int visible() {
        return patches - hidden;
    }

    /** Draws an order and puts it down, [n]. */
    public void draw(SplittableRandom random, FloatBuffer order) {
        for (int patch : TokenMask.order(random.doubles(patches).toArray())) {
            order.put(patch);
        }
    }

    /** The order that leaves patches where they are, as often as there are crops: [B, n]. */
    public Tensor unmoved(Tensor crops) {
        float[] order = new float[Math.toIntExact(crops.size(0) * patches)];
        for (int i = 0; i < order.length; i++) {
            order[i] = i % patches;
        }
        return Tensor.of(order, crops.size(0), patches).to(crops.device());
    }

    /** [B, n] → [B, H]. */
    public Tensor hidden(Tensor order) {
        return order.narrow(1, 0, hidden);
    }

    /** [B, n] → [B, H']. */
    public Tensor visible(Tensor order) {
        return order.narrow(1, hidden, visible());
    }

    /** Where each patch stands in an order, [B, n]. */
    private Tensor where(Tensor order) {
        float[] numbers = order.toFloats();
        float[] where = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            where[i / patches * patches + (int) numbers[i]] = i % patches;
        }
        return Tensor.of(where, order.shape()).to(order.device());
    }

    /** 1 for visible patches, 0 for hidden ones, for every voxel of the crops: [B, 1, X, Y, Z]. */
    private Tensor seen(Tensor order, Tensor crops) {
        float[] numbers = visible(order).toFloats();
        float[] seen = new float[Math.toIntExact(order.size(0) * patches)];
        for (int i = 0; i < numbers.length; i++) {
            seen[i / visible() * patches + (int) numbers[i]] = 1;
        }
        Tensor cells = Tensor.of(seen, order.size(0), grid.get(0), grid.get(1), grid.size() == 2 ? 1 : grid.get(2));
        return TokenMask.spread(cells.to(crops.device()), crops);
    }

    /**
     * Crops as a network sees them, as it restores them, and as they were, [B, 1, X, Y, Z] each.
     *
     * @param told what stands for hidden patches, [B, H, v]
     */
    public List<Tensor> restored(MaskedAutoencoder network, Tensor crops, Tensor order, Tensor told) {
        Tensor whole = Tensor.concatenate(List.of(told, network.patches(crops, visible(order))), 1);
        return List.of(crops.times(seen(order, crops)), network.crops(whole, where(order), crops), crops);
    }

    /**
     * Crops as they are guessed without learning, by name: the mean of what is seen of each, what is seen carried on into hidden patches from
     * their edges, and the mean of other scans.
     *
     * @param mean crops that the same draws make of the mean of other scans
     */
    public Map<String, Tensor> guesses(Tensor crops, Tensor order, Tensor mean) {
        Tensor seen = seen(order, crops);
        Tensor level = crops.times(seen).sumKeeping(2, 3, 4).over(seen.sumKeeping(2, 3, 4));
        Map<String, Tensor> guesses = new LinkedHashMap<>();
        guesses.put("mean", crops.times(0).plus(level));
        guesses.put("neighbours", TokenMask.filled(crops, seen));
        guesses.put("mean scan", mean);
        return guesses;
    }
}
