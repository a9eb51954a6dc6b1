package org.voco4j.pretext.pcrlv1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.pair.KeyQueue;
import org.voco4j.pretext.part.pair.Mixing;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.volume.Volume;

/**
 * Which key, made by a slow copy of the network, is that of a crop; and what does a crop, or a mixture, look like in another pose, or before it
 * was distorted? The package has the loss.
 *
 * <p>Measured is the mean squared error of crops that are to be shown in another pose.
 */
public final class PcrlV1 extends EncoderTask<PcrlV1Network> {
    /** The three C. */
    static final List<String> CONTRAST = List.of("plain", "mixedViews", "mixedFeatures");
    /** The four errors: of a pose, of a mixture of poses, of mixed views, of a mixture of them. */
    static final List<String> ERRORS = List.of("posed", "posedBoth", "mixed", "mixedBoth");
    /** {@link Partners#spread} of q. */
    static final String SPREAD = "spread";

    private final PcrlV1Settings settings;
    private final PairBlocks pairs;
    private final PcrlV1Network teacher;
    private final KeyQueue queue;
    private final Tensor norm; // Z of noise contrast, 0 before the first step

    PcrlV1(PcrlV1Settings settings, Setup setup) {
        super(setup, () -> new PcrlV1Network(setup.encoderAndDecoder(), settings.projector(), settings.gates()));
        PairedViews.requireTwo("pcrl-v1", settings.pairs() * setup.samples(), "with one there is none to mix it with");
        this.settings = settings;
        pairs = new PairBlocks(settings.pairs(), setup.view());
        teacher = slowCopy(new PcrlV1Network(setup.encoderAndDecoder(), settings.projector(), settings.gates()));
        queue = KeyQueue.drawn(settings.queue(), settings.projector().out(), setup.seed(), setup.device());
        keep("queue.", queue.state());
        norm = Tensor.zeros(DType.F64, 1).persist();
        keep("", Map.of("norm", norm));
    }

    @Override
    public List<Block> blocks() {
        return pairs.all();
    }

