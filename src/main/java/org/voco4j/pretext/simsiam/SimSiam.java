package org.voco4j.pretext.simsiam;

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
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.pair.PairTask;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;

/**
 * What would a view's partner be projected to?
 *
 * <pre>
 *   z = g(f(x)),  p = h(z)
 *   L = −½·[ mean cos(p₁, z₂) + mean cos(p₂, z₁) ],  no gradient through z there
 * </pre>
 *
 * <p>Each side's batch norms have the statistics of its own views.
 */
public final class SimSiam extends PairTask<SimSiam.Network> {
    /** {@link Partners#spread} of the first views' z. */
    static final String SPREAD = "spread";

    /** f, g and h. */
    static final class Network extends EncoderWithHead {
        private final Head projector;
        private final Head predictor;

        Network(Encoder encoder, SimSiamSettings settings) {
            super(encoder);
            int hidden = settings.projector().hidden();
            int out = settings.projector().out();
            projector = part(
                    "projector",
                    new Head(
                            PooledLevels.count(encoder),
                            List.of(
                                    Head.Layer.hidden(hidden),
                                    Head.Layer.hidden(hidden),
                                    new Head.Layer(out, false, Head.Norm.BATCH, false, false))));
            predictor = part(
                    "predictor",
                    new Head(out, List.of(Head.Layer.hidden(settings.predictor()), Head.Layer.linear(out, true))));
        }

        /** z of pooled features: [P, Σ c] → [P, D]. */
        Tensor projected(Tensor pooled) {
            return projector.forward(pooled);
        }

        /** p of z. */
        Tensor predicted(Tensor projected) {
            return predictor.forward(projected);
        }
    }

    SimSiam(SimSiamSettings settings, Setup setup) {
        super(
                setup,
                "simsiam",
                new Pairs(
                        settings.pairs(),
                        setup.volume().z() == 1
                                ? PairedViews.resized(settings.area())
                                : PairedViews.shifted(settings.overlap()),
                        settings.augment(),
                        settings.augment()),
                encoder -> new Network(encoder, settings));
    }

    @Override
    protected Loss lossOfPairs(Network network, Batch batch) {
        Chunks first = pooled(network, firsts(batch)); // apart, for encoders with batch norm
        Chunks second = pooled(network, seconds(batch));
        Tensor pooledFirst = first.features();
        Tensor pooledSecond = second.features();
        Tensor z1 = network.projected(pooledFirst);
        Tensor z2 = network.projected(pooledSecond);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(PARTNER, Partners.found(Tensor.concatenate(List.of(pooledFirst, pooledSecond), 0)));
        parts.put(SPREAD, Partners.spread(z1));
        return new Loss(loss(network.predicted(z1), network.predicted(z2), z1, z2), parts, () -> {
            first.backward();
            second.backward();
        });
    }

    /** L of p₁, p₂, z₁ and z₂, [P, D] each. */
    static Tensor loss(Tensor p1, Tensor p2, Tensor z1, Tensor z2) {
        return cosine(p1, z2.detach()).plus(cosine(p2, z1.detach())).times(-0.5);
    }

    private static Tensor cosine(Tensor a, Tensor b) {
        return SupervisedContrast.unit(a)
                .times(SupervisedContrast.unit(b))
                .sumKeeping(1)
                .mean();
    }
}
