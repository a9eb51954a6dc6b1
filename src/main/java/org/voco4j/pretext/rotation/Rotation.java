package org.voco4j.pretext.rotation;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Distance;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which way was a crop turned? A random crop is resized to a cube, turned by a class drawn uniformly, and the class is to be
 * told from the encoder's pooled features (Gidaris et al., ICLR 2018; in 3-D Taleb et al., NeurIPS 2020).
 *
 * <pre>  L = −(1/BK) Σ log softmax(l)_c,    l = W₂·relu(W₁·pooled + b₁) + b₂ </pre>
 *
 * <p>Class 0 turns nothing; 1 to 3 are as many quarter turns of x towards y, 4 to 6 of x towards z, 7 to 9 of y towards z.
 */
public final class Rotation extends EncoderTask<Rotation.Network> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String CLASSES = "classes"; // [K, classes], one of each row 1
    private static final double LEAST_BODY = 0.2; // air has no orientation
    private static final int DRAWS = 10; // at most, until a crop holds so much of the body

    private final RotationSettings settings;
    private final Choice turns;

    /** The encoder, and two linear maps on its pooled features. */
    static final class Network extends EncoderWithHead {
        private final Perceptron head;

        Network(Encoder encoder, int hidden, int classes) {
            super(encoder);
            head = part("rotation_head", new Perceptron(PooledLevels.count(encoder), hidden, classes));
        }

        /** [B, Σ c] → [B, classes]. */
        Tensor logits(Tensor pooled) {
            return head.forward(pooled);
        }
    }

    Rotation(RotationSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, settings.hidden(), settings.classes().count));
        this.settings = settings;
        turns = new Choice(settings.classes().count);
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(CROPS, settings.crops()), turns.block(CLASSES, settings.crops()));
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        Shape3 view = setup().view();
        FloatBuffer crops = into.block(CROPS);
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            int turned = random.nextInt(turns.classes()); // before what depends on the scan
            float[] crop = view(scan, RandomCrop.sample(scan.shape(), settings.grid(), random));
            for (int draw = 1; draw < DRAWS && body(crop) < LEAST_BODY; draw++) {
                crop = view(scan, RandomCrop.sample(scan.shape(), settings.grid(), random));
            }
            crops.put(Turn.of(crop, view, turned));
            turns.put(turned, into.block(CLASSES));
        }
    }

    /** The share of voxels above the lowest value. */
    private static double body(float[] crop) {
        int above = 0;
        for (float value : crop) {
            above += value > 0 ? 1 : 0;
        }
        return (double) above / crop.length;
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Tensor cubes = together(batch.block(CROPS)); // [B·K, 1, X, Y, Z]
        Chunks pooled = pooled(network, cubes);
        Tensor right = turns.together(batch.block(CLASSES));
        return turns.loss(network.logits(pooled.features()), right, pooled::backward);
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    /**
     * Chance, and the turn by which the same crop of the mean of other scans comes nearest; where only one of the two was drawn anew for
     * more of the body, they lie apart, and it errs.
     */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Map<String, Double> numbers = new LinkedHashMap<>(turns.chance());
        List<float[]> crops = rows(batch.block(CROPS));
        List<float[]> others = rows(mean.get().block(CROPS));
        float[] classes = batch.block(CLASSES).toFloats();
        int right = 0;
        for (int i = 0; i < crops.size(); i++) {
            int turned = turns.of(classes, i);
            float[] upright = Turn.of(others.get(i), setup().view(), Turn.inverse(turned));
            List<float[]> all = IntStream.range(0, turns.classes())
                    .mapToObj(turn -> Turn.of(upright, setup().view(), turn))
                    .toList();
            right += Distance.nearest(crops.get(i), all) == turned ? 1 : 0;
        }
        numbers.put("mean scan", (double) right / crops.size());
        return numbers;
    }

    private static List<float[]> rows(Tensor crops) {
        return List.of(Rows.of(together(crops).reshape(crops.size(0) * crops.size(1), -1)));
    }
}
