package org.voco4j.pretext.vicregl;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.DecayGroups;
import org.voco4j.pretext.part.pair.PairTask;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.volume.Shape3;

/**
 * Do a view and its partner say the same, as a whole and cell by cell, while scans differ and no two numbers do?
 *
 * <pre>  L = α·(inv + var + cov) of the whole + (1 − α)·(inv + var + cov) of cells </pre>
 *
 * <p>The terms are {@link VicReg}'s, cells are matched by feature and by place ({@link LocalTerms}, {@link CellPlaces}).
 */
public final class VicRegL extends PairTask<VicRegLNetwork> {
    static final String INVARIANCE = "invariance";
    static final String VARIANCE = "variance";
    static final String COVARIANCE = "covariance";
    static final String LOCAL = "local";
    /** {@link Partners#spread} of the first views' expanded features. */
    static final String SPREAD = "spread";

    private static final int LEAST_CELLS = 4;
    private static final double ALWAYS_BLURRED = 1; // the source, of first views
    private static final double SELDOM_BLURRED = 0.1; // of second ones
    private static final double SOLARISED = 0.2; // of second ones
    private static final String PLACED = "placed"; // [K, 4, n]

    private final VicRegLSettings settings;
    private final Shape3 cells;
    private final int kept;

    VicRegL(VicRegLSettings settings, Setup setup) {
        super(
                setup,
                "vicregl",
                new Pairs(
                        settings.pairs(),
                        PairedViews.shifted(settings.overlap()),
                        settings.asymmetric() ? settings.augment().with(ALWAYS_BLURRED, 0) : settings.augment(),
                        settings.asymmetric()
                                ? settings.augment().with(SELDOM_BLURRED, SOLARISED)
                                : settings.augment()),
                encoder -> new VicRegLNetwork(encoder, settings));
        this.settings = settings;
        cells = mapOf(setup.view());
        if (cells.x() < LEAST_CELLS || cells.y() != cells.x()) {
            throw new IllegalArgumentException("pretext.level " + settings.level() + " has maps of " + cells
                    + " cells for crop.size " + setup.crop() + "; vicregl matches cells and needs " + LEAST_CELLS
                    + " along x and y: take a finer level or larger crops");
        }
        kept = (int) Math.min(settings.keep(), cells.voxels());
    }

    private Shape3 mapOf(Shape3 view) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(network())) {
            Tensor map = network()
                    .map(Tensor.zeros(DType.F32, 1, 1, view.x(), view.y(), view.z())
                            .to(setup().device()));
            return new Shape3((int) map.size(2), (int) map.size(3), (int) map.size(4));
        }
    }

    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>(super.blocks());
        blocks.add(new Block(PLACED, List.of((long) settings.pairs(), 4L, (long) kept)));
        return blocks;
    }

    @Override
    protected void note(PairedViews pair, ViewAugmentation.View first, ViewAugmentation.View second, Sample into) {
        CellPlaces one = CellPlaces.of(pair.first(), cells, moved(first));
        CellPlaces other = CellPlaces.of(pair.second(), cells, moved(second));
        put(one.matches(other, kept), into.block(PLACED));
        put(other.matches(one, kept), into.block(PLACED));
    }

    private CropAugmentation.View moved(ViewAugmentation.View view) {
        return settings.flipGrid() ? view.place() : CropAugmentation.View.IDENTITY;
    }

    private static void put(CellPlaces.Matches matches, FloatBuffer block) {
        for (int cell : matches.own()) {
            block.put(cell);
        }
        for (int cell : matches.other()) {
            block.put(cell);
        }
    }

    @Override
    protected Loss lossOfPairs(VicRegLNetwork network, Batch batch) {
        Chunks first = chunks(crops -> network.rows(crops, setup().precision()), firsts(batch));
        Chunks second = chunks(crops -> network.rows(crops, setup().precision()), seconds(batch));
        Tensor one = first.features();
        Tensor other = second.features();
        Tensor expanded = network.whole(one);
        VicReg global = VicReg.of(expanded, network.whole(other));
        List<Tensor> placed = LocalTerms.apart(batch.block(PLACED).reshape(-1, 4, kept));
        VicReg local = LocalTerms.of(network.cells(one), network.cells(other), placed);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(INVARIANCE, global.invariance());
        parts.put(VARIANCE, global.variance());
        parts.put(COVARIANCE, global.covariance());
        parts.put(LOCAL, local.total());
        parts.put(PARTNER, Partners.found(Tensor.concatenate(List.of(network.pooled(one), network.pooled(other)), 0)));
        parts.put(SPREAD, Partners.spread(expanded.reshape(expanded.size(0), -1)));
        Tensor total = global.total().times(settings.alpha()).plus(local.total().times(1 - settings.alpha()));
        return new Loss(total, parts, () -> {
            first.backward();
            second.backward();
        });
    }

    @Override
    protected Tensor computed(VicRegLNetwork network, Tensor crops) {
        return network.rows(crops, setup().precision());
    }

    @Override
    public List<Group> trainable() {
        return DecayGroups.of(super.trainable().get(0).weights());
    }
}
