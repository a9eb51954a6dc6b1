package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Attention within many small windows, with a trainable bias (Liu et al. 2021, Eq. 4), and of all tokens to all ({@link
 * #global}).
 *
 * <pre>
 *   s = q·kᵀ/√d + b + m        p = softmax(s)        a = p·v
 *   ∂b = Σ over samples and windows of p ∘ (∂a·vᵀ − δ)        δ_i = Σ_d ∂a_id·a_id
 * </pre>
 *
 * <p>Shapes: B samples, W windows, H heads, n tokens, d features a head. The tables of n x n numbers for every sample,
 * window and head are what costs (176 MB for one crop of 64³ at the paper's size), so on the CPU they are never kept:
 * libtorch's fused kernel goes through them piece by piece, there and back. It has no gradient for b; for that one the
 * tables are made once more in the backward pass, a few windows at a time.
 *
 * <p>Numbers of 16 bits are attended to in 32: the fused kernel is slower with them on the CPU.
 */
public final class Attention {
    private static final String FORWARD = "aten::_scaled_dot_product_flash_attention_for_cpu";
    private static final String BACKWARD = FORWARD + "_backward";
    private static final long PIECE = 1 << 21; // bytes of tables that stay in the processor's cache

    private Attention() {}

    /**
     * Attends.
     *
     * <p>Where gradients are recorded this must run inside a {@link Scope} that stays open until they are computed.
     *
     * @param q [B, W, H, n, d]
     * @param k [B, W, H, n, d]
     * @param v [B, W, H, n, d]
     * @param bias b, [H, n, n]
     * @param mask m, [W, n, n], or null
     * @return [B, W, H, n, d]
     */
    public static Tensor of(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        return LayerTimes.own(LayerTimes.Kind.ATTENTION, q, queries -> windowed(queries, k, v, bias, mask));
    }

    private static Tensor windowed(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        DType type = q.type() == DType.F64 ? DType.F64 : DType.F32;
        Tensor qs = q.to(type);
        Tensor ks = k.to(type);
        Tensor vs = v.to(type);
        Tensor bs = bias.to(type);
        return (q.device().isCpu() ? fused(qs, ks, vs, bs, mask) : generic(qs, ks, vs, bs, mask)).to(q.type());
    }

    /**
     * Attends without windows, bias or mask, a = softmax(q·kᵀ/√d)·v.
     *
     * <p>On the CPU by the fused kernel, called by its name: autocasting would have it work with 16 bits.
     *
     * @param q [B, H, n, d]
     * @param k [B, H, n, d]
     * @param v [B, H, n, d]
     * @return [B, H, n, d]
     */
    public static Tensor global(Tensor q, Tensor k, Tensor v) {
        return LayerTimes.of(LayerTimes.Kind.ATTENTION, q, queries -> unbounded(queries, k, v));
    }

    private static Tensor unbounded(Tensor q, Tensor k, Tensor v) {
        if (!q.device().isCpu()) {
            return new Tensor(torch.scaled_dot_product_attention(
                    q.handle, k.handle, v.handle, new TensorOptional(), 0, false, new DoubleOptional(), false));
        }
        DType type = q.type() == DType.F64 ? DType.F64 : DType.F32;
        IValueVector stack = new IValueVector();
        for (Tensor input : List.of(q, k, v)) {
            stack.push_back(new IValue(input.to(type).handle));
        }
        stack.push_back(new IValue(0.0)); // no dropout
        stack.push_back(new IValue(false)); // not causal
        stack.push_back(new IValue()); // no table
        stack.push_back(new IValue()); // the usual scale
        Dispatcher.singleton().findSchemaOrThrow(FORWARD, "").callBoxed(stack);
        return new Tensor(stack.get(0).toTensor()).to(q.type());
    }

    /** By the kernel that libtorch chooses itself, with its own gradients. */
    static Tensor generic(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        long[] s = q.shape(); // one table for all windows, or one for each window and all samples
        long[] folded =
                mask == null ? new long[] {s[0] * s[1], s[2], s[3], s[4]} : new long[] {s[0], s[1] * s[2], s[3], s[4]};
        org.bytedeco.pytorch.Tensor table = added(bias, mask).reshape(1, folded[1], s[3], s[3]);
        org.bytedeco.pytorch.Tensor attended = torch.scaled_dot_product_attention(
                q.handle.reshape(folded),
                k.handle.reshape(folded),
                v.handle.reshape(folded),
                new TensorOptional(table),
                0,
                false,
                new DoubleOptional(),
                false);
        return new Tensor(attended.reshape(s));
    }

    /** By the CPU's fused kernel, with our gradient of b. */
    static Tensor fused(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        List<Tensor> made;
        try (NoGrad none = NoGrad.open()) {
            made = call(FORWARD, List.of(q, k, v), bias, mask, 2);
        }
        Tensor attended = made.get(0);
        List<Tensor> saved = new ArrayList<>(List.of(q, k, v, attended, made.get(1), bias));
        if (mask != null) {
            saved.add(mask);
        }
        return CustomGradient.attach(attended, List.of(q, k, v, bias), saved, Attention::back);
    }

    private static List<Tensor> back(Tensor gradient, List<Tensor> saved) {
        Tensor bias = saved.get(5);
        Tensor mask = saved.size() > 6 ? saved.get(6) : null;
        List<Tensor> inputs = new ArrayList<>(List.of(gradient));
        inputs.addAll(saved.subList(0, 5)); // q, k, v, a and ln Σ exp s
        List<Tensor> gradients = new ArrayList<>(call(BACKWARD, inputs, bias, mask, 3));
        gradients.add(biasGradient(inputs, bias, mask));
        return gradients;
    }

    /**
     * Calls a fused kernel.
     *
     * <p>It takes one table for all samples, or one for each. Windows with masks have a table each, which all samples
     * share, so it is called sample by sample with the windows in their place.
     *
     * @param inputs [B, W, H, n, …]
     * @param outputs how many of the kernel's results are wanted
     * @return [B, W, H, n, …] each
     */
    private static List<Tensor> call(
            String kernel, List<Tensor> inputs, Tensor bias, @Nullable Tensor mask, int outputs) {
        long samples = inputs.get(0).size(0);
        long windows = inputs.get(0).size(1);
        IValue table = new IValue(added(bias, mask).contiguous());
        OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow(kernel, "");
        List<List<Tensor>> results = new ArrayList<>();
        for (long b = 0; b < (mask == null ? 1 : samples); b++) {
            IValueVector stack = new IValueVector();
            for (Tensor input : inputs) {
                stack.push_back(
                        new IValue(mask == null ? input.handle.flatten(0, 1).contiguous() : input.handle.select(0, b)));
            }
            stack.push_back(new IValue(0.0)); // no dropout
            stack.push_back(new IValue(false)); // not causal
            stack.push_back(table);
            stack.push_back(new IValue()); // the usual scale
            operator.callBoxed(stack);
            for (int i = 0; i < outputs; i++) {
                if (b == 0) {
                    results.add(new ArrayList<>());
                }
                results.get(i).add(new Tensor(stack.get(i).toTensor()));
            }
        }
        return results.stream()
                .map(parts -> mask == null
                        ? new Tensor(parts.get(0).handle.unflatten(0, samples, windows))
                        : Rearrange.stack(parts))
                .toList();
    }

    /**
     * ∂b, window by window in the order of samples: [H, n, n].
     *
     * <p>What is subtracted from every row rides in the products as one more feature: s − ln Σ exp s = [q/√d, −ln Σ]·[k, 1]ᵀ.
     */
    private static Tensor biasGradient(List<Tensor> inputs, Tensor bias, @Nullable Tensor mask) {
        Tensor gradient = inputs.get(0);
        Tensor q = inputs.get(1);
        Tensor k = inputs.get(2);
        Tensor v = inputs.get(3);
        long samples = q.size(0);
        long windows = q.size(1);
        long heads = q.size(2);
        long n = q.size(3);
        Tensor sum = Tensor.zeros(q.type(), bias.shape());
        try (Scope scope = Scope.open()) {
            Tensor table = new Tensor(added(bias, mask)); // [1 or W, H, n, n]
            Tensor ones = Tensor.zeros(q.type(), samples, windows, heads, n, 1).plus(1);
            Tensor rows = inputs.get(5).reshape(samples, windows, heads, n, 1).times(-1);
            Tensor delta = gradient.times(inputs.get(4)).sumKeeping(4).times(-1);
            Tensor qs = Tensor.concatenate(List.of(q.times(1 / Math.sqrt((double) q.size(4))), rows), 4);
            Tensor ks = Tensor.concatenate(List.of(k, ones), 4);
            Tensor gs = Tensor.concatenate(List.of(gradient, delta), 4);
            Tensor vs = Tensor.concatenate(List.of(v, ones), 4);
            long piece = Math.max(1, PIECE / (bias.count() * q.type().bytes()));
            for (long b = 0; b < samples; b++) {
                for (long w = 0; w < windows; w += piece) {
                    try (Scope inner = Scope.open()) {
                        Cut cut = new Cut(b, w, Math.min(piece, windows - w));
                        org.bytedeco.pytorch.Tensor p = cut.product(qs, ks);
                        p.add_(mask == null ? table.handle : table.handle.narrow(0, w, cut.length));
                        p.exp_().mul_(cut.product(gs, vs)); // [w, H, n, n]
                        sum.handle.add_(cut.length == 1 ? p.select(0, 0) : p.sum(0), new Scalar(1));
                    }
                }
            }
        }
        return sum;
    }

    /** Some windows of one sample. */
    private record Cut(long sample, long window, long length) {
        /** a·bᵀ of these windows: [w, H, n, n]. */
        org.bytedeco.pytorch.Tensor product(Tensor a, Tensor b) {
            return of(a).matmul(of(b).transpose(2, 3));
        }

        private org.bytedeco.pytorch.Tensor of(Tensor x) {
            return x.handle.select(0, sample).narrow(0, window, length);
        }
    }

    /** b + m: [1, H, n, n] without a mask, [W, H, n, n] with one. */
    private static org.bytedeco.pytorch.Tensor added(Tensor bias, @Nullable Tensor mask) {
        return mask == null
                ? bias.handle.unsqueeze(0)
                : mask.handle.unsqueeze(1).add(bias.handle);
    }
}
