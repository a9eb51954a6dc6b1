package org.voco4j.pretext.gvsl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.IntensityCurve;
import org.voco4j.pretext.part.LocalShuffle;
import org.voco4j.pretext.part.Painting;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Where in one scan is what another one shows, and what was there before it was distorted? Crops A and B are of one place of two scans, A is
 * distorted; B is moved onto A, by an affine map and then by a flow, and A is restored.
 *
 * <pre>  L = 1 − mean c(moved B, A) + mean (restored − A)² + λ·roughness(flow)      c: {@link LocalCorrelation} </pre>
 */
public final class Gvsl extends EncoderTask<GvslNetwork> {
    private static final String FIXED = "fixed"; // A, [K, X, Y, Z]
    private static final String DISTORTED = "distorted"; // [K, X, Y, Z]
    private static final String MOVING = "moving"; // B, [K, X, Y, Z]
    private static final String SIMILARITY = "similarity"; // of the part of A that is not black
    private static final double SHUFFLED = 0.8;
    private static final double CURVED = 0.9;

    private final GvslSettings settings;

    Gvsl(GvslSettings settings, Setup setup) {
        super(setup, () -> new GvslNetwork(setup.encoderAndDecoder(GvslNetwork.FINEST), settings.variant()));
        this.settings = settings;
    }

    @Override
    public List<Block> blocks() {
        return List.of(
                crops(FIXED, settings.crops()), crops(DISTORTED, settings.crops()), crops(MOVING, settings.crops()));
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public int scans() {
        return 2;
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            Box place = crop(scans.get(0), random);
            float[] fixed = view(scans.get(0), place);
            into.block(FIXED).put(fixed);
            into.block(DISTORTED).put(distorted(fixed, setup().view(), random));
            into.block(MOVING).put(view(scans.get(1), place));
        }
    }

    /** Shuffled within small blocks and brightened by a rising curve, both more often than not, and painted over in boxes. */
    private static float[] distorted(float[] crop, Shape3 shape, SplittableRandom random) {
        float[] now = crop;
        if (random.nextDouble() < SHUFFLED) {
            now = LocalShuffle.of(now, shape, random);
        }
        if (random.nextDouble() < CURVED) {
            now = new IntensityCurve(
                            random.nextDouble(), random.nextDouble(), random.nextDouble(), random.nextDouble(), false)
                    .of(now);
        }
        return Painting.of(now, Painting.noise(shape, random), shape, Painting.inner(shape, random));
    }

    private GvslNetwork.Registered registered(GvslNetwork network, Tensor moving, Tensor distorted) {
        try (Autocast cast = Autocast.open(moving.device(), setup().precision())) {
            return network.forward(moving, distorted);
        }
    }

    @Override
    protected Loss loss(GvslNetwork network, Batch batch) {
        Tensor fixed = together(batch.block(FIXED)); // [B·K, 1, X, Y, Z]
        GvslNetwork.Registered found =
                registered(network, together(batch.block(MOVING)), together(batch.block(DISTORTED)));
        Tensor similarity = LocalCorrelation.of(found.moved(), fixed, settings.window());
        Tensor apart = similarity.mean().times(-1).plus(1);
        Tensor error = found.restored().minus(fixed).square().mean();
        Tensor roughness = Flow.roughness(found.flow());
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put("registration", apart);
        parts.put("restoration", error);
        parts.put("roughness", roughness);
        parts.put("folded", Flow.folded(found.flow().detach()));
        parts.put(SIMILARITY, ofBody(similarity.detach(), fixed));
        return new Loss(apart.plus(error).plus(roughness.times(settings.smoothness())), parts);
    }

    /** The mean of a map over voxels above 0, crop by crop; of a black crop 0. */
    private static Tensor ofBody(Tensor map, Tensor crops) {
        Tensor body = Ops.isAbove(crops, 0);
        return map.times(body)
                .sumKeeping(2, 3, 4)
                .over(body.sumKeeping(2, 3, 4).atLeast(1))
                .mean();
    }

    @Override
    protected boolean isMeanOverCrops() {
        return true;
    }

    /** Both crops of each pair go through. */
    @Override
    protected Tensor computed(GvslNetwork network, Tensor crops) {
        GvslNetwork.Registered found = registered(network, crops, crops);
        return LocalCorrelation.of(found.moved(), crops, settings.window())
                .mean()
                .plus(found.restored().mean())
                .plus(Flow.roughness(found.flow()));
    }

    @Override
    protected List<Tensor> restored(GvslNetwork network, Batch batch) {
        Tensor distorted = together(batch.block(DISTORTED));
        Tensor found =
                registered(network, together(batch.block(MOVING)), distorted).restored();
        return List.of(distorted, found, together(batch.block(FIXED)));
    }

    @Override
    protected String measure() {
        return SIMILARITY;
    }

    /** The other scan as it is, and the mean of other scans, at the same place. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor fixed = together(batch.block(FIXED));
        Map<String, Double> similar = new LinkedHashMap<>();
        similar.put("unmoved", similarity(together(batch.block(MOVING)), fixed));
        similar.put("mean scan", similarity(together(mean.get().block(FIXED)), fixed));
        return similar;
    }

    private double similarity(Tensor crops, Tensor fixed) {
        return ofBody(LocalCorrelation.of(crops, fixed, settings.window()), fixed)
                .item();
    }

    /** There are two crops in a pair. */
    @Override
    public double flops() {
        return 2 * super.flops();
    }
}
