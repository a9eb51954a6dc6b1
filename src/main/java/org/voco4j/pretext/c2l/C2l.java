package org.voco4j.pretext.c2l;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.pair.CutOut;
import org.voco4j.pretext.part.pair.KeyLoss;
import org.voco4j.pretext.part.pair.KeyQueue;
import org.voco4j.pretext.part.pair.Mixing;
import org.voco4j.pretext.part.pair.PairTask;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;

/**
 * Which key, made by a slow copy of the network, is that of a view, of a mixture of views, and of a mixture of features?
 *
 * <pre>
 *   q = g(f(x₁)), k = g'(f'(x₂));   q̃, k̃ of {@link Mixing mixed} x̃₁, x̃₂;   t = λ·k + (1 − λ)·k_π
 *   L = ⅓·[ C(q, k) + C(q̃, k̃) + C(q̃, t) ],   C: {@link KeyLoss} of the own key and the {@link KeyQueue}, all of length 1
 * </pre>
 *
 * <p>Each C puts its keys into the queue when it has been computed, as released, so the later ones see what theirs were mixed from.
 */
public final class C2l extends PairTask<C2l.Network> {
    static final String PLAIN = "plain";
    static final String MIXED_VIEWS = "mixedViews";
    static final String MIXED_FEATURES = "mixedFeatures";
    /** {@link Partners#spread} of q. */
    static final String SPREAD = "spread";

    private final C2lSettings settings;
    private final Network teacher;
    private final KeyQueue queue;
    private final Tensor norm; // Z of noise contrast, 0 before the first step

    /** f and g. */
    static final class Network extends EncoderWithHead {
        private final Head projector;

        Network(Encoder encoder, C2lSettings.Projector sizes) {
            super(encoder);
            Head.Layer last = Head.Layer.linear(sizes.out(), true);
            projector = part(
                    "projector",
                    new Head(
                            PooledLevels.count(encoder),
                            sizes.hidden() == 0 ? List.of(last) : List.of(Head.Layer.hidden(sizes.hidden()), last)));
        }
    }

    C2l(C2lSettings settings, Setup setup) {
        super(
                setup,
                "c2l",
                new Pairs(
                        settings.pairs(),
                        setup.volume().z() == 1
                                ? PairedViews.resized(settings.area())
                                : PairedViews.shifted(settings.overlap()),
                        settings.augment(),
                        settings.augment()),
                encoder -> new Network(encoder, settings.projector()));
        this.settings = settings;
        teacher = slowCopy(new Network(setup.encoder(), settings.projector()));
        queue = KeyQueue.drawn(settings.queue(), settings.projector().out(), setup.seed(), setup.device());
        keep("queue.", queue.state());
        norm = Tensor.zeros(DType.F64, 1).persist();
        keep("", Map.of("norm", norm));
    }

    @Override
    protected float[] finished(float[] view, SplittableRandom random) {
        return CutOut.of(view, setup().view(), settings.cuts(), random);
    }

    @Override
    protected Loss lossOfPairs(Network network, Batch batch) {
        Tensor x1 = firsts(batch);
        Tensor x2 = seconds(batch);
        Mixing mixing = Mixing.draw(Math.toIntExact(x1.size(0)), batch.draws().random());
        Chunks plain = pooled(network, x1); // apart, for encoders with batch norm
        Chunks mixed = pooled(network, mixing.of(x1));
        Tensor pooledPlain = plain.features();
        Tensor q = network.projector.forward(pooledPlain);
        Tensor mixedQ = network.projector.forward(mixed.features());
        Tensor pooledKeys;
        Tensor k;
        Tensor mixedK;
        try (NoGrad none = NoGrad.open()) {
            pooledKeys = pooled(teacher, x2).features();
            k = teacher.projector.forward(pooledKeys);
            mixedK = teacher.projector.forward(pooled(teacher, mixing.of(x2)).features());
        }
        List<Tensor> losses =
                losses(settings, queue, norm, List.of(q, mixedQ, mixedQ), List.of(k, mixedK, mixing.of(k)));
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(PLAIN, losses.get(0));
        parts.put(MIXED_VIEWS, losses.get(1));
        parts.put(MIXED_FEATURES, losses.get(2));
        parts.put(PARTNER, Partners.found(Tensor.concatenate(List.of(pooledPlain.detach(), pooledKeys), 0)));
        parts.put(SPREAD, Partners.spread(q));
        return new Loss(total(losses), parts, () -> {
            plain.backward();
            mixed.backward();
        });
    }

    /** C of queries and their keys, [P, D] each and of any length, one after another. */
    static List<Tensor> losses(
            C2lSettings settings, KeyQueue queue, Tensor norm, List<Tensor> queries, List<Tensor> keys) {
        return settings.loss().each(queue, settings.temperature(), settings.images(), norm, queries, keys);
    }

    /** L of the three C. */
    static Tensor total(List<Tensor> losses) {
        return losses.get(0).plus(losses.get(1)).plus(losses.get(2)).times(1.0 / 3);
    }

    /** The copy follows. */
    @Override
    public void afterStep(Batch batch) {
        MomentumTeacher.update(teacher, network(), settings.momentum());
    }

    /** The copy sees as many views as the network. */
    @Override
    public double flops() {
        return super.flops() * 4 / 3;
    }
}
