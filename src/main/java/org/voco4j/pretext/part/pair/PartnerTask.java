package org.voco4j.pretext.part.pair;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;

/**
 * What tasks have in common of which is measured how often features of a view find its partner's among those of all held-out scans, one
 * pair of each ({@link Partners}).
 *
 * @param <N> the encoder and its heads
 */
public abstract class PartnerTask<N extends EncoderWithHead> extends EncoderTask<N> {
    /** {@link Partners#found}, a part of each loss. */
    public static final String PARTNER = "partner";

    /** A task with freshly drawn weights, as {@link EncoderTask}'s of an encoder. */
    protected PartnerTask(Setup setup, Function<Encoder, N> made) {
        super(setup, made);
    }

    /** The same, as {@link EncoderTask}'s of a network that brings its encoder along. */
    protected PartnerTask(Setup setup, Supplier<N> made) {
        super(setup, made);
    }

    /** Some crops of two blocks, [B, K, X, Y, Z] each, those of the first in front: [2·B·count, 1, X, Y, Z]. */
    protected static Tensor bothOf(Batch batch, String first, String second, long count) {
        return Tensor.concatenate(
                List.of(
                        together(batch.block(first).narrow(1, 0, count)),
                        together(batch.block(second).narrow(1, 0, count))),
                0);
    }

    /** The loss of a step in training, with what is measured among its parts. */
    protected abstract Loss lossOfPairs(N network, Batch batch);

    /** The features of one pair of each scan, first views in front: [2·S, D]. */
    protected abstract Tensor features(N network, Batch batch);

    /** The voxels of the same views, likewise. */
    protected abstract Tensor voxels(Batch batch);

    /** In training that of the method; else there is nothing but what is measured, so that no teacher, queue or bank moves. */
    @Override
    protected final Loss loss(N network, Batch batch) {
        if (network.isTraining()) {
            return lossOfPairs(network, batch);
        }
        Tensor found = Partners.found(features(network, batch));
        return new Loss(found, Map.of(measure(), found));
    }

    @Override
    protected String measure() {
        return PARTNER;
    }

    @Override
    protected final int heldOutTogether() {
        return Integer.MAX_VALUE;
    }

    /** What the views' own voxels tell. */
    @Override
    protected final Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor voxels = voxels(batch);
        Map<String, Double> controls = new LinkedHashMap<>();
        controls.put("chance", 2.0 / voxels.size(0));
        controls.put("pixels", Partners.found(voxels).item());
        return controls;
    }
}
