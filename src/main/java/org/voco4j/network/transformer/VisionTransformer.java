package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

/**
 * The vision transformer (Dosovitskiy et al. 2021) of UNETR, as MONAI has it.
 *
 * <pre>
 *   x₀ = patches, each a token of h numbers, + the table of positions
 *   x_i = block(x_{i−1})      i = 1 … N
 * </pre>
 *
 * <p>Weights are named {@code patch_embedding.position_embeddings}, {@code blocks.0.attn.qkv.weight}, … MONAI builds every
 * block with a cross-attention (from 1.4 on) that UNETR never calls; its keys are there for files, whose values are passed over.
 *
 * <p>Initial law: the table ~ N(0, 0.02²) (MONAI cuts it at 100 deviations), all layers theirs.
 */
public final class VisionTransformer extends Module {
    private static final String POSITIONS = "patch_embedding.position_embeddings";

    private final int in;
    private final List<Integer> grid;
    private final UnetrForm form;
    private final Tensor positions;
    private final PatchEmbedding patches;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;

    /**
     * A transformer with untrained (zero) weights.
     *
     * @param in channels of the scan
     * @param grid patches along each axis, 2 or 3
     */
    public VisionTransformer(int in, List<Integer> grid, UnetrForm form) {
        this.in = in;
        this.grid = grid;
        this.form = form;
        int h = form.hidden();
        positions = weight(POSITIONS, 1, grid.stream().reduce(1, Math::multiplyExact), h);
        patches = part("patch_embedding.patch_embeddings", new PatchEmbedding(in, h, patch()));
        Tensor vector = Tensor.zeros(DType.F32, h);
        Tensor matrix = Tensor.zeros(DType.F32, h, h);
        for (int i = 0; i < form.blocks(); i++) {
            blocks.add(part("blocks." + i, new TransformerBlock(h, form.perceptron(), form.heads(), vector, matrix)));
        }
        norm = part("norm", new LayerNorm(h));
    }

    /** Patches along each axis. */
    public List<Integer> grid() {
        return grid;
    }

    /** Voxels of a patch along each axis. */
    public List<Integer> patch() {
        return form.patch(grid.size());
    }

    /** Numbers of a token. */
    public int tokenSize() {
        return form.hidden();
    }

    /** Whether a weight is in the norm of {@link #normed}. */
    public static boolean isInNorm(String weight) {
        return weight.startsWith("norm.");
    }

    /** The weight [1, n, h] that is added to the patches' tokens, n being what the grid makes. */
    public Tensor positions() {
        return positions;
    }

    /** x₀: [B, C, X, Y(, Z)] → [B, n, h], the last axis of the grid fastest. */
    public Tensor tokens(Tensor x) {
        return patches.forward(x).plus(positions);
    }

    /** x_N of tokens, which may be some of an image's, or more: [B, m, h] → [B, m, h]. */
    public Tensor encoded(Tensor tokens) {
        Tensor last = tokens;
        for (TransformerBlock block : blocks) {
            last = block.forward(last);
        }
        return last;
    }

    /** The norm behind the last block: […, h] → […, h]. */
    public Tensor normed(Tensor tokens) {
        return norm.forward(tokens);
    }

    /** [B, C, X, Y(, Z)] → x at the taps of {@link UnetrForm#tap}, and norm(x_N), as maps [B, h, X/p, Y/p(, Z/p)]. */
    List<Tensor> hidden(Tensor x) {
        List<Tensor> states = new ArrayList<>();
        Tensor tokens = tokens(x); // [B, n, h]
        for (TransformerBlock block : blocks) {
            tokens = block.forward(tokens);
            states.add(tokens);
        }
        List<Tensor> hidden = new ArrayList<>();
        for (int i = 1; i <= UnetrForm.TAPS; i++) {
            hidden.add(map(states.get(form.tap(i) - 1)));
        }
        hidden.add(map(normed(tokens)));
        return hidden;
    }

    /**
     * The last block's tokens as a map, without the last norm, where M stands for hidden patches, each in its place:
     * t = (1 − w)·t + w·M + position.
     *
     * @param hidden w, [B, 1, X/p, …]
     * @param token M, [h]
     * @return [B, h, X/p, …]
     */
    public Tensor masked(Tensor x, Tensor hidden, Tensor token) {
        Tensor cells = hidden.reshape(hidden.size(0), -1, 1); // [B, n, 1]
        Tensor seen = patches.forward(x).times(cells.times(-1).plus(1));
        return map(encoded(seen.plus(cells.times(token)).plus(positions)));
    }

    /** [B, n, h] → [B, h, X/p, …]. */
    private Tensor map(Tensor tokens) {
        long[] shape = new long[2 + grid.size()];
        shape[0] = tokens.size(0);
        shape[1] = tokens.size(2);
        for (int axis = 0; axis < grid.size(); axis++) {
            shape[2 + axis] = grid.get(axis);
        }
        return tokens.transpose(1, 2).reshape(shape);
    }

    /**
     * Multiply–adds of one forward pass.
     *
     * @param patches that are cut from an image of 3 axes
     * @param tokens that go through the blocks
     */
    public long multiplyAdds(long patches, long tokens) {
        long voxels = form.patch().stream().reduce(1, Math::multiplyExact);
        return patches * voxels * in * form.hidden()
                + form.blocks() * TransformerBlock.multiplyAdds(tokens, form.hidden(), form.perceptron());
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal(POSITIONS, positions, 0.02);
    }
}
