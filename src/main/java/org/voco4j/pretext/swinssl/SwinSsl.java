package org.voco4j.pretext.swinssl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Blots;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.ThreeHeads;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which way was a crop turned, what was behind its blots, and which other crop shows the same? Each crop is seen as two copies, turned
 * and blotted apart.
 *
 * <pre>  L = CE(turn) + NT-Xent(copies) + mean |restored − turned| </pre>
 */
public final class SwinSsl extends EncoderTask<ThreeHeads> {
    private static final List<String> COPIES = List.of("first", "second");
    private static final String BLOTTED = "Blotted"; // [K, X, Y, Z]
    private static final String TURNED = "Turned"; // [K, X, Y, Z]
    private static final String TURN = "Turn"; // [K, 4], one of each row 1
    private static final String MEASURE = "blotted";

    private final SwinSslSettings settings;

    SwinSsl(SwinSslSettings settings, Setup setup) {
        super(setup, encoder -> new ThreeHeads(encoder, setup.view(), settings.head(), settings.vector()));
        requireTokens("swin-unetr-ssl");
        if (setup.samples() * settings.crops() < 2) {
            throw new IllegalArgumentException(
                    "swin-unetr-ssl tells the other copy of a crop from other crops: batch.volumes"
                            + " times pretext.crops must be at least 2");
        }
        this.settings = settings;
    }

    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (String copy : COPIES) {
            blocks.add(crops(copy + BLOTTED, settings.crops()));
            blocks.add(crops(copy + TURNED, settings.crops()));
            blocks.add(new Block(copy + TURN, List.of((long) settings.crops(), (long) ThreeHeads.TURNS)));
        }
        return blocks;
    }

    @Override
    public int views() {
        return COPIES.size() * settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Shape3 view = setup().view();
        int crops = settings.crops();
        for (int c = 0; c < COPIES.size(); c++) {
            List<float[]> blotted = new ArrayList<>();
            for (int k = 0; k < crops; k++) {
                Box place = RandomCrop.sample(
                        scans.get(0).shape(),
                        settings.region(),
                        into.draws().at(k).random());
                float[] crop = view(scans.get(0), place);
                SplittableRandom random = into.draws().at(crops + c * crops + k).random();
                int turn = random.nextInt(ThreeHeads.TURNS);
                float[] turned = Turn.of(crop, view, settings.plane().turned(turn));
                into.block(COPIES.get(c) + TURNED).put(turned);
                for (int t = 0; t < ThreeHeads.TURNS; t++) {
                    into.block(COPIES.get(c) + TURN).put(t == turn ? 1 : 0);
                }
                blotted.add(turned);
            }
            for (int k = 0; k < crops; k++) {
                SplittableRandom random =
                        into.draws().at(crops + (2 + c) * crops + k).random();
                List<Box> noise = Blots.draw(view, settings.blots() * random.nextDouble(), random);
                float[] copy = Blots.noise(blotted.get(k), view, noise, random);
                int other = random.nextInt(crops);
                if (other != k) {
                    List<Box> swapped = Blots.draw(view, settings.blots() * random.nextDouble(), random);
                    copy = Painting.of(copy, blotted.get(other), view, swapped);
                }
                blotted.set(k, copy);
            }
            blotted.forEach(into.block(COPIES.get(c) + BLOTTED)::put);
        }
    }

    /** A block of both copies, first copies before second ones. */
    private static Tensor both(Batch batch, String name) {
        return Tensor.concatenate(
                COPIES.stream().map(copy -> batch.block(copy + name)).toList(), 0);
    }

    /**
     * What the network says of copies, row by row, so that chunks of them can be joined.
     *
     * @param copies [B, 2, X, Y, Z]: blotted, and as turned
     * @return [B, 4 + D + 2]: turns, contrast, the mean error of all voxels, that of those that were blotted
     */
    private Tensor rows(ThreeHeads network, Tensor copies) {
        Tensor blotted = copies.narrow(1, 0, 1);
        Tensor turned = copies.narrow(1, 1, 1);
        try (Autocast cast = Autocast.open(copies.device(), setup().precision())) {
            Tensor map = network.normalised(blotted);
            Tensor error = network.restored(map).to(DType.F32).minus(turned).abs();
            return Tensor.concatenate(
                    List.of(
                            network.turn(map).to(DType.F32),
                            network.contrast(map).to(DType.F32),
                            error.mean(2, 3, 4),
                            inBlots(error.detach(), blotted, turned)),
                    1);
        }
    }

    /** The mean of an error over voxels that were blotted, for each copy; 0 where none was: [B, 1]. */
    private static Tensor inBlots(Tensor error, Tensor blotted, Tensor turned) {
        Tensor changed = Ops.isAbove(blotted.minus(turned).abs(), 0);
        return error.times(changed)
                .sumKeeping(2, 3, 4)
                .over(changed.sumKeeping(2, 3, 4).atLeast(1))
                .reshape(-1, 1);
    }

    private static Tensor copies(Batch batch) {
        Tensor blotted = together(both(batch, BLOTTED));
        return Tensor.concatenate(List.of(blotted, together(both(batch, TURNED))), 1); // [2·B·K, 2, X, Y, Z]
    }

    @Override
    protected Loss loss(ThreeHeads network, Batch batch) {
        Chunks chunks = chunks(copies -> rows(network, copies), copies(batch));
        Tensor rows = chunks.features();
        Tensor right = both(batch, TURN).reshape(-1, ThreeHeads.TURNS);
        Tensor turns = rows.narrow(1, 0, ThreeHeads.TURNS);
        Tensor turn = CrossEntropy.of(turns, right);
        List<Tensor> contrast = NtXent.of(rows.narrow(1, ThreeHeads.TURNS, settings.vector()), settings.temperature());
        Tensor restoration =
                rows.narrow(1, ThreeHeads.TURNS + settings.vector(), 1).mean();
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put("turnLoss", turn);
        parts.put("contrastLoss", contrast.get(0));
        parts.put("restorationLoss", restoration);
        parts.put("turn", TopOne.share(turns, right));
        parts.put("copy", contrast.get(1));
        parts.put(
                MEASURE,
                rows.narrow(1, ThreeHeads.TURNS + settings.vector() + 1, 1)
                        .detach()
                        .mean());
        return new Loss(turn.plus(contrast.get(0)).plus(restoration), parts, chunks::backward);
    }

    @Override
    protected List<Tensor> restored(ThreeHeads network, Batch batch) {
        Tensor blotted = together(both(batch, BLOTTED));
        try (Autocast cast = Autocast.open(blotted.device(), setup().precision())) {
            Tensor map = network.normalised(blotted);
            return List.of(blotted, network.restored(map).to(DType.F32), together(both(batch, TURNED)));
        }
    }

    @Override
    protected Tensor computed(ThreeHeads network, Tensor crops) {
        return rows(network, Tensor.concatenate(List.of(crops, crops), 1));
    }

    @Override
    protected String measure() {
        return MEASURE;
    }

    /** The blots as they are, and the mean of other scans at their place. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor blotted = together(both(batch, BLOTTED));
        Tensor turned = together(both(batch, TURNED));
        Tensor others = together(both(Objects.requireNonNull(mean.get()), TURNED));
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put(
                "blots",
                inBlots(blotted.minus(turned).abs(), blotted, turned).mean().item());
        errors.put(
                "mean scan",
                inBlots(others.minus(turned).abs(), blotted, turned).mean().item());
        return errors;
    }
}
