package org.voco4j.pretext.contrast;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.pair.PairTask;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;

/**
 * Which two views show one place? A crop and another that overlaps it, each changed on its own, are to be told among all views
 * of the step (SimCLR, Chen et al., ICML 2020; the crops as nnssl cuts them): {@link NtXent}.
 *
 * <p>The projector's batch norm has the statistics of all views of the step.
 */
public final class SimClr extends PairTask<SimClr.Network> {
    /** How often a projected view's partner comes first among all views of the step. */
    static final String ACCURACY = "accuracy";
    /** {@link Partners#spread} of projected views. */
    static final String SPREAD = "spread";

    private final double temperature;

    /** The encoder, and a projector on its pooled features. */
    static final class Network extends EncoderWithHead {
        private final Head projector;

        Network(Encoder encoder, SimClrSettings.Projector sizes) {
            super(encoder);
            List<Head.Layer> layers = new ArrayList<>();
            for (int i = 1; i < sizes.layers(); i++) {
                layers.add(Head.Layer.hidden(sizes.hidden()));
            }
            layers.add(Head.Layer.linear(sizes.out(), true));
            projector = part("projector", new Head(PooledLevels.count(encoder), layers));
        }
    }

    SimClr(SimClrSettings settings, Setup setup) {
        super(
                setup,
                "simclr",
                new Pairs(
                        settings.pairs(),
                        PairedViews.shifted(settings.overlap()),
                        settings.augment(),
                        settings.augment()),
                encoder -> new Network(encoder, settings.projector()));
        temperature = settings.temperature();
    }

    @Override
    protected Loss lossOfPairs(Network network, Batch batch) {
        Chunks pooled = pooled(network, Tensor.concatenate(List.of(firsts(batch), seconds(batch)), 0));
        Tensor features = pooled.features();
        Tensor projected = network.projector.forward(features); // [2P, D]
        List<Tensor> contrast = NtXent.of(projected, temperature);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(ACCURACY, contrast.get(1));
        parts.put(PARTNER, Partners.found(features));
        parts.put(SPREAD, Partners.spread(projected));
        return new Loss(contrast.get(0), parts, pooled::backward);
    }
}
