package org.voco4j.pretext.positionlabel;

import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Tells a token's place from the first half of its features.
 *
 * <pre>  l = W₃·(W₂·gelu(W₁·t + b₁) + b₂) + b₃,    C/2 → C/2 → C/4 → places </pre>
 */
final class PlaceHead extends Module {
    private final int half;
    private final Linear first;
    private final Linear second;
    private final Linear places;

    PlaceHead(int channels, int places) {
        half = Math.max(1, channels / 2);
        first = part("To2D.fc1", new Linear(half, half));
        second = part("To2D.fc2", new Linear(half, Math.max(1, channels / 4)));
        this.places = part("head_coordinate", new Linear(Math.max(1, channels / 4), places));
    }

    /** [N, C] → [N, places]. */
    Tensor forward(Tensor tokens) {
        return places.forward(second.forward(Ops.gelu(first.forward(tokens.narrow(1, 0, half)))));
    }

    /** Whether a weight of a transformer tells a token's place, or that beside another, without the image. */
    static boolean isTable(String weight) {
        return weight.endsWith("position_embeddings") || weight.endsWith("relative_position_bias_table");
    }
}
