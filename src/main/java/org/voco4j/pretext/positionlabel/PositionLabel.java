package org.voco4j.pretext.positionlabel;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;

/**
 * Where does each token of the encoder's coarsest map lie?
 *
 * <pre>  L = −(1/Σw) Σ_j w_j·log softmax(l_j)_{place of j},   w: 1 where a token shows the body, else 0 </pre>
 *
 * <p>Where the recipe asks for pairs, the same of {@link Pairs} and their offsets is added.
 */
public final class PositionLabel extends EncoderTask<PositionLabelNetwork> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String PLACES = "places"; // [K, n], the number of each token's place
    private static final String SEEN = "seen"; // [K, n], 1 where a token shows the body

    /** The part of the loss that is about pairs; behind a dot, the accuracy. */
    static final String OFFSETS = "offsets";

    private final PositionLabelSettings settings;
    private final Tokens tokens;
    private final Choice places;
    private final @Nullable Pairs pairs;

    PositionLabel(PositionLabelSettings settings, Setup setup) {
        this(settings, setup, new Tokens(PositionLabelNetwork.grid(setup)));
    }

    private PositionLabel(PositionLabelSettings settings, Setup setup, Tokens tokens) {
        super(
                setup,
                encoder -> new PositionLabelNetwork(
                        encoder,
                        places(settings, tokens),
                        settings.pairs() == 0 ? 0 : pairs(settings, tokens).offsets()));
        this.settings = settings;
        pairs = settings.pairs() == 0 ? null : pairs(settings, tokens);
        this.tokens = tokens;
        places = new Choice(places(settings, tokens));
        if (tokens.count() < 2 && (pairs != null || settings.labels() == PositionLabelSettings.Labels.CROP)) {
            throw new IllegalArgumentException(
                    "pretext.labels: crop, and pretext.pairs, need an encoder whose coarsest map"
                            + " has more than one voxel; with crop.size " + setup.crop()
                            + " it has one: take larger crops, or labels: scan and pairs: 0");
        }
        requireTokens("positionlabel");
    }

    private static Pairs pairs(PositionLabelSettings settings, Tokens tokens) {
        return new Pairs(tokens, settings.pairs());
    }

    private static int places(PositionLabelSettings settings, Tokens tokens) {
        return settings.labels() == PositionLabelSettings.Labels.CROP
                ? tokens.count()
                : (int) settings.places().voxels();
    }

    @Override
    public List<Block> blocks() {
        List<Long> each = List.of((long) settings.crops(), (long) tokens.count());
        List<Block> blocks = new ArrayList<>(
                List.of(crops(CROPS, settings.crops()), new Block(PLACES, each), new Block(SEEN, each)));
        if (pairs != null) {
            blocks.add(pairs.block(settings.crops()));
        }
        return blocks;
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        FloatBuffer numbers = into.block(PLACES);
        FloatBuffer seen = into.block(SEEN);
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            Box box = RandomCrop.sample(scan.shape(), settings.region(), random);
            float[] crop = view(scan, box);
            into.block(CROPS).put(crop);
            boolean[] body = new boolean[tokens.count()];
            for (int j = 0; j < tokens.count(); j++) {
                body[j] = tokens.showsBody(j, crop, setup().view());
                numbers.put(
                        settings.labels() == PositionLabelSettings.Labels.CROP
                                ? j
                                : tokens.place(j, box, scan.shape(), settings.places()));
                seen.put(body[j] ? 1 : 0);
            }
            if (pairs != null) {
                pairs.put(body, random, into.block(Pairs.BLOCK));
            }
        }
    }

    @Override
    protected Loss loss(PositionLabelNetwork network, Batch batch) {
        Chunks maps = chunks(crops -> computed(network, crops), together(batch.block(CROPS)));
        Tensor features = maps.features(); // [B·K, n·C]
        Tensor rows = features.reshape(features.size(0) * tokens.count(), -1);
        Loss places = loss(
                network.logits(rows),
                batch.block(PLACES).reshape(-1, 1),
                batch.block(SEEN).reshape(-1, 1));
        PlaceHead relative = network.relative();
        if (pairs == null || relative == null) {
            return new Loss(places.total(), places.parts(), maps::backward);
        }
        Tensor drawn = batch.block(Pairs.BLOCK);
        Tensor each = drawn.reshape(-1, drawn.size(2), drawn.size(3)); // [B·K, P, 4]
        Loss offsets = loss(relative.forward(pairs.sides(rows, each)), Pairs.offsets(each), Pairs.counted(each));
        Map<String, Tensor> parts = new LinkedHashMap<>(places.parts());
        parts.put(PLACES, places.total());
        parts.put(OFFSETS, offsets.total());
        offsets.parts().forEach((name, part) -> parts.put(OFFSETS + "." + name, part));
        return new Loss(places.total().plus(offsets.total()), parts, maps::backward);
    }

    /** The tokens of crops, [B, 1, X, Y, Z] → [B, n·C]. */
    @Override
    protected Tensor computed(PositionLabelNetwork network, Tensor crops) {
        try (Autocast cast = Autocast.open(crops.device(), setup().precision())) {
            return rows(network.deepest(crops)).reshape(crops.size(0), -1);
        }
    }

    /** [B, C, x, y, z] → [B, n, C]. */
    private static Tensor rows(Tensor map) {
        return Rearrange.permute(map, 0, 2, 3, 4, 1)
                .reshape(map.size(0), -1, map.size(1))
                .to(DType.F32);
    }

    /**
     * The loss, and how many of the tokens that count are placed right.
     *
     * @param logits [N, places]
     * @param numbers of the places, [N, 1]
     * @param seen 1 where a token counts, else 0, [N, 1]
     */
    static Loss loss(Tensor logits, Tensor numbers, Tensor seen) {
        Tensor right = Ops.oneHot(numbers, logits);
        return new Loss(
                CrossEntropy.of(logits, right, seen), Map.of(Choice.ACCURACY, TopOne.share(logits, right, seen)));
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    /** The place of the nearest of all tokens in the same crops of the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Map<String, Double> numbers = new LinkedHashMap<>(places.chance());
        Batch others = mean.get();
        int counted = 0;
        int right = 0;
        for (long sample = 0; sample < batch.block(CROPS).size(0); sample++) {
            List<float[]> own = patches(batch, sample);
            List<float[]> like = patches(others, sample);
            float[] number = batch.block(PLACES).narrow(0, sample, 1).toFloats();
            float[] seen = batch.block(SEEN).narrow(0, sample, 1).toFloats();
            for (int i = 0; i < own.size(); i++) {
                if (seen[i] == 1) {
                    counted++;
                    right += number[Distance.nearest(own.get(i), like)] == number[i] ? 1 : 0;
                }
            }
        }
        numbers.put("mean scan", (double) right / Math.max(1, counted));
        return numbers;
    }

    /** What the tokens of a sample show, crop after crop. */
    private List<float[]> patches(Batch batch, long sample) {
        Tensor crops = batch.block(CROPS).narrow(0, sample, 1);
        return Arrays.stream(Rows.of(crops.reshape(settings.crops(), -1)))
                .flatMap(
                        crop -> IntStream.range(0, tokens.count()).mapToObj(j -> tokens.patch(j, crop, setup().view())))
                .toList();
    }

    /** What the network says of crops without anatomy. */
    @Override
    protected Map<String, Batch> blind(Batch batch) {
        Tensor crops = batch.block(CROPS);
        SplittableRandom random = batch.draws().random();
        double[] noise = random.doubles(crops.count()).toArray();
        Map<String, Batch> blind = new LinkedHashMap<>();
        blind.put("black", with(batch, crops.times(0)));
        blind.put(
                "noise",
                with(batch, Tensor.of(noise, crops.shape()).to(crops.type()).to(crops.device())));
        return blind;
    }

    private static Batch with(Batch batch, Tensor crops) {
        Map<String, Tensor> blocks = new LinkedHashMap<>(batch.blocks());
        blocks.put(CROPS, crops);
        return new Batch(blocks, batch.step(), batch.steps(), batch.draws());
    }

    /** Takes over what fits, but no table of positions. */
    @Override
    public LoadReport initialise(Map<String, Tensor> weights) {
        Map<String, Tensor> others = new LinkedHashMap<>(weights);
        others.keySet().removeIf(PlaceHead::isTable);
        return super.initialise(others);
    }
}
