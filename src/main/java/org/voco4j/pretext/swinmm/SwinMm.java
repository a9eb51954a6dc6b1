package org.voco4j.pretext.swinmm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.ThreeHeads;
import org.voco4j.pretext.part.TokenMask;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Volume;

/**
 * Which way was a crop turned, what do its hidden cells hold, whichever way its axes lie, and which other view shows the same? Each crop is
 * turned twice and hidden in part; both views are seen once more with axes exchanged.
 *
 * <pre>  L = CE(turn) + NT-Xent(views 1, 2) + R(1, 2) + R(3, 4) + agreement(3, 1)      R: {@link Restored} </pre>
 */
public final class SwinMm extends EncoderTask<ThreeHeads> {
    private static final List<String> VIEWS = List.of("first", "second"); // [K, X, Y, Z]
    private static final String TURN = "Turn"; // [K, 4], one of each row 1
    private static final String HIDDEN = "hidden";
    private static final Choice TURNS = new Choice(ThreeHeads.TURNS);
    private static final int PLANE = 6; // of Turn: about x, as the released code turns
    private static final int SEEN = 4; // views of a crop that go through the network

    private final SwinMmSettings settings;

    SwinMm(SwinMmSettings settings, Setup setup) {
        super(setup, encoder -> new ThreeHeads(encoder, setup.view(), settings.head(), settings.vector()));
        requireTokens("swinmm");
        if (setup.samples() * settings.crops() < 2) {
            throw new IllegalArgumentException("swinmm tells the other view of a crop from other crops: batch.volumes"
                    + " times pretext.crops must be at least 2");
        }
        this.settings = settings;
    }

    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (String view : VIEWS) {
            blocks.add(crops(view, settings.crops()));
            blocks.add(TURNS.block(view + TURN, settings.crops()));
        }
        return blocks;
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            float[] crop = view(scans.get(0), crop(scans.get(0), random));
            for (String view : VIEWS) {
                int quarters = random.nextInt(ThreeHeads.TURNS);
                into.block(view).put(turned(crop, quarters));
                TURNS.put(quarters, into.block(view + TURN));
            }
        }
    }

    private float[] turned(float[] crop, int quarters) {
        return Turn.of(crop, setup().view(), turn(quarters));
    }

    /** The number that {@link Turn} has for so many quarter turns, 0 to 3. */
    static int turn(int quarters) {
        return quarters == 0 ? 0 : PLANE + quarters;
    }

    private Views views(Draws draws) {
        return Views.draw(settings.cells(), settings.hidden(), draws.random());
    }

    /** The two views of all crops: [B·K, 2, X, Y, Z]. */
    private static Tensor pairs(Batch batch) {
        return Tensor.concatenate(
                VIEWS.stream().map(view -> together(batch.block(view))).toList(), 1);
    }

    private Seen seen(ThreeHeads network, Tensor pairs, Views views) {
        try (Autocast cast = Autocast.open(pairs.device(), setup().precision())) {
            return Seen.of(network, apart(pairs), masks(pairs, views), views);
        }
    }

    private static List<Tensor> apart(Tensor pairs) {
        return List.of(pairs.narrow(1, 0, 1), pairs.narrow(1, 1, 1));
    }

    private static List<Tensor> masks(Tensor pairs, Views views) {
        Tensor like = pairs.narrow(1, 0, 1);
        return List.of(views.mask(0, like), views.mask(1, like));
    }

    /** What is to be restored, [B, 1, X, Y, Z]. */
    private Tensor target(Tensor image) {
        return settings.normalise() ? Restored.standardised(image) : image;
    }

    /**
     * All that the loss is made of, row by row, so that chunks of crops can be joined.
     *
     * @param pairs [B, 2, X, Y, Z]
     * @return [B, 4 + 4 + D + D + 4]: turns, contrast, R(1, 2), R(3, 4), agreement, the mean |error| of hidden voxels
     */
    private Tensor rows(ThreeHeads network, Tensor pairs, Views views) {
        List<Tensor> masks = masks(pairs, views);
        List<Tensor> targets = apart(pairs).stream().map(this::target).toList();
        Seen seen = seen(network, pairs, views);
        double ratio = settings.ratio();
        List<Tensor> columns = new ArrayList<>(seen.turns());
        columns.addAll(seen.contrast());
        columns.add(Restored.error(seen.restored(), targets, masks, ratio));
        columns.add(Restored.error(seen.swapped(), targets, masks, ratio));
        columns.add(Restored.error(seen.swapped().get(0), seen.restored().get(0), masks.get(0), ratio));
        columns.add(inHidden(seen.restored().get(0).detach().minus(targets.get(0)), masks.get(0)));
        return Tensor.concatenate(columns, 1);
    }

    /** The mean |error| of hidden voxels of each crop, [B, 1]. */
    private static Tensor inHidden(Tensor error, Tensor mask) {
        return error.abs().times(mask).mean(2, 3, 4).over(mask.mean());
    }

    /** Columns of the first view above those of the second. */
    private static Tensor stacked(Tensor rows, long from, long width) {
        return Tensor.concatenate(List.of(rows.narrow(1, from, width), rows.narrow(1, from + width, width)), 0);
    }

    @Override
    protected Loss loss(ThreeHeads network, Batch batch) {
        Views views = views(batch.draws());
        Chunks chunks = chunks(pairs -> rows(network, pairs, views), pairs(batch));
        Tensor rows = chunks.features();
        int turns = ThreeHeads.TURNS;
        Tensor right = Tensor.concatenate(
                VIEWS.stream()
                        .map(view -> TURNS.together(batch.block(view + TURN)))
                        .toList(),
                0);
        Tensor told = stacked(rows, 0, turns);
        List<Tensor> contrast = NtXent.of(stacked(rows, 2L * turns, settings.vector()), settings.temperature());
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put("turnLoss", CrossEntropy.of(told, right));
        parts.put("contrastLoss", contrast.get(0));
        long errors = 2L * (turns + settings.vector());
        List<String> names = List.of("restorationLoss", "swappedLoss", "agreementLoss");
        for (int i = 0; i < names.size(); i++) {
            parts.put(names.get(i), rows.narrow(1, errors + i, 1).mean());
        }
        Tensor total = parts.values().stream().reduce(Tensor::plus).orElseThrow();
        parts.put("turn", TopOne.share(told, right));
        parts.put("view", contrast.get(1));
        parts.put(HIDDEN, rows.narrow(1, errors + names.size(), 1).detach().mean());
        return new Loss(total, parts, chunks::backward);
    }

    @Override
    protected Tensor computed(ThreeHeads network, Tensor crops) {
        return rows(network, Tensor.concatenate(List.of(crops, crops), 1), views(Draws.of(0)));
    }

    @Override
    protected List<Tensor> restored(ThreeHeads network, Batch batch) {
        Tensor pairs = pairs(batch);
        Views views = views(batch.draws());
        List<Tensor> masks = masks(pairs, views);
        Tensor image = apart(pairs).get(0);
        Tensor told = seen(network, pairs, views).restored().get(0);
        if (settings.normalise()) {
            told = told.times(Restored.deviation(image)).plus(Restored.mean(image));
        }
        return List.of(image.times(Seen.visible(masks.get(0))), told, image);
    }

    @Override
    protected String measure() {
        return HIDDEN;
    }

    /** Hidden cells filled from their edges, and the mean of other scans; errors in the units of what is to be restored. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor pairs = pairs(batch);
        Tensor mask = masks(pairs, views(batch.draws())).get(0);
        Tensor image = apart(pairs).get(0);
        Tensor filled = TokenMask.filled(image, Seen.visible(mask).plus(image.times(0)));
        Tensor others = apart(pairs(Objects.requireNonNull(mean.get()))).get(0);
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("neighbours", error(filled, image, mask));
        errors.put("mean scan", error(others, image, mask));
        return errors;
    }

    private double error(Tensor guess, Tensor image, Tensor mask) {
        Tensor error = guess.minus(image);
        return inHidden(settings.normalise() ? error.over(Restored.deviation(image)) : error, mask)
                .mean()
                .item();
    }

    /** A crop is seen four times. */
    @Override
    public double flops() {
        return SEEN * super.flops();
    }
}
