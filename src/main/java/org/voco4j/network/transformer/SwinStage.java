package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * Two Swin transformer blocks at one resolution, the second with shifted windows, then patch merging (Liu et al. 2021).
 *
 * <pre>  y = x + attention(norm₁(x))     z = y + W₂·gelu(W₁·norm₂(y))     W₁: C → 4C </pre>
 */
final class SwinStage extends Module {
    private static final int MLP_RATIO = 4;

    private final int channels;
    private final List<Block> blocks = new ArrayList<>();
    private final PatchMerging downsample;

    SwinStage(int dims, int channels, int heads, PatchMerging.Order order, Tensor index) {
        this.channels = channels;
        for (int i = 0; i < 2; i++) {
            blocks.add(part("blocks." + i, new Block(dims, channels, heads, index)));
        }
        downsample = part("downsample", new PatchMerging(dims, channels, order));
    }

    /** [B, X, Y, Z, C] → [B, ⌈X/2⌉, ⌈Y/2⌉, ⌈Z/2⌉, 2C]; in two dimensions Z = 1 stays. */
    Tensor forward(Tensor map) {
        try (Scope scope = Scope.open()) {
            Tensor x = map;
            Windows plain = Windows.of(x.size(1), x.size(2), x.size(3), false);
            Windows shifted = Windows.of(x.size(1), x.size(2), x.size(3), true);
            x = blocks.get(0).forward(x, plain);
            x = blocks.get(1).forward(x, shifted);
            return scope.keep(downsample.forward(x));
        }
    }

    /** Multiply–adds of one forward pass of a map. */
    long multiplyAdds(long x, long y, long z) {
        long c = channels;
        Windows windows = Windows.of(x, y, z, false);
        long padded = windows.count() * windows.tokens();
        long attention = padded * (4 * c * c + 2 * windows.tokens() * c); // q, k, v and the output; scores and sums
        long perceptron = x * y * z * 2 * MLP_RATIO * c * c;
        long merged = (x + 1) / 2 * ((y + 1) / 2) * ((z + 1) / 2);
        return 2 * (attention + perceptron) + merged * 16 * c * c;
    }

    private static final class Block extends Module {
        private final LayerNorm norm1;
        private final WindowAttention attn;
        private final LayerNorm norm2;
        private final Linear linear1;
        private final Linear linear2;

        Block(int dims, int channels, int heads, Tensor index) {
            norm1 = part("norm1", new LayerNorm(channels));
            attn = part("attn", new WindowAttention(dims, channels, heads, index));
            norm2 = part("norm2", new LayerNorm(channels));
            linear1 = part("mlp.linear1", new Linear(channels, MLP_RATIO * channels));
            linear2 = part("mlp.linear2", new Linear(MLP_RATIO * channels, channels));
        }

        Tensor forward(Tensor x, Windows windows) {
            try (Scope scope = Scope.open()) {
                Tensor y = x.plus(attn.forward(norm1.forward(x), windows));
                Tensor hidden = Ops.gelu(linear1.forward(norm2.forward(y))); // [B, X, Y, Z, 4C]
                return scope.keep(y.plus(linear2.forward(hidden)));
            }
        }
    }
}
