package org.voco4j.pretext.masked;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PixelHead;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.TokenMask;
import org.voco4j.volume.Shape3;

/**
 * What do the hidden cells of a crop hold? Most cells are hidden, and their voxels are to be told by one linear map of the
 * encoder's coarsest features (SimMIM, Xie et al., CVPR 2022; in 3-D MIM-Med3D, Chen et al., WACV 2023).
 *
 * <pre>  L = Σ |x − y|·w / Σ w,    y = shuffle(W·map + b),    w = 1 in hidden cells, else 0 </pre>
 *
 * <p>A transformer sees a learned token in place of each hidden patch; any other encoder sees hidden voxels as 0.
 */
public final class SimMim extends MaskedImage<SimMim.Network> {
    private static final String TOKEN = "mask_token";

    /** The encoder, the token for what is hidden, and the map to voxels. */
    static final class Network extends EncoderWithHead {
        private final @Nullable Tensor token;
        private final double deviation;
        private final PixelHead pixels;

        Network(Encoder encoder, Shape3 view, double deviation) {
            super(encoder);
            this.deviation = deviation;
            token = encoder instanceof TokenEncoder tokens ? weight(TOKEN, tokens.tokenSize()) : null;
            pixels = part("to_pixels", new PixelHead(deepestChannels(), block(view)));
        }

        /** Voxels for one of the coarsest map, along each axis. */
        private List<Integer> block(Shape3 view) {
            Shape3 map = deepestShape(view);
            List<Integer> block = new ArrayList<>();
            for (int axis = 0; axis < 3; axis++) {
                if (view.along(axis) % map.along(axis) != 0) {
                    throw new IllegalArgumentException("crop.size must be a multiple of the " + map.x()
                            + " voxels of the encoder's coarsest map for pretext.task: simmim, not " + view.x());
                }
                block.add(view.along(axis) / map.along(axis));
            }
            return block;
        }

        /** [B, 1, X, Y, Z] and what is hidden of it, [B, cells] → [B, 1, X, Y, Z]. */
        Tensor predicted(Tensor crops, Tensor hidden) {
            Tensor map = encoder() instanceof TokenEncoder tokens && token != null
                    ? tokens.deepest(crops, TokenMask.spread(hidden, crops, tokens.patch()), token)
                    : last(encoder()
                            .levels(crops.times(
                                    TokenMask.spread(hidden, crops).times(-1).plus(1))));
            return pixels.forward(map);
        }

        @Override
        protected boolean isTaught(String weight) {
            return !encoder().stateDict().containsKey(weight) || isInDeepest(weight);
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
        super(
                setup,
                settings.crops(),
                settings.cells(),
                settings.ratio(),
                () -> new Network(setup.encoder(), setup.view(), settings.maskToken()));
        int cell = setup.crop() / settings.cells();
        if (network().encoder() instanceof TokenEncoder tokens) {
            if (tokens.patch().stream().anyMatch(edge -> cell % edge != 0)) {
                throw new IllegalArgumentException(
                        "pretext.cells must leave cells of whole patches of " + tokens.patch() + " voxels in crops of "
                                + setup.crop() + ", not " + settings.cells() + " cells of " + cell);
            }
        }
        requireTokens("simmim");
    }

    @Override
    Tensor predicted(Network network, Tensor crops, Tensor hidden) {
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return network.predicted(crops, hidden).to(DType.F32);
        }
    }

    @Override
    Tensor error(Tensor predicted, Tensor crops, Tensor hidden) {
        return MaskedL1.of(predicted, crops, hidden);
    }
}
