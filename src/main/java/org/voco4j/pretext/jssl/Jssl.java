package org.voco4j.pretext.jssl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.PartnerTask;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.pretext.part.pair.Slab;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which cluster do the slabs of two crops of one place belong to, and which the crops, and what was in slabs that are hidden?
 *
 * <pre>  L = swapped(z₁, z₂) + w_s·swapped(slabs₁, slabs₂) + w_m·Σ_views mean (predicted − e)²/h      swapped: {@link SwappedPrediction} </pre>
 *
 * <p>e has no gradient in the last term.
 */
public final class Jssl extends PartnerTask<JsslNetwork> {
    static final String PARTNER = "partner";

    private static final List<String> VIEWS = List.of("first", "second"); // [K·S, X, Y, Z]

    private final JsslSettings settings;
    private final PairedViews.Law law;

    Jssl(JsslSettings settings, Setup setup) {
        super(setup, encoder -> new JsslNetwork(encoder, settings));
        PairedViews.requireTwo("jssl", settings.pairs() * setup.samples(), "one is all that clusters can be of");
        this.settings = settings;
        law = PairedViews.shifted(settings.overlap());
    }

    @Override
    public List<Block> blocks() {
        int count = settings.pairs() * settings.slabs();
        return VIEWS.stream().map(view -> crops(view, count)).toList();
    }

    @Override
    public int views() {
        return VIEWS.size() * settings.pairs() * settings.slabs();
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
                for (int s = 0; s < settings.slabs(); s++) {
                    into.block(VIEWS.get(v)).put(slab(crop, s));
                }
            }
        }
    }

    /** A slab across z, as large as a crop. */
    private float[] slab(float[] crop, int slab) {
        Shape3 view = setup().view();
        int low = slab * view.z() / settings.slabs();
        int high = (slab + 1) * view.z() / settings.slabs();
        return Slab.of(crop, view, low, high);
    }

    /** The slabs of both views, first ones before second ones. */
    private Tensor slabs(Batch batch, int pairs) {
        return bothOf(batch, VIEWS.get(0), VIEWS.get(1), (long) pairs * settings.slabs());
    }

    @Override
    protected Tensor features(JsslNetwork network, Batch batch) {
        return ofCrops(pooled(network, slabs(batch, 1)).features());
    }

    @Override
    protected Tensor voxels(Batch batch) {
        Tensor slabs = slabs(batch, 1);
        return slabs.reshape(slabs.size(0) / settings.slabs(), -1);
    }

    @Override
    protected Loss lossOfPairs(JsslNetwork network, Batch batch) {
        Chunks chunks = pooled(network, slabs(batch, settings.pairs()));
        Tensor pooled = chunks.features();
        Tensor embedded = network.embedded(pooled); // [2·B, S, D]
        Tensor volumes = network.volume(embedded); // [2·B, D]
        Tensor slabs = SupervisedContrast.unit(embedded.reshape(-1, settings.width())); // [2·B·S, D]
        List<Tensor> inter = clustered(network.volumes(), volumes);
        List<Tensor> intra = clustered(network.slabs(), slabs);
        Tensor told = told(network, embedded, batch);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put("volumeLoss", inter.get(0));
        parts.put("slabLoss", intra.get(0));
        parts.put("maskLoss", told);
        parts.put("volumePrototypes", inter.get(1));
        parts.put("slabPrototypes", intra.get(1));
        parts.put(PARTNER, Partners.found(ofCrops(pooled)));
        Tensor total =
                inter.get(0).plus(intra.get(0).times(settings.slabWeight())).plus(told.times(settings.maskWeight()));
        return new Loss(total, parts, chunks::backward);
    }

    private static List<Tensor> clustered(Clusters clusters, Tensor features) {
        long half = features.size(0) / 2;
        List<Tensor> found = clusters.loss(features.narrow(0, 0, half), features.narrow(0, half, half));
        clusters.keep(features);
        return found;
    }

    /** The error of hidden slabs, the same ones of both views, added up over the views. */
    private Tensor told(JsslNetwork network, Tensor embedded, Batch batch) {
        long half = embedded.size(0) / 2;
        SplittableRandom random = batch.draws().random();
        Tensor mask = HiddenSlabs.draw(half, settings.slabs(), settings.hidden(), random, embedded);
        Tensor both = Tensor.concatenate(List.of(mask, mask), 0);
        Tensor predicted = network.predicted(embedded, both);
        return HiddenSlabs.error(predicted, embedded.detach(), settings.hidden())
                .times(VIEWS.size());
    }

    /** The mean over a crop's slabs of what the encoder, or anything else, makes of them: [B·S, C] → [B, C]. */
    private Tensor ofCrops(Tensor rows) {
        return rows.reshape(-1, settings.slabs(), rows.size(1)).mean(1);
    }

    @Override
    public void afterStep(Batch batch) {
        network().volumes().afterStep(batch.step());
        network().slabs().afterStep(batch.step());
    }
}
