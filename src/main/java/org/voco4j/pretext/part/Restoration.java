package org.voco4j.pretext.part;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that distort crops and let a whole network for segmentation restore them.
 *
 * <pre>  L = mean (σ(f(distorted)) − original)² over all voxels </pre>
 */
public abstract class Restoration extends EncoderTask<EncoderWithDecoder> {
    private static final String DISTORTED = "distorted"; // [K, X, Y, Z]
    private static final String ORIGINAL = "original"; // [K, X, Y, Z]

    private final int crops;

    /** A crop, distorted and as it was, each of the size that goes through the encoder. */
    public record Pair(float[] distorted, float[] original) {}

    /**
     * A task with freshly drawn weights.
     *
     * @param crops of a scan
     * @throws IllegalArgumentException if the encoder has no way back up to voxels, or crops are too small for it
     */
    protected Restoration(Setup setup, int crops) {
        super(setup, () -> new EncoderWithDecoder(setup.encoderAndDecoder()));
        this.crops = crops;
    }

    /** Cuts a crop of a scan and distorts it; what is drawn must not depend on what the scan holds. */
    protected abstract Pair pair(Volume scan, SplittableRandom random);

    /**
     * The loss of voxels in [0, 1].
     *
     * @param logits [B, 1, X, Y, Z]
     * @param original as large
     * @return one value
     */
    public static Tensor error(Tensor logits, Tensor original) {
        return Ops.sigmoid(logits).minus(original).square().mean();
    }

    @Override
    public final List<Block> blocks() {
        return List.of(crops(DISTORTED, crops), crops(ORIGINAL, crops));
    }

    @Override
    public final int views() {
        return crops;
    }

    @Override
    public final void sample(List<Volume> scans, Sample into) {
        FloatBuffer distorted = into.block(DISTORTED);
        FloatBuffer original = into.block(ORIGINAL);
        for (int k = 0; k < crops; k++) {
            Pair pair = pair(scans.get(0), into.draws().at(k).random());
            distorted.put(pair.distorted());
            original.put(pair.original());
        }
    }

    /** The distorted crops of a batch, [B·K, 1, X, Y, Z]. */
    protected static Tensor distorted(Batch batch) {
        return together(batch.block(DISTORTED));
    }

    /** The same crops as they were. */
    protected static Tensor original(Batch batch) {
        return together(batch.block(ORIGINAL));
    }

    /** What the network makes of crops, before the sigmoid, [B, 1, X, Y, Z]. */
    protected final Tensor restored(EncoderWithDecoder network, Tensor crops) {
        return network.restored(crops, setup().precision());
    }

    @Override
    protected Loss loss(EncoderWithDecoder network, Batch batch) {
        return new Loss(error(restored(network, distorted(batch)), original(batch)), Map.of());
    }

    @Override
    protected Tensor computed(EncoderWithDecoder network, Tensor crops) {
        return restored(network, crops);
    }

    @Override
    protected final List<Tensor> restored(EncoderWithDecoder network, Batch batch) {
        Tensor distorted = distorted(batch);
        return List.of(distorted, Ops.sigmoid(restored(network, distorted)), original(batch));
    }

    @Override
    protected final boolean isMeanOverCrops() {
        return true;
    }

    @Override
    protected String measure() {
        return "loss";
    }

    /** The distorted crop as it is, and the mean of other scans at its place. */
    @Override
    protected final Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor original = batch.block(ORIGINAL);
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put(
                "distorted",
                batch.block(DISTORTED).minus(original).square().mean().item());
        errors.put(
                "mean scan",
                mean.get().block(ORIGINAL).minus(original).square().mean().item());
        return errors;
    }
}
