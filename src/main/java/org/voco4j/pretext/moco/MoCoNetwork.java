package org.voco4j.pretext.moco;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.FlatEncoder;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.part.SineCosine;

/**
 * f, g and h: the encoder, a projector on its pooled features, and for queries a predictor. Of a vision transformer the projection of patches
 * stays as it was drawn, and places are sines and cosines.
 */
final class MoCoNetwork extends EncoderWithHead {
    private static final String STEM = "vit.patch_embedding.";

    private final Head projector;
    private final @Nullable Head predictor;
    private final @Nullable UnetrEncoder frozen; // whose stem is

    /**
     * A network with untrained (zero) weights.
     *
     * @param predicts whether there is h
     * @throws IllegalArgumentException if a token's numbers cannot be sines and cosines
     */
    MoCoNetwork(Encoder encoder, MoCoSettings settings, boolean predicts) {
        super(encoder);
        int hidden = settings.projector().hidden();
        int out = settings.projector().out();
        List<Head.Layer> layers = new ArrayList<>();
        for (int i = 1; i < settings.projector().layers(); i++) {
            layers.add(Head.Layer.hidden(hidden));
        }
        layers.add(normed(out));
        projector = part("projector", new Head(PooledLevels.count(encoder), layers));
        Head.Layer last = settings.lastNorm() ? normed(out) : Head.Layer.linear(out, false);
        predictor = predicts ? part("predictor", new Head(out, List.of(Head.Layer.hidden(hidden), last))) : null;
        frozen = settings.freezeStem() && FlatEncoder.within(encoder) instanceof UnetrEncoder unetr ? unetr : null;
        if (frozen != null) {
            int multiple = SineCosine.multiple(frozen.positionGrid());
            if (frozen.tokenSize() % multiple != 0) {
                throw new IllegalArgumentException("pretext.freezeStem needs model.hiddenSize to be a multiple of "
                        + multiple + ", for places that are sines and cosines, not " + frozen.tokenSize());
            }
            weights().forEach((name, weight) -> {
                if (isFixed(name)) {
                    weight.requireGradient(false);
                }
            });
        }
    }

    private static Head.Layer normed(int width) {
        return new Head.Layer(width, false, Head.Norm.BATCH, false, false);
    }

    /** g of pooled features: [P, Σ c] → [P, D]. */
    Tensor projected(Tensor pooled) {
        return projector.forward(pooled);
    }

    /** h of what is projected. */
    Tensor predicted(Tensor projected) {
        return predictor == null ? projected : predictor.forward(projected);
    }

    @Override
    protected boolean isFixed(String weight) {
        return frozen != null && weight.startsWith(STEM);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        if (frozen != null) {
            Tensor table = frozen.transformer().positions();
            table.copyInPlace(Tensor.of(SineCosine.table(frozen.positionGrid(), frozen.tokenSize()), table.shape())
                    .to(DType.F32));
        }
    }
}
