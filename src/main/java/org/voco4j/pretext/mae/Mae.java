package org.voco4j.pretext.mae;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.HiddenPatches;
import org.voco4j.pretext.part.MaskedAutoencoder;
import org.voco4j.volume.Volume;

/**
 * What do the hidden patches of a crop hold, told from the others, which are all that the encoder sees?
 *
 * <pre>  L = mean over hidden patches and their voxels of |y − x|, or (y − x)² </pre>
 */
public final class Mae extends EncoderTask<MaskedAutoencoder> {
    private static final int PASSES = 3; // backward costs two forward passes
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String ORDER = "order"; // [K, n], numbers of patches, hidden ones first

    private final MaeSettings settings;
    private final PatchLoss loss;
    private final HiddenPatches patches;

    /** Whose code. */
    public enum Variant {
        /** That of MIM-Med3D, from which VoCo has its rows. */
        MAE3D,
        /** That of facebookresearch/mae, and of MONAI's MaskedAutoEncoderViT. */
        MAE;

        PatchLoss loss() {
            return this == MAE3D ? PatchLoss.L1 : PatchLoss.MSE;
        }

        MaeSettings.Positions positions() {
            return this == MAE3D ? MaeSettings.Positions.LEARNED : MaeSettings.Positions.FIXED;
        }

        /** Whether the encoder's last norm comes before the decoder, and whether there is a class token. */
        boolean hasNormAndClassToken() {
            return this == MAE;
        }

        double maskToken() {
            return this == MAE3D ? 1 : 0.02;
        }

        /** The name as recipes write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Mae(MaeSettings settings, Setup setup) {
        super(setup, encoder -> new MaskedAutoencoder(encoder, settings.form()));
        this.settings = settings;
        loss = settings.lossOrTheirs();
        patches = HiddenPatches.of(network(), settings.ratio());
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(CROPS, settings.crops()), new Block(ORDER, List.of((long) settings.crops(), (long)
                patches.patches())));
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            into.block(CROPS).put(view(scans.get(0), crop(scans.get(0), random)));
            patches.draw(random, into.block(ORDER));
        }
    }

    private Tensor order(Batch batch) {
        return batch.block(ORDER).reshape(-1, patches.patches()); // [B·K, n]
    }

    @Override
    protected Loss loss(MaskedAutoencoder network, Batch batch) {
        Tensor crops = together(batch.block(CROPS)); // [B·K, 1, X, Y, Z]
        Tensor told = told(network, crops, order(batch));
        return new Loss(loss.of(told, network.patches(crops, patches.hidden(order(batch)))), Map.of());
    }

    private Tensor told(MaskedAutoencoder network, Tensor crops, Tensor order) {
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return network.told(crops, patches.hidden(order), patches.visible(order))
                    .to(DType.F32);
        }
    }

    @Override
    protected List<Tensor> restored(MaskedAutoencoder network, Batch batch) {
        Tensor crops = together(batch.block(CROPS));
        Tensor order = order(batch);
        Tensor told = loss.voxels(told(network, crops, order), network.patches(crops, patches.hidden(order)));
        return patches.restored(network, crops, order, told);
    }

    @Override
    protected boolean isMeanOverCrops() {
        return true; // as many patches are hidden of each
    }

    @Override
    protected Tensor computed(MaskedAutoencoder network, Tensor crops) {
        return told(network, crops, patches.unmoved(crops));
    }

    @Override
    protected String measure() {
        return "loss";
    }

    /** The mean of what is seen of a crop, what is seen carried on into the patches from their edges, and the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor crops = together(batch.block(CROPS));
        Map<String, Double> errors = new LinkedHashMap<>();
        patches.guesses(crops, order(batch), together(mean.get().block(CROPS)))
                .forEach((name, guess) -> errors.put(name, error(guess, crops, order(batch))));
        return errors;
    }

    private double error(Tensor guess, Tensor crops, Tensor order) {
        Tensor told = loss.target(network().patches(guess, patches.hidden(order)));
        return loss.of(told, network().patches(crops, patches.hidden(order))).item();
    }

    @Override
    public double flops() {
        return 2.0 * network().multiplyAdds(patches.visible()) * views() * PASSES;
    }
}
