package org.voco4j.pretext.transvw;

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
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.ElasticField;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.IntensityCurve;
import org.voco4j.pretext.part.LocalShuffle;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TopOne;
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
    private static final String ACCURACY = "accuracy";
    private static final int BLOCKS = 5; // that are shuffled

    private final TransVwSettings settings;
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
        words = Words.draw(
                setup.volume(),
                RandomCrop.size(setup.volume(), settings.region()),
                settings.words(),
                settings.apart(),
                Draws.of(setup.seed()).at(settings.words()).random());
    }

    @Override
    public List<Block> blocks() {
        List<Long> of = List.of((long) settings.crops(), (long) settings.words());
        return List.of(crops(DISTORTED, settings.crops()), crops(ORIGINAL, settings.crops()), new Block(WORDS, of));
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
            for (int w = 0; w < settings.words(); w++) {
                into.block(WORDS).put(w == word ? 1 : 0);
            }
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
        Tensor right = batch.block(WORDS).reshape(-1, settings.words());
        Tensor logits = network.words(rows.narrow(1, 1, rows.size(1) - 1));
        Tensor word = CrossEntropy.of(logits, right);
        Tensor error = rows.narrow(1, 0, 1).mean();
        return new Loss(
                error.plus(word.times(settings.wordWeight())),
                Map.of("restoration", error, "word", word, ACCURACY, TopOne.share(logits, right)),
                chunks::backward);
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
        return ACCURACY;
    }

    /** Chance, and the word of the crop of the batch that looks nearest in the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor distorted = batch.block(DISTORTED);
        Tensor crops = distorted.reshape(distorted.size(0) * distorted.size(1), -1); // [B·K, voxels]
        Tensor others = mean.get().block(ORIGINAL).reshape(crops.size(0), -1);
        Tensor far = crops.matmul(others.transpose(0, 1))
                .times(-2)
                .plus(others.square().sumKeeping(1).transpose(0, 1)); // but for what all of a row have in common
        float[] distances = far.toFloats();
        float[] words = batch.block(WORDS).toFloats();
        int count = (int) crops.size(0);
        int right = 0;
        for (int i = 0; i < count; i++) {
            int nearest = 0;
            for (int j = 1; j < count; j++) {
                nearest = distances[i * count + j] < distances[i * count + nearest] ? j : nearest;
            }
            right += word(words, nearest) == word(words, i) ? 1 : 0;
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put("chance", 1.0 / settings.words());
        shares.put("mean scan", (double) right / count);
        return shares;
    }

    private int word(float[] words, int crop) {
        int word = 0;
        while (words[crop * settings.words() + word] == 0) {
            word++;
        }
        return word;
    }
}
