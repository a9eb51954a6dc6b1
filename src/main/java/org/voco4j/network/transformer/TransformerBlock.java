package org.voco4j.network.transformer;

import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Attention;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * A block of a vision transformer, as MONAI has it: every token attends to all.
 *
 * <pre>  y = x + attention(norm₁(x))     x' = y + W₂·gelu(W₁·norm₂(y)) </pre>
 *
 * <p>Queries, keys and values have no bias.
 */
public final class TransformerBlock extends Module {
    private final int heads;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final Linear out;
    private final Linear qkv;
    private final LayerNorm norm2;

    /**
     * A block with untrained (zero) weights.
     *
     * @param hidden h, numbers of a token
     * @param perceptron numbers between W₁ and W₂
     * @param heads which share out the h numbers evenly
     */
    public TransformerBlock(int hidden, int perceptron, int heads) {
        this.heads = heads;
        linear1 = part("mlp.linear1", new Linear(hidden, perceptron));
        linear2 = part("mlp.linear2", new Linear(perceptron, hidden));
        norm1 = part("norm1", new LayerNorm(hidden));
        out = part("attn.out_proj", new Linear(hidden, hidden));
        qkv = part("attn.qkv", new Linear(hidden, 3 * hidden, false));
        norm2 = part("norm2", new LayerNorm(hidden));
    }

    /**
     * The same with what MONAI builds and never calls.
     *
     * @param vector h zeros, which all blocks may share
     * @param matrix h·h zeros, likewise
     */
    TransformerBlock(int hidden, int perceptron, int heads, Tensor vector, Tensor matrix) {
        this(hidden, perceptron, heads);
        uncalled("norm_cross_attn.weight", vector);
        uncalled("norm_cross_attn.bias", vector);
        uncalled("cross_attn.out_proj.weight", matrix);
        uncalled("cross_attn.out_proj.bias", vector);
        uncalled("cross_attn.to_q.weight", matrix);
        uncalled("cross_attn.to_k.weight", matrix);
        uncalled("cross_attn.to_v.weight", matrix);
    }

    /** [B, n, h] → [B, n, h]. */
    public Tensor forward(Tensor x) {
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

    /** Multiply–adds of so many tokens of h numbers through a block. */
    public static long multiplyAdds(long tokens, long hidden, long perceptron) {
        long attention =
                tokens * (4 * hidden * hidden + 2 * tokens * hidden); // q, k, v and the output; scores and sums
        return attention + tokens * 2 * hidden * perceptron;
    }
}
