package org.voco4j.pretext.transvw;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.ElasticField;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.IntensityCurve;
import org.voco4j.pretext.part.LocalShuffle;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which word is a distorted crop, and what did it look like? A word is a place of scans on one grid.
 *
 * <pre>  L = mean (σ(f(distorted)) − original)² + λ_w·CE(word) </pre>
 */
public final class TransVw extends EncoderTask<TransVwNetwork> {
    private static final String DISTORTED = "distorted"; // [K, X, Y, Z]
    private static final String ORIGINAL = "original"; // [K, X, Y, Z]
    private static final String WORDS = "words"; // [K, words], one of each row 1
    private static final int BLOCKS = 5; // that are shuffled

    private final TransVwSettings settings;
    private final Choice choice;
    private final Words words;

    TransVw(TransVwSettings settings, Setup setup) {
        super(
                setup,
                () -> new TransVwNetwork(setup.encoderAndDecoder(), setup.view(), settings.hidden(), settings.words()));
        if (setup.samples() * settings.crops() < 2) {
            throw new IllegalArgumentException("transvw's head norms over the crops of a step: batch.volumes times"
                    + " pretext.crops must be at least 2");
        }
        this.settings = settings;
        choice = new Choice(settings.words());
        words = Words.draw(
                setup.volume(),
                RandomCrop.size(setup.volume(), settings.region()),
                settings.words(),
                settings.apart(),
                Draws.of(setup.seed()).at(settings.words()).random());
    }

    @Override
    public List<Block> blocks() {
        return List.of(
                crops(DISTORTED, settings.crops()),
                crops(ORIGINAL, settings.crops()),
                choice.block(WORDS, settings.crops()));
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            int word = random.nextInt(settings.words());
            float[] original = view(scans.get(0), words.version(word, random));
            into.block(ORIGINAL).put(original);
            into.block(DISTORTED).put(distorted(original, setup().view(), random));
            choice.put(word, into.block(WORDS));
        }
    }

    /** Bent, then distorted in one of four ways. */
    private static float[] distorted(float[] crop, Shape3 shape, SplittableRandom random) {
        float[] bent = ElasticField.draw(shape, random).of(crop);
        return switch (random.nextInt(4)) {
            case 0 -> LocalShuffle.of(bent, shape, BLOCKS, random);
            case 1 -> IntensityCurve.draw(random).of(bent);
            case 2 -> {
                Box box = Painting.innerBox(shape, random);
                yield Painting.of(bent, Painting.noise(shape, random), shape, List.of(box));
            }
            default -> {
                Box box = Painting.outerBox(shape, random);
                yield Painting.of(Painting.noise(shape, random), bent, shape, List.of(box));
            }
        };
    }

    /**
     * What the network makes of crops, row by row: the error of restoration, and the deepest map.
     *
     * @param pairs [B, 2, X, Y, Z]: distorted, and as it was
     * @return [B, 1 + C·x·y·z]
     */
    private Tensor rows(TransVwNetwork network, Tensor pairs) {
        try (Autocast cast = Autocast.open(pairs.device(), setup().precision())) {
            List<Tensor> maps = network.maps(pairs.narrow(1, 0, 1));
            Tensor deepest = maps.get(maps.size() - 1).to(DType.F32);
            Tensor restored = Ops.sigmoid(network.restored(maps).to(DType.F32));
            Tensor error = restored.minus(pairs.narrow(1, 1, 1)).square().mean(2, 3, 4); // [B, 1]
            return Tensor.concatenate(List.of(error, deepest.reshape(deepest.size(0), -1)), 1);
        }
    }

    @Override
    protected Loss loss(TransVwNetwork network, Batch batch) {
        Tensor pairs =
                Tensor.concatenate(List.of(together(batch.block(DISTORTED)), together(batch.block(ORIGINAL))), 1);
        Chunks chunks = chunks(some -> rows(network, some), pairs);
        Tensor rows = chunks.features();
        Tensor right = choice.together(batch.block(WORDS));
        Tensor logits = network.words(rows.narrow(1, 1, rows.size(1) - 1));
        Loss word = choice.loss(logits, right, chunks::backward);
        Tensor error = rows.narrow(1, 0, 1).mean();
        Map<String, Tensor> parts = new LinkedHashMap<>(word.parts());
        parts.put("restoration", error);
        parts.put("word", word.total());
        return new Loss(error.plus(word.total().times(settings.wordWeight())), parts, word.rest());
    }

    @Override
    protected List<Tensor> restored(TransVwNetwork network, Batch batch) {
        Tensor distorted = together(batch.block(DISTORTED));
        Tensor found = Ops.sigmoid(network.restored(distorted, setup().precision()));
        return List.of(distorted, found, together(batch.block(ORIGINAL)));
    }

    @Override
    protected Tensor computed(TransVwNetwork network, Tensor crops) {
        return rows(network, Tensor.concatenate(List.of(crops, crops), 1));
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    /** Chance, and the word of the crop of the batch that looks nearest in the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        List<float[]> crops = images(batch.block(DISTORTED));
        List<float[]> others = images(mean.get().block(ORIGINAL));
        float[] words = batch.block(WORDS).toFloats();
        int right = 0;
        for (int i = 0; i < crops.size(); i++) {
            right += choice.of(words, Distance.nearest(crops.get(i), others)) == choice.of(words, i) ? 1 : 0;
        }
        Map<String, Double> shares = new LinkedHashMap<>(choice.chance());
        shares.put("mean scan", (double) right / crops.size());
        return shares;
    }

    /** The voxels of each crop: [B, K, X, Y, Z]. */
    private static List<float[]> images(Tensor crops) {
        return Arrays.asList(Rows.of(crops.reshape(crops.size(0) * crops.size(1), -1)));
    }
}
