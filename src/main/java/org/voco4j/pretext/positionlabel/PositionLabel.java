package org.voco4j.pretext.positionlabel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Where does each token of the encoder's coarsest map lie?
 *
 * <pre>  L = −(1/Σw) Σ_j w_j·log softmax(l_j)_{place of j},   w: 1 where a token shows the body, else 0 </pre>
 */
public final class PositionLabel extends EncoderTask<PositionLabel.Network> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String PLACES = "places"; // [K, n], the number of each token's place
    private static final String SEEN = "seen"; // [K, n], 1 where a token shows the body

    private final PositionLabelSettings settings;
    private final Tokens tokens;
    private final Choice places;

    /** The encoder, and what tells a token's place. */
    static final class Network extends EncoderWithHead {
        private final PlaceHead head;

        Network(Encoder encoder, int places) {
            super(encoder);
            head = part("position_label", new PlaceHead(channels(encoder), places));
        }

        private static int channels(Encoder encoder) {
            return encoder.channels().get(encoder.channels().size() - 1);
        }

        /** The coarsest map, [B, 1, X, Y, Z] → [B, C, x, y, z]. */
        Tensor map(Tensor crops) {
            return map(encoder(), crops);
        }

        private static Tensor map(Encoder encoder, Tensor crops) {
            if (encoder instanceof TokenEncoder tokens) {
                Tensor none = Tensor.zeros(crops.type(), 1, 1, 1, 1, 1).to(crops.device());
                Tensor token = Tensor.zeros(crops.type(), tokens.tokenSize()).to(crops.device());
                return tokens.deepest(
                        crops, none, token); // without convolutions, whose zeros beside the map tell places
            }
            List<Tensor> levels = encoder.levels(crops);
            return levels.get(levels.size() - 1);
        }

        /** Voxels of the coarsest map along each axis. */
        static Shape3 grid(Setup setup) {
            Shape3 view = setup.view();
            Encoder encoder = setup.encoder();
            try (Scope scope = Scope.open();
                    NoGrad none = NoGrad.open();
                    Evaluation evaluation = Evaluation.of(encoder)) {
                Tensor map = map(encoder, Tensor.zeros(DType.F32, 1, 1, view.x(), view.y(), view.z()));
                return new Shape3((int) map.size(2), (int) map.size(3), (int) map.size(4));
            }
        }

        /** Tokens [N, C] → [N, places]. */
        Tensor logits(Tensor tokens) {
            return head.forward(tokens);
        }

        @Override
        protected boolean isTaught(String weight) {
            return !(encoder() instanceof TokenEncoder tokens)
                    || weight.startsWith("position_label.")
                    || (tokens.isInDeepest(weight) && !PlaceHead.isTable(weight));
        }

        @Override
        protected void afterDrawing() {
            weights().forEach((name, weight) -> {
                if (PlaceHead.isTable(name)) {
                    weight.copyInPlace(Tensor.zeros(weight.type(), weight.shape()));
                }
            });
        }
    }

    PositionLabel(PositionLabelSettings settings, Setup setup) {
        this(settings, setup, new Tokens(Network.grid(setup)));
    }

    private PositionLabel(PositionLabelSettings settings, Setup setup, Tokens tokens) {
        super(setup, encoder -> new Network(encoder, places(settings, tokens)));
        this.settings = settings;
        this.tokens = tokens;
        places = new Choice(places(settings, tokens));
        if (places.classes() < 2) {
            throw new IllegalArgumentException("pretext.labels: crop needs an encoder whose coarsest map has more than"
                    + " one voxel; with crop.size " + setup.crop() + " it has one: take larger crops, or labels: scan");
        }
        requireTokens("positionlabel");
    }

    private static int places(PositionLabelSettings settings, Tokens tokens) {
        return settings.labels() == PositionLabelSettings.Labels.CROP
                ? tokens.count()
                : (int) settings.places().voxels();
    }

    @Override
    public List<Block> blocks() {
        List<Long> each = List.of((long) settings.crops(), (long) tokens.count());
        return List.of(crops(CROPS, settings.crops()), new Block(PLACES, each), new Block(SEEN, each));
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
            for (int j = 0; j < tokens.count(); j++) {
                numbers.put(
                        settings.labels() == PositionLabelSettings.Labels.CROP
                                ? j
                                : tokens.place(j, box, scan.shape(), settings.places()));
                seen.put(tokens.showsBody(j, crop, setup().view()) ? 1 : 0);
            }
        }
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Chunks maps = chunks(crops -> computed(network, crops), together(batch.block(CROPS)));
        Tensor features = maps.features(); // [B·K, n·C]
        Tensor logits = network.logits(features.reshape(features.size(0) * tokens.count(), -1));
        Loss loss = loss(
                logits, batch.block(PLACES).reshape(-1, 1), batch.block(SEEN).reshape(-1, 1));
        return new Loss(loss.total(), loss.parts(), maps::backward);
    }

    /** The tokens of crops, [B, 1, X, Y, Z] → [B, n·C]. */
    @Override
    protected Tensor computed(Network network, Tensor crops) {
        try (Autocast cast = Autocast.open(crops.device(), setup().precision())) {
            return rows(network.map(crops)).reshape(crops.size(0), -1);
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
