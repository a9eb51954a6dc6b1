package org.voco4j.pretext.pcrlv2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.pair.CutOut;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.PartnerTask;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.pretext.part.pair.Tilt;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.pretext.pcrlv2.ScaleContrast.View;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What will the decoder make, at a drawn scale, of the crop beside this one and of small ones in it; and what did this crop look like before it
 * was distorted? The package has the loss.
 *
 * <p>Measured is how often the mean of a view's deepest map finds its partner's among those of all held-out scans ({@link Partners}).
 */
public final class PcrlV2 extends PartnerTask<PcrlV2Network> {
    /** Errors of what is restored, at full size and by the drawn scale. */
    static final String RESTORATION = "restoration";

    static final String MIDDLE = "middle";
    /** D of large views, and of large and small ones. */
    static final String GLOBAL = "global";

    static final String LOCAL = "local";
    /** {@link Partners#spread} of first views' z of the drawn scale. */
    static final String SPREAD = "spread";

    private static final String FIRST = "first"; // [K, X, Y, Z], as all of them
    private static final String TRUTH = "truth"; // first views before they were distorted
    private static final String SECOND = "second";
    private static final String LOCALS = "locals"; // n of each pair

    private final PcrlV2Settings settings;
    private final PairedViews.Law law;

    PcrlV2(PcrlV2Settings settings, Setup setup) {
        super(setup, encoder -> new PcrlV2Network(encoder, setup.view()));
        requireTokens("pcrl-v2");
        PairedViews.requireTwo(
                "pcrl-v2", settings.pairs() * setup.samples(), "its batch norms would see one of a kind");
        this.settings = settings;
        law = isFlat() ? PairedViews.resized(settings.area()) : PairedViews.sharing();
    }

    private boolean isFlat() {
        return setup().view().z() == 1;
    }

    @Override
    public List<Block> blocks() {
        int pairs = settings.pairs();
        return List.of(
                crops(FIRST, pairs),
                crops(TRUTH, pairs),
                crops(SECOND, pairs),
                crops(LOCALS, pairs * settings.locals()));
    }

    @Override
    public int views() {
        return settings.pairs() * (2 + settings.locals());
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int k = 0; k < settings.pairs(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            PairedViews pair = law.draw(scan.shape(), random);
            ViewAugmentation.View change = settings.augment().sample(random);
            float[] truth = placed(scan, pair.first(), change, random);
            into.block(TRUTH).put(truth);
            into.block(FIRST).put(large(truth, change, random));
            change = settings.augment().sample(random);
            into.block(SECOND).put(large(placed(scan, pair.second(), change, random), change, random));
            for (int i = 0; i < settings.locals(); i++) {
                change = settings.augment().sample(random);
                Box box = isFlat()
                        ? PairedViews.part(scan.shape(), settings.area() / 6, settings.area(), random)
                        : Crops.local(scan.shape(), pair, random);
                float[] small = placed(scan, box, change, random);
                into.block(LOCALS).put(finished(change.intensity().apply(small, setup().view())));
            }
        }
    }

    /** A crop, flipped and turned. */
    private float[] placed(Volume scan, Box box, ViewAugmentation.View change, SplittableRandom random) {
        Shape3 view = setup().view();
        return Tilt.draw(random).of(change.place().apply(view(scan, box), view.x()), view);
    }

    private float[] large(float[] placed, ViewAugmentation.View change, SplittableRandom random) {
        Shape3 view = setup().view();
        float[] changed = change.intensity().apply(placed, view);
        return finished(
                isFlat()
                        ? CutOut.of(changed, view, settings.cuts(), random)
                        : Crops.swapped(changed, view, settings.swaps(), random));
    }

    private float[] finished(float[] view) {
        return settings.normalise() ? Crops.normalised(view) : view;
    }

