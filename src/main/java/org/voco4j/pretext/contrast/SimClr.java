package org.voco4j.pretext.contrast;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.augment.IntensityAugmentation;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.PairedViews;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * Which two views show one place? A crop and another that overlaps it, their intensities changed each on its own, are to be
 * told among all views of the step (SimCLR, Chen et al., ICML 2020; the crops as nnssl cuts them): {@link NtXent}.
 *
 * <p>The projector's batch norm has the statistics of all views of the step.
 */
public final class SimClr extends EncoderTask<SimClr.Network> {
    private static final String FIRST = "first"; // [P, X, Y, Z]
    private static final String SECOND = "second"; // their partners
    private static final String ACCURACY = "accuracy";
    private static final double EPSILON = 1e-5;

    private final SimClrSettings settings;
    private final IntensityAugmentation augmentation;

    /** The encoder, and a projector of two linear maps on its pooled features. */
    static final class Network extends EncoderWithHead {
        private final Linear hidden;
        private final Linear out;

        Network(Encoder encoder, SimClrSettings.Projector projector) {
            super(encoder);
            this.hidden = part("projector.0", new Linear(PooledLevels.count(encoder), projector.hidden()));
            this.out = part("projector.3", new Linear(projector.hidden(), projector.out()));
        }

        /** [B, Σ c] → [B, D]. */
        Tensor project(Tensor pooled) {
            return out.forward(Ops.batchNorm(hidden.forward(pooled), EPSILON).relu());
        }
    }

    SimClr(SimClrSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, settings.projector()));
        int pairs = settings.pairs() * setup.samples();
        if (pairs < 2) {
            throw new IllegalArgumentException(
                    "a step of simclr needs at least 2 pairs, pretext.pairs x batch.volumes, not " + pairs
                            + ": with one there is nothing to tell it from");
        }
        this.settings = settings;
        SimClrSettings.Augment augment = settings.augment();
        this.augmentation =
                IntensityAugmentation.of(augment.noise(), augment.multiply(), augment.contrast(), augment.gamma());
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(FIRST, settings.pairs()), crops(SECOND, settings.pairs()));
    }

    @Override
    public int views() {
        return 2 * settings.pairs();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int k = 0; k < settings.pairs(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            PairedViews pair = PairedViews.shifted(settings.overlap()).draw(scan.shape(), random);
            fill(scan, pair.first(), random, into.block(FIRST));
            fill(scan, pair.second(), random, into.block(SECOND));
        }
    }

    private void fill(Volume scan, Box box, SplittableRandom random, FloatBuffer views) {
        views.put(augmentation.sample(random).apply(view(scan, box), setup().view()));
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Chunks pooled = pooled(network, views(batch));
        Loss loss = loss(network.project(pooled.features()));
        return new Loss(loss.total(), loss.parts(), pooled::backward);
    }

    /** First crops of all pairs, then their partners: [2·B·K, 1, X, Y, Z]. */
    private static Tensor views(Batch batch) {
        return Tensor.concatenate(List.of(together(batch.block(FIRST)), together(batch.block(SECOND))), 0);
    }

    private Loss loss(Tensor features) {
        List<Tensor> found = NtXent.of(features, settings.temperature());
        return new Loss(found.get(0), Map.of(ACCURACY, found.get(1)));
    }

    @Override
    protected String measure() {
        return ACCURACY;
    }

    /** What the crops' own voxels tell, standardised over the batch as the features are. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor views = views(batch);
        Tensor pixels = Ops.batchNorm(views.reshape(views.size(0), -1), EPSILON);
        Tensor share = Objects.requireNonNull(loss(pixels).parts().get(ACCURACY));
        Map<String, Double> controls = new LinkedHashMap<>();
        controls.put("chance", 1.0 / (views.size(0) - 1));
        controls.put("pixels", share.item());
        return controls;
    }
}
