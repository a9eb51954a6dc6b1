package org.voco4j.pretext.positionlabel;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.volume.Shape3;

/** The encoder, and what tells a token's place, and that of one beside another. */
final class PositionLabelNetwork extends EncoderWithHead {
    private static final String HEADS = "position_label";

    private final PlaceHead head;
    private final @Nullable PlaceHead relative;

    /**
     * A network with untrained (zero) weights.
     *
     * @param offsets of pairs; 0 where they are not told
     */
    PositionLabelNetwork(Encoder encoder, int places, int offsets) {
        super(encoder);
        head = part(HEADS, PlaceHead.absolute(deepestChannels(), places));
        relative = offsets == 0 ? null : part(HEADS + ".relative", PlaceHead.relative(deepestChannels(), offsets));
    }

    /** Voxels of the coarsest map along each axis. */
    static Shape3 grid(Setup setup) {
        return new PositionLabelNetwork(setup.encoder(), 1, 0).deepestShape(setup.view());
    }

    /** Tokens [N, C] → [N, places]. */
    Tensor logits(Tensor tokens) {
        return head.forward(tokens);
    }

    /** {@link Pairs#sides} → [N, offsets]; null where pairs are not told. */
    @Nullable
    PlaceHead relative() {
        return relative;
    }

    @Override
    protected boolean isTaught(String weight) {
        return !(encoder() instanceof TokenEncoder)
                || weight.startsWith(HEADS + ".")
                || (isInDeepest(weight) && !PlaceHead.isTable(weight));
    }

    @Override
    protected void afterDrawing() {
        weights().forEach((name, weight) -> {
            if (PlaceHead.isTable(name)) {
                weight.copyInPlace(Tensor.zeros(weight.type(), weight.shape()));
            }
        });
    }
}
