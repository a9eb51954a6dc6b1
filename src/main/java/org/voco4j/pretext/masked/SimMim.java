package org.voco4j.pretext.masked;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.head.PixelHead;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.TokenMask;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What do the hidden cells of a crop hold? Most cells are hidden, and their voxels are to be told by one linear map of the
 * encoder's coarsest features (SimMIM, Xie et al., CVPR 2022; in 3-D MIM-Med3D, Chen et al., WACV 2023).
 *
 * <pre>  L = Σ |x − y|·w / Σ w,    y = shuffle(W·map + b),    w = 1 in hidden cells, else 0 </pre>
 *
 * <p>A transformer sees a learned token in place of each hidden patch; any other encoder sees hidden voxels as 0.
 */
public final class SimMim extends EncoderTask<SimMim.Network> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String HIDDEN = "hidden"; // [K, cells along X, Y, Z], 1 where hidden
    private static final String TOKEN = "mask_token";

    private final SimMimSettings settings;

    /** The encoder, the token for what is hidden, and the map to voxels. */
    static final class Network extends EncoderWithHead {
        private final @Nullable Tensor token;
        private final double deviation;
        private final PixelHead pixels;

        Network(Encoder encoder, Shape3 view, double deviation) {
            super(encoder);
            this.deviation = deviation;
            token = encoder instanceof TokenEncoder tokens ? weight(TOKEN, tokens.tokenSize()) : null;
            pixels = part("to_pixels", new PixelHead(last(encoder.channels()), block(encoder, view)));
        }

        /** Voxels for one of the coarsest map, along each axis. */
        private static List<Integer> block(Encoder encoder, Shape3 view) {
            try (Scope scope = Scope.open();
                    NoGrad none = NoGrad.open();
                    Evaluation evaluation = Evaluation.of(encoder)) {
                Tensor map = last(encoder.levels(Tensor.zeros(DType.F32, 1, 1, view.x(), view.y(), view.z())));
                List<Integer> block = new ArrayList<>();
                for (int axis = 0; axis < 3; axis++) {
                    if (view.along(axis) % map.size(2 + axis) != 0) {
                        throw new IllegalArgumentException("crop.size must be a multiple of the " + map.size(2)
                                + " voxels of the encoder's coarsest map for pretext.task: simmim, not " + view.x());
                    }
                    block.add((int) (view.along(axis) / map.size(2 + axis)));
                }
                return block;
            }
        }

        /** [B, 1, X, Y, Z] and what is hidden of it, [B, cells] → [B, 1, X, Y, Z]. */
        Tensor predicted(Tensor crops, Tensor hidden) {
            Tensor map = encoder() instanceof TokenEncoder tokens && token != null
                    ? tokens.deepest(crops, TokenMask.spread(hidden, crops, tokens.patch()), token)
                    : last(encoder()
                            .levels(crops.times(
                                    TokenMask.spread(hidden, crops, 1).times(-1).plus(1))));
            return pixels.forward(map);
        }

        @Override
        protected boolean isTaught(String weight) {
            return !(encoder() instanceof TokenEncoder tokens)
                    || weight.equals(TOKEN)
                    || weight.startsWith("to_pixels.")
                    || tokens.isInDeepest(weight);
        }

        @Override
        protected void drawWeights(Initialiser initialiser) {
            if (token != null) {
                initialiser.normal(TOKEN, token, deviation);
            }
        }

        private static <T> T last(List<T> all) {
            return all.get(all.size() - 1);
        }
    }

    SimMim(SimMimSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, setup.view(), settings.maskToken()));
        this.settings = settings;
        int cell = setup.crop() / settings.cells();
        if (network().encoder() instanceof TokenEncoder tokens) {
            if (cell % tokens.patch() != 0) {
                throw new IllegalArgumentException(
                        "pretext.cells must leave cells of whole patches of " + tokens.patch() + " voxels in crops of "
                                + setup.crop() + ", not " + settings.cells() + " cells of " + cell);
            }
        } else if (Set.of(Backbone.Name.SWIN_UNETR, Backbone.Name.UNETR)
                .contains(setup.backbone().encoder())) {
            throw new IllegalArgumentException(
                    "pretext.task: simmim hides tokens of transformers with model.dims: 3 only");
        }
    }

    @Override
    public List<Block> blocks() {
        Shape3 grid = grid();
        List<Long> cells = List.of((long) settings.crops(), (long) grid.x(), (long) grid.y(), (long) grid.z());
        return List.of(crops(CROPS, settings.crops()), new Block(HIDDEN, cells));
    }

    private Shape3 grid() {
        int cells = settings.cells();
        return new Shape3(cells, cells, setup().view().z() == 1 ? 1 : cells);
    }

    @Override
    public int views() {
        return settings.crops();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        FloatBuffer hidden = into.block(HIDDEN);
        for (int k = 0; k < settings.crops(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            into.block(CROPS).put(view(scans.get(0), crop(scans.get(0), random)));
            hidden.put(TokenMask.draw(random.doubles(grid().voxels()).toArray(), settings.ratio()));
        }
    }

    private Tensor cells(Batch batch) {
        return batch.block(HIDDEN).reshape(-1, grid().x(), grid().y(), grid().z()); // [B·K, …]
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Tensor crops = together(batch.block(CROPS)); // [B·K, 1, X, Y, Z]
        Tensor predicted = predicted(network, crops, cells(batch));
        return new Loss(MaskedL1.of(predicted, crops, TokenMask.spread(cells(batch), crops, 1)), Map.of());
    }

    private Tensor predicted(Network network, Tensor crops, Tensor hidden) {
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return network.predicted(crops, hidden).to(DType.F32);
        }
    }

    @Override
    protected String measure() {
        return "loss";
    }

    /** The mean of what is seen of a crop, what is seen carried on into the cells from their edges, and the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor crops = together(batch.block(CROPS));
        Tensor hidden = TokenMask.spread(cells(batch), crops, 1);
        Tensor seen = hidden.times(-1).plus(1);
        Tensor level = crops.times(seen).sumKeeping(2, 3, 4).over(seen.sumKeeping(2, 3, 4));
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("mean", MaskedL1.of(level, crops, hidden).item());
        errors.put(
                "neighbours",
                MaskedL1.of(TokenMask.filled(crops, seen), crops, hidden).item());
        Tensor others = together(mean.get().block(CROPS));
        errors.put("mean scan", MaskedL1.of(others, crops, hidden).item());
        return errors;
    }

    @Override
    protected boolean isMeanOverCrops() {
        return true; // as many cells are hidden of each
    }

    @Override
    protected Tensor computed(Network network, Tensor crops) {
        Shape3 grid = grid();
        Tensor none = Tensor.zeros(DType.F32, crops.size(0), grid.x(), grid.y(), grid.z());
        return predicted(network, crops, none.to(crops.device()));
    }
}
