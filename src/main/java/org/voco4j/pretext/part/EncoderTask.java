package org.voco4j.pretext.part;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Embedding;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that teach one encoder with a head on it: weights, checkpoint, export, and the features that are
 * measured. A batch goes through the network as a whole.
 *
 * @param <N> the encoder and the head
 */
public abstract class EncoderTask<N extends Module> implements PretextTask {
    private static final int PASSES = 3; // backward costs two forward passes

    private final Setup setup;
    private final Supplier<N> made;
    private final Function<N, Encoder> encoder;
    private final N network;

    /**
     * A task with freshly drawn weights.
     *
     * @param made makes the network without weights
     * @param encoder its part that is handed on
     * @throws IllegalArgumentException if crops are too small for the encoder
     */
    protected EncoderTask(Setup setup, Supplier<N> made, Function<N, Encoder> encoder) {
        this.setup = setup;
        this.made = made;
        this.encoder = encoder;
        network = drawn();
        int smallest = encoder.apply(network).smallestCrop();
        if (setup.crop() < smallest) {
            throw new IllegalArgumentException(
                    "crop.size must be at least " + smallest + " for this encoder, not " + setup.crop());
        }
    }

    private N drawn() {
        N drawn = made.get();
        drawn.initialise(setup.seed());
        drawn.to(setup.device(), DType.F32);
        return drawn;
    }

    /** A random crop of a scan, as large as a base of the gate. */
    protected static Box crop(Volume scan, SplittableRandom random) {
        return RandomCrop.sample(scan.shape(), PretextMethod.GRID, random);
    }

    /** A crop cut and resized to what goes through the encoder (trilinear, corners aligned). */
    protected final float[] view(Volume scan, Box box) {
        float[] values = new float[Math.toIntExact(setup.view().voxels())];
        Resize.trilinear(scan.voxels(), scan.shape(), box, true, setup.view(), values, 0);
        return values;
    }

    /** The crops of all samples as one batch: [B, K, X, Y, Z] → [B·K, 1, X, Y, Z]. */
    protected static Tensor together(Tensor crops) {
        return crops.reshape(-1, 1, crops.size(2), crops.size(3), crops.size(4));
    }

    /** What it is built around. */
    protected final Setup setup() {
        return setup;
    }

    /** The encoder and the head. */
    protected final N network() {
        return network;
    }

    private record Features<N extends Module>(N network, Encoder encoder, Setup setup) implements Embedding {
        @Override
        public Tensor pooled(Tensor crops) {
            return PooledLevels.of(encoder, crops, setup.precision());
        }
    }

    private Embedding features(N of) {
        return new Features<>(of, encoder.apply(of), setup);
    }

    @Override
    public Embedding embedding() {
        return features(network);
    }

    @Override
    public Embedding untrained() {
        return features(drawn());
    }

    @Override
    public List<Group> trainable() {
        return List.of(new Group(network.weights(), 1, 1));
    }

    @Override
    public Map<String, Tensor> state() {
        return network.state();
    }

    @Override
    public Map<String, Tensor> export() {
        return network.stateDict();
    }

    @Override
    public LoadReport initialise(Map<String, Tensor> weights) {
        Encoder part = encoder.apply(network);
        LoadReport report = network.loadMatching(weights, new LoadRequest(name -> true, null, 1, part.positionGrid()));
        if (Collections.disjoint(report.loaded(), part.weights().keySet())) {
            throw new IllegalArgumentException("no weight of the encoder could be loaded: " + report.sentence());
        }
        return report;
    }

    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void chunk(int views) {
        throw new IllegalArgumentException(views + " crops at once: a batch of this method goes through as a whole");
    }

    @Override
    public void trial(int views, boolean whole) {
        Shape3 view = setup.view();
        Tensor empty =
                Tensor.zeros(DType.F32, views, 1, view.x(), view.y(), view.z()).to(setup.device());
        try (Evaluation none = Evaluation.of(network)) { // no running average may see what is no scan
            features(network).pooled(empty).sum().backward();
        }
    }

    @Override
    public double flops() {
        return 2.0 * encoder.apply(network).multiplyAdds(setup.crop()) * views() * PASSES;
    }
}
