package org.voco4j.pretext.moco;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.DecayGroups;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.pair.InfoNce;
import org.voco4j.pretext.part.pair.PairTask;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;

/**
 * Which key, made by a slow copy of the network, is that of a view's partner?
 *
 * <pre>
 *   q = h(g(f(x))),  k = g'(f'(x))
 *   L = c(q₁, k₂) + c(q₂, k₁),   c = 2T·{@link InfoNce}
 *   f', g' ← m·(f', g') + (1 − m)·(f, g)
 * </pre>
 *
 * <p>Each side's batch norms have the statistics of its own views. The source's copy moves between queries and keys, by what the last step left;
 * here it moves at the end of that step, by the momentum of the next one, which is the same.
 */
public final class MoCo extends PairTask<MoCoNetwork> {
    /** How often a query's own key comes first among those of the step. */
    static final String ACCURACY = "accuracy";
    /** {@link Partners#spread} of the first views' g(f(x)). */
    static final String SPREAD = "spread";

    private static final double ALWAYS_BLURRED = 1; // the source, of first views
    private static final double SELDOM_BLURRED = 0.1; // of second ones
    private static final double SOLARISED = 0.2; // of second ones

    private final MoCoSettings settings;
    private final MoCoNetwork teacher;

    MoCo(MoCoSettings settings, Setup setup) {
        super(
                setup,
                "moco-v3",
                new Pairs(
                        settings.pairs(),
                        PairedViews.shifted(settings.overlap()),
                        settings.asymmetric() ? settings.augment().with(ALWAYS_BLURRED, 0) : settings.augment(),
                        settings.asymmetric()
                                ? settings.augment().with(SELDOM_BLURRED, SOLARISED)
                                : settings.augment()),
                encoder -> new MoCoNetwork(encoder, settings, true));
        this.settings = settings;
        teacher = slowCopy(new MoCoNetwork(setup.encoder(), settings, false));
    }

    @Override
    protected Loss lossOfPairs(MoCoNetwork network, Batch batch) {
        Tensor x1 = firsts(batch);
        Tensor x2 = seconds(batch);
        Chunks first = pooled(network, x1); // apart, for encoders with batch norm
        Chunks second = pooled(network, x2);
        Tensor pooledFirst = first.features();
        Tensor pooledSecond = second.features();
        Tensor z1 = network.projected(pooledFirst);
        Tensor q1 = network.predicted(z1);
        Tensor q2 = network.predicted(network.projected(pooledSecond));
        Tensor k1;
        Tensor k2;
        try (NoGrad none = NoGrad.open()) {
            k1 = teacher.projected(pooled(teacher, x1).features());
            k2 = teacher.projected(pooled(teacher, x2).features());
        }
        List<Tensor> found = loss(q1, q2, k1, k2, settings.temperature());
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(ACCURACY, found.get(1));
        parts.put(PARTNER, Partners.found(Tensor.concatenate(List.of(pooledFirst, pooledSecond), 0)));
        parts.put(SPREAD, Partners.spread(z1));
        return new Loss(found.get(0), parts, () -> {
            first.backward();
            second.backward();
        });
    }

    /** L of queries and keys, [P, D] each, and how often the own key comes first. */
    static List<Tensor> loss(Tensor q1, Tensor q2, Tensor k1, Tensor k2, double temperature) {
        List<Tensor> one = InfoNce.of(q1, k2, temperature);
        List<Tensor> other = InfoNce.of(q2, k1, temperature);
        return List.of(
                one.get(0).plus(other.get(0)).times(2 * temperature),
                one.get(1).plus(other.get(1)).times(0.5));
    }

    /** The copy follows, with the momentum of the step to come. */
    @Override
    public void afterStep(Batch batch) {
        double done = (batch.step() + 1) / (double) batch.steps();
        MomentumTeacher.update(teacher, network(), MomentumTeacher.momentum(settings.momentum(), done));
    }

    @Override
    public List<Group> trainable() {
        return DecayGroups.of(super.trainable().get(0).weights());
    }

    /** The copy sees all views once more. */
    @Override
    public double flops() {
        return super.flops() * 4 / 3;
    }
}
