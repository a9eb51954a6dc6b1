package org.voco4j.pretext.glmae;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.MaskedAutoencoder;
import org.voco4j.pretext.part.Perceptron;

/** A masked autoencoder, and what says of a crop's class token what the crop shows. */
final class GlMaeNetwork extends MaskedAutoencoder {
    private final Perceptron projector;
    private final @Nullable Perceptron
            predictor; // without centre and temperatures, what keeps the two from agreeing on one answer

    /**
     * A network with untrained (zero) weights.
     *
     * @throws IllegalArgumentException as {@link MaskedAutoencoder}
     */
    GlMaeNetwork(Encoder encoder, GlMaeSettings settings) {
        super(encoder, settings.form());
        int hidden = settings.projector().hidden();
        int out = settings.projector().out();
        projector = part("projector", new Perceptron(Ops::gelu, tokenSize(), hidden, hidden, out));
        predictor = settings.consistency() == Consistency.COSINE
                ? part("predictor", new Perceptron(Ops::gelu, out, hidden, out))
                : null;
    }

    /** The teacher's T of crops of which it sees all: [B, 1, X, Y, Z] and all numbers of patches [B, n] → [B, K]. */
    Tensor projected(Tensor crops, Tensor all) {
        return projected(encoded(crops, all));
    }

    private Tensor projected(Tensor encoded) {
        return projector.forward(
                encoded.narrow(1, encoded.size(1) - 1, 1).reshape(encoded.size(0), -1)); // the class token
    }

    /**
     * What is told of hidden patches, and the student's S.
     *
     * @param crops [B, 1, X, Y, Z]
     * @param hidden [B, H]
     * @param visible [B, V]
     * @return [B, H·v + K]
     */
    Tensor toldAndProjected(Tensor crops, Tensor hidden, Tensor visible) {
        Tensor encoded = encoded(crops, visible); // [B, V + 1, h]
        Tensor told = decoded(encoded, hidden, visible); // [B, H, v]
        Tensor projected = projected(encoded); // [B, K]
        Tensor said = predictor == null ? projected : predictor.forward(projected);
        return Tensor.concatenate(List.of(told.reshape(told.size(0), -1), said), 1);
    }
}
