package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Attention;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.unet.UNetEncoder;

/**
 * The vision transformer (Dosovitskiy et al. 2021) of UNETR, as MONAI has it.
 *
 * <pre>
 *   x₀ = patches of 16 voxels along each axis, each a token of h numbers, + the table of positions
 *   y = x_{i−1} + attention(norm₁(x_{i−1}))     x_i = y + W₂·gelu(W₁·norm₂(y))      i = 1 … 12
 * </pre>
 *
 * <p>Weights are named {@code patch_embedding.position_embeddings}, {@code blocks.0.attn.qkv.weight}, … MONAI builds every
 * block with a cross-attention (from 1.4 on) that UNETR never calls; its keys are there for files, whose values are passed over.
 *
 * <p>Initial law: the table ~ N(0, 0.02²) (MONAI cuts it at 100 deviations), all layers theirs.
 */
public final class VisionTransformer extends Module {
    static final int PATCH = 16;
    static final int BLOCKS = 12;
    static final List<Integer> TAPPED = List.of(4, 7, 10); // the paper says 3, 6, 9; MONAI counts from 0

    private static final String POSITIONS = "patch_embedding.position_embeddings";

    private final int in;
    private final int patch;
    private final List<Integer> grid;
    private final UnetrForm form;
    private final Tensor positions;
    private final Conv patches;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm norm;

    /**
     * UNETR's transformer with untrained (zero) weights.
     *
     * @param in channels of the scan
     * @param grid patches along each axis
     */
    VisionTransformer(int in, List<Integer> grid, UnetrForm form) {
        this(in, grid, form, PATCH, BLOCKS);
    }

    /**
     * A transformer with untrained (zero) weights.
     *
     * @param in channels of the scan
     * @param grid patches along each axis
     * @param patch voxels of a patch along each axis
     * @param count blocks
     */
    public VisionTransformer(int in, List<Integer> grid, UnetrForm form, int patch, int count) {
        this.in = in;
        this.patch = patch;
        this.grid = grid;
        this.form = form;
        int h = form.hidden();
        positions =
                weight(POSITIONS, 1, grid.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact), h);
        patches = part("patch_embedding.patch_embeddings", new Conv(grid.size(), in, h, patch, patch, true));
        Tensor vector = Tensor.zeros(DType.F32, h);
        Tensor matrix = Tensor.zeros(DType.F32, h, h);
        for (int i = 0; i < count; i++) {
            blocks.add(part("blocks." + i, new Block(form, vector, matrix)));
        }
        norm = part("norm", new LayerNorm(h));
    }

    /** [B, C, X, Y(, Z)] → x₄, x₇, x₁₀ and norm(x₁₂), as maps [B, h, X/16, Y/16(, Z/16)]. */
    List<Tensor> hidden(Tensor x) {
        Tensor tokens = placed(patches.forward(x)); // [B, n, h]
        List<Tensor> hidden = new ArrayList<>();
        for (int i = 1; i <= blocks.size(); i++) {
            tokens = blocks.get(i - 1).forward(tokens);
            if (TAPPED.contains(i)) {
                hidden.add(map(tokens));
            }
        }
        hidden.add(map(norm.forward(tokens)));
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
        Tensor tokens = placed(TokenEncoder.masked(patches.forward(x), hidden, token));
        for (Block block : blocks) {
            tokens = block.forward(tokens);
        }
        return map(tokens);
    }

    /** [B, h, X/p, …] → [B, n, h], each token with its position added. */
    private Tensor placed(Tensor map) {
        return map.reshape(map.size(0), map.size(1), -1).transpose(1, 2).plus(positions);
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

    /** Multiply–adds of one forward pass of one cubic crop. */
    long multiplyAdds(int crop) {
        long h = form.hidden();
        long n = UNetEncoder.cube(crop / patch);
        long attention = n * (4 * h * h + 2 * n * h); // q, k, v and the output; scores and sums
        long perceptron = n * 2 * h * form.perceptron();
        return n * UNetEncoder.cube(patch) * in * h + blocks.size() * (attention + perceptron);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal(POSITIONS, positions, 0.02);
    }

    private static final class Block extends Module {
        private final int heads;
        private final Linear linear1;
        private final Linear linear2;
        private final LayerNorm norm1;
        private final Linear out;
        private final Linear qkv;
        private final LayerNorm norm2;

        /** A block; the zeros are what all blocks have under the names that are not used. */
        Block(UnetrForm form, Tensor vector, Tensor matrix) {
            int h = form.hidden();
            heads = form.heads();
            linear1 = part("mlp.linear1", new Linear(h, form.perceptron()));
            linear2 = part("mlp.linear2", new Linear(form.perceptron(), h));
            norm1 = part("norm1", new LayerNorm(h));
            out = part("attn.out_proj", new Linear(h, h));
            qkv = part("attn.qkv", new Linear(h, 3 * h, false));
            norm2 = part("norm2", new LayerNorm(h));
            uncalled("norm_cross_attn.weight", vector);
            uncalled("norm_cross_attn.bias", vector);
            uncalled("cross_attn.out_proj.weight", matrix);
            uncalled("cross_attn.out_proj.bias", vector);
            uncalled("cross_attn.to_q.weight", matrix);
            uncalled("cross_attn.to_k.weight", matrix);
            uncalled("cross_attn.to_v.weight", matrix);
        }

        /** [B, n, h] → [B, n, h]. */
        Tensor forward(Tensor x) {
            try (Scope scope = Scope.open()) {
                Tensor y = x.plus(attended(norm1.forward(x)));
                Tensor hidden = Ops.gelu(linear1.forward(norm2.forward(y))); // [B, n, perceptron]
                return scope.keep(y.plus(linear2.forward(hidden)));
            }
        }

        private Tensor attended(Tensor x) {
            long b = x.size(0);
            long n = x.size(1);
            long d = x.size(2) / heads;
            Tensor apart = Rearrange.permute(qkv.forward(x).reshape(b, n, 3, heads, d), 2, 0, 3, 1, 4);
            Tensor q = apart.narrow(0, 0, 1).reshape(b, heads, n, d);
            Tensor k = apart.narrow(0, 1, 1).reshape(b, heads, n, d);
            Tensor v = apart.narrow(0, 2, 1).reshape(b, heads, n, d);
            Tensor attended = Attention.global(q, k, v); // [B, H, n, d]
            return out.forward(attended.transpose(1, 2).reshape(b, n, heads * d));
        }
    }
}
