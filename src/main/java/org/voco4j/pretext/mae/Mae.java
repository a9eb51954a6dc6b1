package org.voco4j.pretext.mae;

import java.nio.FloatBuffer;
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
import org.voco4j.pretext.part.MaskedAutoencoder;
import org.voco4j.pretext.part.TokenMask;
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
    private final int patches;
    private final int hidden;

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
        patches = network().count();
        hidden = (int) (settings.ratio() * patches);
        if (hidden < 1) {
            throw new IllegalArgumentException("pretext.ratio " + settings.ratio() + " hides none of the " + patches
                    + " patches of a crop: smaller patches are more, by model.patch");
        }
    }

    @Override
    public List<Block> blocks() {
        return List.of(
                crops(CROPS, settings.crops()), new Block(ORDER, List.of((long) settings.crops(), (long) patches)));
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        FloatBuffer order = into.block(ORDER);
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            into.block(CROPS).put(view(scans.get(0), crop(scans.get(0), random)));
            for (int patch : TokenMask.order(random.doubles(patches).toArray())) {
                order.put(patch);
            }
        }
    }

    private Tensor order(Batch batch) {
        return batch.block(ORDER).reshape(-1, patches); // [B·K, n]
    }

    private Tensor hidden(Tensor order) {
        return order.narrow(1, 0, hidden);
    }

    private Tensor visible(Tensor order) {
        return order.narrow(1, hidden, patches - hidden);
    }

    @Override
    protected Loss loss(MaskedAutoencoder network, Batch batch) {
        Tensor crops = together(batch.block(CROPS)); // [B·K, 1, X, Y, Z]
        Tensor told = told(network, crops, order(batch));
        return new Loss(loss.of(told, network.patches(crops, hidden(order(batch)))), Map.of());
    }

    private Tensor told(MaskedAutoencoder network, Tensor crops, Tensor order) {
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return network.told(crops, hidden(order), visible(order)).to(DType.F32);
        }
    }

    @Override
    protected List<Tensor> restored(MaskedAutoencoder network, Batch batch) {
        Tensor crops = together(batch.block(CROPS));
        Tensor order = order(batch);
        Tensor told = loss.voxels(told(network, crops, order), network.patches(crops, hidden(order)));
        Tensor whole = Tensor.concatenate(List.of(told, network.patches(crops, visible(order))), 1);
        return List.of(
                crops.times(TokenMask.spread(seen(order), crops)), network.crops(whole, where(order), crops), crops);
    }

    /** Where each patch stands in an order, [B, n]. */
    private Tensor where(Tensor order) {
        float[] numbers = order.toFloats();
        float[] where = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            where[i / patches * patches + (int) numbers[i]] = i % patches;
        }
        return Tensor.of(where, order.shape()).to(order.device());
    }

    @Override
    protected boolean isMeanOverCrops() {
        return true; // as many patches are hidden of each
    }

    @Override
    protected Tensor computed(MaskedAutoencoder network, Tensor crops) {
        float[] numbers = new float[patches];
        for (int i = 0; i < patches; i++) {
            numbers[i] = i;
        }
        Tensor order = Tensor.zeros(DType.F32, crops.size(0), 1).plus(Tensor.of(numbers, 1, patches));
        return told(network, crops, order.to(crops.device()));
    }

    @Override
    protected String measure() {
        return "loss";
    }

    /** The mean of what is seen of a crop, what is seen carried on into the patches from their edges, and the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor crops = together(batch.block(CROPS));
        Tensor seen = TokenMask.spread(seen(order(batch)), crops);
        Tensor level = crops.times(seen).sumKeeping(2, 3, 4).over(seen.sumKeeping(2, 3, 4));
        Tensor everywhere = crops.times(0).plus(level);
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("mean", error(everywhere, crops, order(batch)));
        errors.put("neighbours", error(TokenMask.filled(crops, seen), crops, order(batch)));
        errors.put("mean scan", error(together(mean.get().block(CROPS)), crops, order(batch)));
        return errors;
    }

    private double error(Tensor guess, Tensor crops, Tensor order) {
        Tensor told = loss.target(network().patches(guess, hidden(order)));
        return loss.of(told, network().patches(crops, hidden(order))).item();
    }

    /** 1 for visible patches, 0 for hidden ones: [B·K, X/p, Y/p, Z/p]. */
    private Tensor seen(Tensor all) {
        float[] order = visible(all).toFloats();
        int visible = patches - hidden;
        int crops = order.length / visible;
        float[] seen = new float[crops * patches];
        for (int i = 0; i < order.length; i++) {
            seen[i / visible * patches + (int) order[i]] = 1;
        }
        List<Integer> grid = network().grid();
        return Tensor.of(seen, crops, grid.get(0), grid.get(1), grid.size() == 2 ? 1 : grid.get(2))
                .to(setup().device());
    }

    @Override
    public double flops() {
        return 2.0 * network().multiplyAdds(patches - hidden) * views() * PASSES;
    }
}
