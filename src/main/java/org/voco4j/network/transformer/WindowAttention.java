package org.voco4j.network.transformer;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Attention;
import org.voco4j.engine.tensor.LocalAttention;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Self-attention within windows, with a bias for each relative position (Liu et al. 2021, Eq. 4).
 *
 * <pre>  A = softmax(q·kᵀ/√d + b + mask)·v     q, k, v = W·x     y = W_o·A </pre>
 *
 * <p>b_ij is the entry of the table for the difference of the places of i and j in a window of 7 tokens along each axis.
 * Where a window is smaller, MONAI takes the first n places of the larger one all the same, and so do we: published
 * weights are used so.
 *
 * <p>Initial law: the table ~ N(0, 0.02²), linear layers theirs.
 */
final class WindowAttention extends Module {
    private static final int EDGE = Windows.EDGE;
    private static final int SPAN = 2 * EDGE - 1;

    private final int heads;
    private final Tensor table;
    private final Tensor index;
    private final Linear qkv;
    private final Linear proj;

    /**
     * Attention with untrained (zero) weights.
     *
     * @param index of {@link #index}
     */
    WindowAttention(int dims, int channels, int heads, Tensor index) {
        this.heads = heads;
        table = weight("relative_position_bias_table", dims == 2 ? SPAN * SPAN : SPAN * SPAN * SPAN, heads);
        this.index = constant("relative_position_index", index);
        qkv = part("qkv", new Linear(channels, 3 * channels));
        proj = part("proj", new Linear(channels, channels));
    }

    /** [B, X, Y, Z, C] → [B, X, Y, Z, C], within the windows of the map. */
    Tensor forward(Tensor map, Windows windows) {
        long n = windows.tokens();
        Tensor positions = index.narrow(0, 0, n).narrow(1, 0, n).reshape(n * n);
        Tensor bias = Rearrange.permute(Rearrange.rows(table, positions).reshape(n, n, heads), 2, 0, 1); // [H, n, n]
        if (!LocalAttention.serves(map)) {
            Tensor all = qkv.forward(windows.cut(map));
            Tensor mask = windows.isShifted() ? windows.mask(map.device()) : null;
            return windows.join(proj.forward(masked(all, bias, windows.count(), mask)));
        }
        long c = map.size(4);
        Tensor all = qkv.forward(map).reshape(map.size(0), -1, 3 * c); // [B, X·Y·Z, 3·C]
        Tensor padding = qkv.forward(Tensor.zeros(map.type(), 1, c)).reshape(3 * c);
        Tensor attended = LocalAttention.of(all, padding, bias, windows.groups());
        return proj.forward(attended.reshape(map.shape()));
    }

    /** [B·W, n, 3·C] → [B·W, n, C] by kernels of libtorch, which take a mask. */
    private Tensor masked(Tensor all, Tensor bias, long count, @Nullable Tensor mask) {
        long n = all.size(1);
        long c = all.size(2) / 3;
        Tensor split = all.reshape(-1, count, n, 3, heads, c / heads);
        Tensor apart = Rearrange.permute(split, 3, 0, 1, 4, 2, 5).reshape(3, -1, count, heads, n, c / heads);
        long[] shape = {apart.size(1), count, heads, n, c / heads};
        Tensor q = apart.narrow(0, 0, 1).reshape(shape);
        Tensor k = apart.narrow(0, 1, 1).reshape(shape);
        Tensor v = apart.narrow(0, 2, 1).reshape(shape);
        Tensor attended = Attention.of(q, k, v, bias, mask == null ? null : mask.to(table.type())); // [B, W, H, n, d]
        return Rearrange.permute(attended, 0, 1, 3, 2, 4).reshape(-1, n, c);
    }

    /** The rows of the table for the pairs (i, j) of the places of a window with 7 tokens along each axis: [7ᵈ, 7ᵈ]. */
    static Tensor index(int dims) {
        int n = dims == 2 ? EDGE * EDGE : EDGE * EDGE * EDGE;
        long[] rows = new long[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int stride = n / EDGE; stride >= 1; stride /= EDGE) {
                    int apart = i / stride % EDGE - j / stride % EDGE + EDGE - 1;
                    rows[i * n + j] = rows[i * n + j] * SPAN + apart;
                }
            }
        }
        return Tensor.of(rows, n, n);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal("relative_position_bias_table", table, 0.02);
    }
}
