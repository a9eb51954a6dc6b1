package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.FlatEncoder;
import org.voco4j.network.transformer.Patches;
import org.voco4j.network.transformer.TransformerBlock;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.network.transformer.VisionTransformer;

/**
 * A vision transformer for the visible patches of crops, and the decoder that tells the hidden ones.
 *
 * <p>Shapes: B crops of n patches, H of them hidden and V visible; h numbers of an encoder's token, d of a decoder's, v voxels of a patch.
 */
public class MaskedAutoencoder extends EncoderWithHead {
    private static final double CLASS_TOKEN = 0.02; // deviation of its first draw (facebookresearch/mae)
    private static final String CLASS = "cls_token";
    private static final String MASK = "mask_token";
    private static final String PLACES = "decoder_pos_emb.weight";

    private final Form form;
    private final UnetrEncoder unetr;
    private final VisionTransformer vit;
    private final @Nullable Tensor classToken;
    private final Tensor maskToken;
    private final Tensor places;
    private final Linear narrower;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear pixels;

    /**
     * In what masked autoencoders differ.
     *
     * @param fixedPositions whether patches are told apart by sines and cosines instead of tables that are learned; a decoder's table begins
     *     as N(0, 1)
     * @param lastNorm whether the encoder's last norm comes before the decoder
     * @param classToken whether a token of no patch goes with those of patches
     * @param maskToken deviation of the first draw of what stands for a hidden patch
     * @param hidden d
     * @param blocks of the decoder
     * @param heads of its attention
     * @param perceptron hidden numbers of its perceptrons
     */
    public record Form(
            boolean fixedPositions,
            boolean lastNorm,
            boolean classToken,
            double maskToken,
            int hidden,
            int blocks,
            int heads,
            int perceptron) {}

    /**
     * A network with untrained (zero) weights.
     *
     * @throws IllegalArgumentException if the encoder is no UNETR, or a token's numbers cannot be sines and cosines
     */
    @SuppressWarnings("this-escape") // only the table of parts is written to
    public MaskedAutoencoder(Encoder encoder, Form form) {
        super(encoder);
        if (!(FlatEncoder.within(encoder) instanceof UnetrEncoder within)) {
            throw new IllegalArgumentException(
                    "patches can be left out only where all attend to all: model.encoder: unetr");
        }
        this.form = form;
        unetr = within;
        vit = unetr.transformer();
        int h = vit.tokenSize();
        int d = form.hidden();
        List<Integer> grid = vit.grid();
        boolean fixed = form.fixedPositions();
        int multiple = SineCosine.multiple(grid);
        if (fixed && (h % multiple != 0 || d % multiple != 0)) {
            throw new IllegalArgumentException(
                    "pretext.positions: fixed needs model.hiddenSize and pretext.decoder.hidden to be"
                            + " multiples of " + multiple + ", not " + h + " and " + d);
        }
        classToken = form.classToken() ? weight(CLASS, 1, 1, h) : null;
        maskToken = weight(MASK, d);
        if (fixed) {
            places = constant(
                    PLACES, Tensor.of(SineCosine.table(grid, d), count(), d).to(DType.F32));
            vit.positions().requireGradient(false);
        } else {
            places = weight(PLACES, count(), d);
        }
        narrower = part("enc_to_dec", new Linear(h, d));
        for (int i = 0; i < form.blocks(); i++) {
            blocks.add(part("decoder_blocks." + i, new TransformerBlock(d, form.perceptron(), form.heads())));
        }
        norm = part("decoder_norm", new LayerNorm(d));
        pixels = part("to_pixels", new Linear(d, voxels()));
    }

    /** Patches along each of 2 or 3 axes. */
    public final List<Integer> grid() {
        return vit.grid();
    }

    /** n. */
    public final int count() {
        return vit.grid().stream().reduce(1, Math::multiplyExact);
    }

    /** h. */
    public final int tokenSize() {
        return vit.tokenSize();
    }

    private int voxels() {
        return vit.patch().stream().reduce(1, Math::multiplyExact);
    }

    /** The patches of crops, some of them: [B, 1, X, Y, Z] and their numbers [B, m] → [B, m, v]. */
    public final Tensor patches(Tensor crops, Tensor numbers) {
        return some(Patches.cut(image(crops), vit.patch()), numbers);
    }

    /** Crops of all their patches in any order: [B, n, v] and where each is among them [B, n] → the shape of {@code like}. */
    public final Tensor crops(Tensor patches, Tensor where, Tensor like) {
        return Patches.joined(some(patches, where), vit.grid(), vit.patch()).reshape(like.shape());
    }

