package org.voco4j.pretext.positionlabel;

import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Tells a token's place, or that of one token beside another.
 *
 * <pre>  l = W₃·(W₂·gelu(W₁·t + b₁) + b₂) + b₃ </pre>
 */
final class PlaceHead extends Module {
    private final int in;
    private final Linear first;
    private final Linear second;
    private final Linear places;

    private PlaceHead(int in, int hidden, int between, int classes) {
        this.in = in;
        first = part("To2D.fc1", new Linear(in, hidden));
        second = part("To2D.fc2", new Linear(hidden, between));
        places = part("head_coordinate", new Linear(between, classes));
    }

    /** From the first half of a token's features: C/2 → C/2 → C/4 → places. */
    static PlaceHead absolute(int channels, int places) {
        int half = half(channels);
        return new PlaceHead(half, half, Math.max(1, channels / 4), places);
    }

    /** From half of the features of each of two tokens: C → C/2 → C/2 → offsets. */
    static PlaceHead relative(int channels, int offsets) {
        int half = half(channels);
        return new PlaceHead(2 * half, half, half, offsets);
    }

    /** C/2, what a token tells of a place. */
    static int half(int channels) {
        return Math.max(1, channels / 2);
    }

    /** [N, C or more] → [N, places or offsets]. */
    Tensor forward(Tensor rows) {
        return places.forward(second.forward(Ops.gelu(first.forward(rows.narrow(1, 0, in)))));
    }

    /** Whether a weight of a transformer tells a token's place, or that beside another, without the image. */
    static boolean isTable(String weight) {
        return weight.endsWith("position_embeddings") || weight.endsWith("relative_position_bias_table");
    }
}