    /**
     * What the network makes of views, row by row, so that chunks of them can be joined.
     *
     * @param views [B, 1, X, Y, Z], or [B, 2, X, Y, Z] with what they were before
     * @param scale that restores, too
     * @return [B, C + Σ D_s]: means of the deepest map and of all scales', and with [B, 2, …] both errors
     */
    private Tensor rows(PcrlV2Network network, Tensor views, int scale) {
        try (Autocast cast = Autocast.open(views.device(), setup().precision())) {
            List<Tensor> maps = network.maps(views.narrow(1, 0, 1));
            List<Tensor> rows = new ArrayList<>();
            maps.forEach(map -> rows.add(map.mean(2, 3, 4).to(DType.F32)));
            if (views.size(1) == 2) {
                Tensor truth = views.narrow(1, 1, 1);
                rows.add(error(network.restored(maps).to(DType.F32), truth));
                rows.add(error(network.restoredAt(scale, maps).to(DType.F32), truth));
            }
            return Tensor.concatenate(rows, 1);
        }
    }

    /** The mean squared error of each view, [B, 1]. */
    static Tensor error(Tensor restored, Tensor truth) {
        return restored.minus(truth).square().mean(2, 3, 4); // [B, 1]
    }

    @Override
    protected Tensor features(PcrlV2Network network, Batch batch) {
        Tensor views = bothOf(batch, FIRST, SECOND, 1);
        return Chunks.withoutGraph(x -> rows(network, x, 0), views, setup().samples())
                .narrow(1, 0, network.deepestWidth());
    }

    @Override
    protected Tensor voxels(Batch batch) {
        Tensor views = bothOf(batch, FIRST, SECOND, 1);
        return views.reshape(views.size(0), -1);
    }

    @Override
    protected Loss lossOfPairs(PcrlV2Network network, Batch batch) {
        int n = settings.locals();
        ScaleContrast drawn =
                ScaleContrast.draw(network.scales(), n, batch.draws().random());
        Tensor withTruth = Tensor.concatenate(List.of(together(batch.block(FIRST)), together(batch.block(TRUTH))), 1);
        List<Chunks> chunks = Stream.of(withTruth, together(batch.block(SECOND)), together(batch.block(LOCALS)))
                .map(views -> chunks(x -> rows(network, x, drawn.global()), views))
                .toList(); // apart, for encoders with batch norm
        List<Tensor> rows = chunks.stream().map(Chunks::features).toList();
        View one = network.seen(rows.get(0));
        View other = network.seen(rows.get(1));
        List<View> locals = network.seen(rows.get(2)).split(n);
        long last = rows.get(0).size(1);
        Tensor error = rows.get(0).narrow(1, last - 2, 1).mean();
        Tensor middle = rows.get(0).narrow(1, last - 1, 1).mean();
        Tensor ofGlobals = drawn.ofGlobals(one, other);
        Tensor ofLocals = drawn.ofLocals(one, other, locals);
        double beta = ScaleContrast.beta((double) batch.step() / batch.steps());
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(RESTORATION, error);
        parts.put(MIDDLE, middle);
        parts.put(GLOBAL, ofGlobals);
        parts.put(LOCAL, ofLocals);
        List<Tensor> deepest = Stream.of(0, 1)
                .map(i -> rows.get(i).narrow(1, 0, network.deepestWidth()))
                .toList();
        parts.put(PARTNER, Partners.found(Tensor.concatenate(deepest, 0)));
        parts.put(SPREAD, Partners.spread(one.z().get(drawn.global())));
        return new Loss(
                ScaleContrast.total(error, ofGlobals, beta, middle, ofLocals),
                parts,
                () -> chunks.forEach(Chunks::backward));
    }

    @Override
    protected List<Tensor> restored(PcrlV2Network network, Batch batch) {
        Tensor first = together(batch.block(FIRST));
        try (Autocast cast = Autocast.open(first.device(), setup().precision())) {
            return List.of(first, network.restored(network.maps(first)).to(DType.F32), together(batch.block(TRUTH)));
        }
    }

    @Override
    protected Tensor computed(PcrlV2Network network, Tensor crops) {
        return rows(network, Tensor.concatenate(List.of(crops, crops), 1), 0);
    }

    /** The decoder is about as much as the encoder. */
    @Override
    public double flops() {
        return 2 * super.flops();
    }
}
