package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Halves a map of tokens (Liu et al. 2021, §3.1): every block of 2 tokens along each axis becomes one of twice the features.
 *
 * <pre>  y = W·norm([x_1 … x_m])     W: m·C → 2C, no bias     m = 8, in two dimensions 4 </pre>
 *
 * <p>A size that is odd is padded with zeros at its end.
 */
public final class PatchMerging extends Module {

    /**
     * Which token of a block of 8 is x_1, which x_2, …: (x, y, z) offsets. The 4 of two dimensions have one order only.
     *
     * <p>All have the same weights by name and shape, so a file does not tell which one it was trained with.
     */
    public enum Order {
        /** MONAI's {@code merging} since 1.5 (January 2025). */
        MERGING("000 100 010 001 110 101 011 111"),
        /** MONAI's {@code mergingv2}. */
        MERGINGV2("000 001 010 011 100 101 110 111"),
        /**
         * MONAI's {@code merging} before 1.5, which takes two tokens twice and two not at all: that of weights trained before
         * 2025.
         */
        MERGING_BEFORE_1_5("000 100 010 001 101 010 001 111");

        private final String offsets;

        Order(String offsets) {
            this.offsets = offsets;
        }
    }

    private static final String PLANE = "000 100 010 110";

    private final String offsets;
    private final Linear reduction;
    private final LayerNorm norm;

    PatchMerging(int dims, int channels, Order order) {
        offsets = dims == 2 ? PLANE : order.offsets;
        int tokens = 1 << dims;
        reduction = part("reduction", new Linear(tokens * channels, 2 * channels, false));
        norm = part("norm", new LayerNorm(tokens * channels));
    }

    /** [B, X, Y, Z, C] → [B, ⌈X/2⌉, ⌈Y/2⌉, ⌈Z/2⌉, 2C]; in two dimensions Z = 1 stays. */
    Tensor forward(Tensor x) {
        long odd = offsets.equals(PLANE) ? 0 : x.size(3) % 2;
        Tensor even = Rearrange.padEnd(x, 0, odd, x.size(2) % 2, x.size(1) % 2);
        return reduction.forward(norm.forward(neighbours(even, offsets)));
    }

    /** The tokens of every block side by side: [B, X, Y, Z, C] → [B, X/2, Y/2, Z/2, m·C]. */
    static Tensor neighbours(Tensor x, Order order) {
        return neighbours(x, order.offsets);
    }

    private static Tensor neighbours(Tensor x, String offsets) {
        List<Tensor> neighbours = new ArrayList<>();
        for (String offset : offsets.split(" ")) {
            Tensor some = x;
            for (int axis = 0; axis < 3; axis++) {
                some = Rearrange.everySecond(some, axis + 1, offset.charAt(axis) - '0');
            }
            neighbours.add(some);
        }
        return Tensor.concatenate(neighbours, 4);
    }
}