    /** Of crops of one slice the slice is taken off. */
    private Tensor image(Tensor crops) {
        return vit.grid().size() == 2
                ? crops.reshape(crops.size(0), crops.size(1), crops.size(2), crops.size(3))
                : crops;
    }

    /** Some rows of each sample: [B, n, c] and their numbers [B, m] → [B, m, c]. */
    private static Tensor some(Tensor all, Tensor numbers) {
        long b = all.size(0);
        long n = all.size(1);
        long[] firsts = new long[(int) b];
        for (int i = 0; i < b; i++) {
            firsts[i] = i * n;
        }
        Tensor rows = numbers.to(DType.I64).plus(Tensor.of(firsts, b, 1).to(numbers.device()));
        return Rearrange.rows(all.reshape(b * n, all.size(2)), rows.reshape(-1)).reshape(b, -1, all.size(2));
    }

    /**
     * What the encoder makes of visible patches.
     *
     * @param crops [B, 1, X, Y, Z]
     * @param visible their numbers, [B, V]
     * @return [B, V, h], or [B, V + 1, h] with the class token last
     */
    public final Tensor encoded(Tensor crops, Tensor visible) {
        Tensor tokens = some(vit.tokens(image(crops)), visible); // [B, V, h]
        if (classToken != null) {
            tokens = Tensor.concatenate(List.of(tokens, repeated(classToken, crops.size(0))), 1);
        }
        Tensor seen = vit.encoded(tokens);
        return form.lastNorm() ? vit.normed(seen) : seen;
    }

    /**
     * What the decoder tells of hidden patches.
     *
     * @param crops [B, 1, X, Y, Z]
     * @param hidden their numbers, [B, H]
     * @param visible those of the others, [B, V]
     * @return [B, H, v]
     */
    public final Tensor told(Tensor crops, Tensor hidden, Tensor visible) {
        return decoded(encoded(crops, visible), hidden, visible);
    }

    /** The same of what {@link #encoded} made of the crops. */
    public final Tensor decoded(Tensor encoded, Tensor hidden, Tensor visible) {
        Tensor seen = narrower.forward(encoded); // [B, V(+ 1), d]
        Tensor where = repeated(places.reshape(1, places.size(0), places.size(1)), encoded.size(0)); // [B, n, d]
        List<Tensor> all = new ArrayList<>();
        all.add(some(where, hidden).plus(maskToken));
        all.add(seen.narrow(1, 0, visible.size(1)).plus(some(where, visible)));
        if (classToken != null) { // it has no place
            all.add(seen.narrow(1, visible.size(1), 1));
        }
        Tensor decoded = Tensor.concatenate(all, 1); // [B, n(+ 1), d]
        for (TransformerBlock block : blocks) {
            decoded = block.forward(decoded);
        }
        return pixels.forward(norm.forward(decoded.narrow(1, 0, hidden.size(1))));
    }

    /** [1, n, c] → [B, n, c]. */
    private static Tensor repeated(Tensor one, long samples) {
        return Tensor.zeros(one.type(), samples, 1, 1).to(one.device()).plus(one);
    }

    @Override
    public boolean isTaught(String weight) {
        return !encoder().stateDict().containsKey(weight)
                || unetr.isInDeepest(weight)
                || (form.lastNorm() && weight.startsWith("vit.norm."));
    }

    @Override
    protected boolean isFixed(String weight) {
        return form.fixedPositions() && weight.equals(unetr.positionTable());
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal(MASK, maskToken, form.maskToken());
        if (classToken != null) {
            initialiser.normal(CLASS, classToken, CLASS_TOKEN);
        }
        if (form.fixedPositions()) {
            Tensor table = vit.positions();
            table.copyInPlace(Tensor.of(SineCosine.table(grid(), vit.tokenSize()), table.shape())
                    .to(DType.F32));
        } else {
            initialiser.normal(PLACES, places, 1);
        }
    }

    /** Multiply–adds of {@link #encoded} for one crop of which so many patches are visible. */
    public final long encoderMultiplyAdds(long visible) {
        return vit.multiplyAdds(count(), visible);
    }

    /** Multiply–adds of {@link #told} for one crop of which so many patches are visible. */
    public final long multiplyAdds(long visible) {
        long d = form.hidden();
        return encoderMultiplyAdds(visible)
                + visible * vit.tokenSize() * d
                + form.blocks() * TransformerBlock.multiplyAdds(count(), d, form.perceptron())
                + (count() - visible) * voxels() * d;
    }
}
