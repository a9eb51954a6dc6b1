package org.voco4j.network;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Halves a map of tokens (Liu et al. 2021, §3.1): every block of 2x2x2 tokens of C features becomes one of 2C.
 *
 * <pre>  y = W·norm([x_1 … x_8])     W: 8C → 2C, no bias </pre>
 *
 * <p>A size that is odd is padded with zeros at its end.
 */
public final class PatchMerging extends Module {

    /**
     * Which token of a block is x_1, which x_2, …: (x, y, z) offsets.
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

    private final Order order;
    private final Linear reduction;
    private final LayerNorm norm;

    PatchMerging(int channels, Order order) {
        this.order = order;
        reduction = part("reduction", new Linear(8 * channels, 2 * channels, false));
        norm = part("norm", new LayerNorm(8 * channels));
    }

    /** [B, X, Y, Z, C] → [B, ⌈X/2⌉, ⌈Y/2⌉, ⌈Z/2⌉, 2C]. */
    Tensor forward(Tensor x) {
        Tensor even = Rearrange.padEnd(x, 0, x.size(3) % 2, x.size(2) % 2, x.size(1) % 2);
        return reduction.forward(norm.forward(neighbours(even, order)));
    }

    /** The tokens of every block side by side: [B, X, Y, Z, C] → [B, X/2, Y/2, Z/2, 8C]. */
    static Tensor neighbours(Tensor x, Order order) {
        List<Tensor> neighbours = new ArrayList<>();
        for (String offset : order.offsets.split(" ")) {
            Tensor some = x;
            for (int axis = 0; axis < 3; axis++) {
                some = Rearrange.everySecond(some, axis + 1, offset.charAt(axis) - '0');
            }
            neighbours.add(some);
        }
        return Tensor.concatenate(neighbours, 4);
    }
}
