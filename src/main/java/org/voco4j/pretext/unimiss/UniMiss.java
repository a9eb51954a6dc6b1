package org.voco4j.pretext.unimiss;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.DecayGroups;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.TargetEntropy;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.PartnerTask;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.pretext.part.pair.Slab;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * What does a crop show, in the words of a slow copy of the network that sees another crop of its place, or slices of that one?
 *
 * <pre>  L = ce(V_s, V_t) + ce(Z_s, V_t) + ce(Z_s, Z_t) + ce(V_s, Z_t)      ce: {@link Centred} </pre>
 *
 * <p>V are outputs of crops, Z means of those of their slices, of the student s and the teacher t.
 */
public final class UniMiss extends PartnerTask<UniMissNetwork> {
    static final String CROP = "crop";
    /** The entropy of the mean target, as a share of the largest: 0 where all crops are told to be the same one thing. */
    static final String SPREAD = "meanTargetEntropy";
    /** The mean entropy of targets: 1 where none is told apart from any other. */
    static final String ENTROPY = "targetEntropy";

    private static final List<String> VIEWS = List.of("first", "second"); // [K, X, Y, Z]
    private static final String SLICES = "Slices"; // [K·m, X, Y, Z]

    private final UniMissSettings settings;
    private final PairedViews.Law law;
    private final Centred centred;
    private final UniMissNetwork teacher;
    private final Tensor centre; // c, [K]

    UniMiss(UniMissSettings settings, Setup setup) {
        super(setup, encoder -> new UniMissNetwork(encoder, settings));
        PairedViews.requireTwo(
                "unimiss", settings.pairs() * setup.samples(), "the teacher's centre would be what it says of one");
        this.settings = settings;
        law = PairedViews.shifted(settings.overlap());
        centred = new Centred(
                settings.temperature().teacher(), settings.temperature().student(), settings.centre());
        teacher = slowCopy(new UniMissNetwork(setup.encoder(), settings));
        centre = Tensor.zeros(DType.F32, settings.projector().out())
                .to(setup.device())
                .persist();
        keep("", Map.of("centre", centre));
    }

    @Override
    public List<Block> blocks() {
        int pairs = settings.pairs();
        return VIEWS.stream()
                .flatMap(view -> List.of(crops(view, pairs), crops(view + SLICES, pairs * settings.slices())).stream())
                .toList();
    }

    @Override
    public int views() {
        return VIEWS.size() * settings.pairs() * (1 + settings.slices());
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        for (int k = 0; k < settings.pairs(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            PairedViews pair = law.draw(scans.get(0).shape(), random);
            List<Box> places = List.of(pair.first(), pair.second());
            for (int v = 0; v < VIEWS.size(); v++) {
                ViewAugmentation.View change = settings.augment().sample(random);
                float[] crop = change.apply(view(scans.get(0), places.get(v)), setup().view());
                into.block(VIEWS.get(v)).put(crop);
                for (int s = 0; s < settings.slices(); s++) {
                    int z = random.nextInt(setup().view().z());
                    into.block(VIEWS.get(v) + SLICES).put(Slab.of(crop, setup().view(), z, z + 1));
                }
            }
        }
    }

    /** Crops of both views, then their slices. */
    private Tensor all(Batch batch, int pairs) {
        String first = VIEWS.get(0);
        String second = VIEWS.get(1);
        long slices = (long) pairs * settings.slices();
        return Tensor.concatenate(
                List.of(bothOf(batch, first, second, pairs), bothOf(batch, first + SLICES, second + SLICES, slices)),
                0);
    }

    /** The rows of crops among those of crops and slices. */
    private Tensor crops(Tensor rows) {
        return rows.narrow(0, 0, rows.size(0) / (1 + settings.slices()));
    }

    /** The mean over each crop's slices, of rows of crops and slices. */
    private Tensor slices(Tensor rows) {
        long crops = crops(rows).size(0);
        return rows.narrow(0, crops, rows.size(0) - crops)
                .reshape(crops, settings.slices(), rows.size(1))
                .mean(1);
    }

    /** The slices of first views, and the second views, which are to find each other. */
    private Tensor partners(Tensor rows) {
        long pairs = crops(rows).size(0) / 2;
        return Tensor.concatenate(
                List.of(slices(rows).narrow(0, 0, pairs), crops(rows).narrow(0, pairs, pairs)), 0);
    }

    @Override
    protected Tensor features(UniMissNetwork network, Batch batch) {
        return partners(pooled(network, all(batch, 1)).features());
    }

    @Override
    protected Tensor voxels(Batch batch) {
        Tensor all = all(batch, 1);
        return partners(all.reshape(all.size(0), -1));
    }

    @Override
    protected Loss lossOfPairs(UniMissNetwork network, Batch batch) {
        Tensor all = all(batch, settings.pairs());
        Tensor taught;
        try (NoGrad none = NoGrad.open()) {
            taught = teacher.outputs(pooled(teacher, all).features());
        }
        Chunks chunks = pooled(network, all);
        Tensor pooled = chunks.features();
        Tensor said = network.outputs(pooled);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        Tensor targets = centred.target(crops(taught), centre);
        parts.put(SPREAD, TargetEntropy.ofMean(targets));
        parts.put(ENTROPY, TargetEntropy.of(targets));
        Tensor crop = crops(said);
        Tensor slices = slices(said);
        parts.put("cropByCrop", centred.cost(crop, crops(taught), centre)); // in this order: each moves the centre
        parts.put("slicesByCrop", centred.cost(slices, crops(taught), centre));
        parts.put("slicesBySlices", centred.cost(slices, slices(taught), centre));
        parts.put("cropBySlices", centred.cost(crop, slices(taught), centre));
        Tensor total = parts.values().stream().skip(2).reduce(Tensor::plus).orElseThrow();
        parts.put(CROP, Partners.found(partners(pooled)));
        return new Loss(total, parts, chunks::backward);
    }

    @Override
    public void afterStep(Batch batch) {
        double done = (double) batch.step() / batch.steps();
        MomentumTeacher.update(teacher, network(), MomentumTeacher.momentum(settings.momentum(), done));
    }

    @Override
    public List<Group> trainable() {
        return DecayGroups.of(super.trainable().get(0).weights());
    }

    @Override
    public double decay(double done) {
        return settings.decay(done);
    }

    @Override
    protected String measure() {
        return CROP;
    }

    /** The teacher sees all crops too, and has no way back. */
    @Override
    public double flops() {
        return super.flops() * 4 / 3;
    }
}