    @Override
    public int views() {
        return 2 * settings.pairs();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        PairedViews.Law law = scan.shape().z() == 1 ? PairedViews.resized(settings.area()) : PairedViews.sharing();
        for (int k = 0; k < settings.pairs(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            PairedViews pair = law.draw(scan.shape(), random);
            for (int i = 0; i < 2; i++) {
                float[] crop = view(scan, i == 0 ? pair.first() : pair.second());
                PairBlocks.put(Crops.draw(crop, setup().view(), settings, random), i, into);
            }
        }
    }

    /**
     * What network and copy make of pairs, row by row.
     *
     * @param rows of {@link PairBlocks}
     * @param share α
     * @return [P, 2·C + 2]: the means of the network's deepest map of x₁ and of the copy's of x₂; the error of x₁ restored, and of the mixture
     */
    private Tensor seen(PcrlV1Network network, Tensor rows, double share) {
        Tensor truth = pairs.crop(rows, 2);
        List<Tensor> codes = pairs.codes(rows);
        try (Autocast cast = Autocast.open(rows.device(), setup().precision())) {
            List<Tensor> own = network.maps(pairs.crop(rows, 0));
            List<Tensor> others;
            try (NoGrad none = NoGrad.open()) {
                others = teacher.maps(pairs.crop(rows, 1));
            }
            Tensor means = Tensor.concatenate(List.of(PcrlV1Network.mean(own), PcrlV1Network.mean(others)), 1);
            if (!codes.isEmpty()) {
                own = network.gated(own, codes.get(0));
                others = network.gated(others, codes.get(1));
            }
            Tensor both = network.restored(PcrlV1Network.mixed(share, own, others));
            return Tensor.concatenate(
                    List.of(
                            means,
                            error(network.restored(own), truth),
                            error(both, PcrlV1Network.mixed(share, truth, pairs.crop(rows, 3)))),
                    1);
        }
    }

    /** The mean squared error of each crop, [P, 1]. */
    static Tensor error(Tensor restored, Tensor truth) {
        return restored.minus(truth).square().mean(2, 3, 4);
    }

    /** The restoration's part of the loss, of four errors of each crop. */
    static Tensor restoration(List<Tensor> errors) {
        return Tensor.concatenate(errors, 1).mean();
    }

    @Override
    protected Loss loss(PcrlV1Network network, Batch batch) {
        if (!network.isTraining()) {
            Tensor error = error(posed(network, batch), pairs.posed(batch)).mean();
            return new Loss(error, Map.of(ERRORS.get(0), error));
        }
        SplittableRandom random = batch.draws().random();
        Mixing mixing = Mixing.draw(Math.toIntExact(pairs.seen(batch).size(0)), random);
        double share = Mixing.share(random);
        double mixedShare = Mixing.share(random);
        Chunks plain = chunks(rows -> seen(network, rows, share), PairBlocks.poses(batch));
        Chunks mixed = chunks(rows -> seen(network, rows, mixedShare), PairBlocks.mixtures(batch, mixing));
        Tensor ofPlain = plain.features();
        Tensor ofMixed = mixed.features();
        int width = network.channels();
        Tensor query = network.projected(ofPlain.narrow(1, 0, width));
        Tensor mixedQuery = network.projected(ofMixed.narrow(1, 0, width));
        Tensor key = teacher.projected(ofPlain.narrow(1, width, width)).detach();
        Tensor mixedKey = teacher.projected(ofMixed.narrow(1, width, width)).detach();
        List<Tensor> contrast = settings.loss()
                .each(
                        queue,
                        settings.temperature(),
                        settings.images(),
                        norm,
                        List.of(query, mixedQuery, mixedQuery),
                        List.of(key, mixedKey, mixing.of(key)));
        List<Tensor> errors = Stream.of(ofPlain, ofMixed)
                .flatMap(rows -> IntStream.range(0, 2).mapToObj(i -> rows.narrow(1, 2L * width + i, 1)))
                .toList();
        Map<String, Tensor> parts = new LinkedHashMap<>();
        Tensor loss = restoration(errors);
        for (int i = 0; i < contrast.size(); i++) {
            loss = loss.plus(contrast.get(i).times(1.0 / contrast.size()));
            parts.put(CONTRAST.get(i), contrast.get(i));
        }
        for (int i = 0; i < errors.size(); i++) {
            parts.put(ERRORS.get(i), errors.get(i).mean());
        }
        parts.put(SPREAD, Partners.spread(query));
        return new Loss(loss, parts, () -> {
            plain.backward();
            mixed.backward();
        });
    }

    /** First crops in the pose that is asked for. */
    private Tensor posed(PcrlV1Network network, Batch batch) {
        Tensor crops = pairs.seen(batch);
        try (Autocast cast = Autocast.open(crops.device(), setup().precision())) {
            return network.restored(network.gated(network.maps(crops), pairs.codes(batch)));
        }
    }

    @Override
    protected List<Tensor> restored(PcrlV1Network network, Batch batch) {
        return List.of(pairs.seen(batch), posed(network, batch), pairs.posed(batch));
    }

    @Override
    protected Tensor computed(PcrlV1Network network, Tensor crops) {
        return seen(network, PairBlocks.row(crops), 0.5);
    }

    @Override
    protected String measure() {
        return ERRORS.get(0);
    }

    /** The crop as it is seen, and the mean of other scans in the pose, neither shuffled nor painted. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor posed = pairs.posed(batch);
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("unturned", error(pairs.seen(batch), posed).mean().item());
        errors.put(
                "mean scan",
                error(pairs.posedTruth(mean.get()).to(posed.device()), posed)
                        .mean()
                        .item());
        return errors;
    }

    /** The copy follows. */
    @Override
    public void afterStep(Batch batch) {
        MomentumTeacher.update(teacher, network(), settings.momentum());
    }

    /** For each pair the network sees two crops and restores four, and the copy sees two. */
    @Override
    public double flops() {
        return super.flops() * 10 / 3;
    }
}
