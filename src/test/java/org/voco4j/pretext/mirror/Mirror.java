package org.voco4j.pretext.mirror;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.volume.Volume;

/** Was a crop mirrored, left to right? The method that docs/how-to/add-a-pretext-task.md walks through; it is in no catalogue. */
final class Mirror extends EncoderTask<Mirror.Network> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String MIRRORED = "mirrored"; // [K, 2], one of each row 1

    private final MirrorSettings settings;
    private final Choice choice = new Choice(2);

    /** The encoder, and a perceptron on its pooled features. */
    static final class Network extends EncoderWithHead {
        private final Perceptron head;

        Network(Encoder encoder, int hidden) {
            super(encoder);
            head = part("mirror_head", new Perceptron(PooledLevels.count(encoder), hidden, 2));
        }
    }

    Mirror(MirrorSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, settings.hidden()));
        this.settings = settings;
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(CROPS, settings.crops()), choice.block(MIRRORED, settings.crops()));
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
            boolean mirrored = random.nextBoolean();
            into.block(CROPS).put(new PatchAugmentation.View(mirrored, false, false, 0, 1, 0).of(crop, setup().view()));
            choice.put(mirrored ? 1 : 0, into.block(MIRRORED));
        }
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Chunks pooled = pooled(network, together(batch.block(CROPS)));
        return choice.loss(
                network.head.forward(pooled.features()), choice.together(batch.block(MIRRORED)), pooled::backward);
    }

    @Override
    protected String measure() {
        return Choice.ACCURACY;
    }

    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        return choice.chance();
    }
}
