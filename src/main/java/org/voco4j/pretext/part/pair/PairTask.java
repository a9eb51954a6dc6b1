package org.voco4j.pretext.part.pair;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that teach by pairs of views of one place, of which the encoder's pooled features are measured.
 *
 * @param <N> the encoder and its heads
 */
public abstract class PairTask<N extends EncoderWithHead> extends PartnerTask<N> {
    private static final String FIRST = "first"; // [K, X, Y, Z]
    private static final String SECOND = "second"; // their partners

    private final Pairs pairs;

    /**
     * How pairs are made.
     *
     * @param count of a scan and step
     * @param law where their views lie
     * @param first what is done to first views
     * @param second what is done to their partners
     */
    public record Pairs(int count, PairedViews.Law law, ViewAugmentation first, ViewAugmentation second) {}

    /**
     * A task with freshly drawn weights.
     *
     * @param name of the method
     * @param made puts the heads on the encoder, all without weights yet
     * @throws IllegalArgumentException if a step has a single pair
     */
    protected PairTask(Setup setup, String name, Pairs pairs, Function<Encoder, N> made) {
        super(setup, made);
        PairedViews.requireTwo(name, pairs.count * setup.samples(), "with one there is nothing to tell it from");
        this.pairs = pairs;
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(FIRST, pairs.count), crops(SECOND, pairs.count));
    }

    @Override
    public final int views() {
        return 2 * pairs.count;
    }

    @Override
    public final void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int k = 0; k < pairs.count; k++) {
            SplittableRandom random = into.draws().at(k).random();
            PairedViews pair = pairs.law.draw(scan.shape(), random);
            ViewAugmentation.View first = pairs.first.sample(random);
            ViewAugmentation.View second = pairs.second.sample(random);
            into.block(FIRST).put(shown(scan, pair.first(), first, random));
            into.block(SECOND).put(shown(scan, pair.second(), second, random));
            note(pair, first, second, into);
        }
    }

    private float[] shown(Volume scan, Box box, ViewAugmentation.View change, SplittableRandom random) {
        return finished(change.apply(view(scan, box), setup().view()), random);
    }

    /** A view with what else is done to it; it may be changed where it lies. */
    protected float[] finished(float[] view, SplittableRandom random) {
        return view;
    }

    /** Puts what the loss must know of a pair into further blocks. */
    protected void note(PairedViews pair, ViewAugmentation.View first, ViewAugmentation.View second, Sample into) {}

    /** The first views of all pairs, [B·K, 1, X, Y, Z]. */
    protected static Tensor firsts(Batch batch) {
        return together(batch.block(FIRST));
    }

    /** Their partners, in the same order. */
    protected static Tensor seconds(Batch batch) {
        return together(batch.block(SECOND));
    }

    @Override
    protected final Tensor features(N network, Batch batch) {
        return pooled(network, bothOf(batch, FIRST, SECOND, 1)).features();
    }

    @Override
    protected final Tensor voxels(Batch batch) {
        Tensor views = bothOf(batch, FIRST, SECOND, 1);
        return views.reshape(views.size(0), -1);
    }
}
