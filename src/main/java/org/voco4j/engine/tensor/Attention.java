package org.voco4j.engine.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Attention within many small windows, with a trainable bias (Liu et al. 2021, Eq. 4).
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
        DType type = q.type() == DType.F64 ? DType.F64 : DType.F32;
        Tensor qs = q.to(type);
        Tensor ks = k.to(type);
        Tensor vs = v.to(type);
        Tensor bs = bias.to(type);
        return (q.device().isCpu() ? fused(qs, ks, vs, bs, mask) : generic(qs, ks, vs, bs, mask)).to(q.type());
    }

    /** By the kernel that libtorch chooses itself, with its own gradients. */
    static Tensor generic(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        org.bytedeco.pytorch.Tensor attended = torch.scaled_dot_product_attention(
                folded(q, mask),
                folded(k, mask),
                folded(v, mask),
                new TensorOptional(added(bias, mask)),
                0,
                false,
                new DoubleOptional(),
                false);
        return new Tensor(attended.reshape(q.shape()));
    }

    /** By the CPU's fused kernel, with our gradient of b. */
    static Tensor fused(Tensor q, Tensor k, Tensor v, Tensor bias, @Nullable Tensor mask) {
        Tensor attended; // folded
        Tensor logSum; // ln Σ exp s per row, folded
        try (NoGrad none = NoGrad.open()) {
            IValueVector stack = new IValueVector(
                    new IValue(folded(q, mask)),
                    new IValue(folded(k, mask)),
                    new IValue(folded(v, mask)),
                    new IValue(0.0),
                    new IValue(false),
                    new IValue(added(bias, mask).contiguous()),
                    new IValue());
            Dispatcher.singleton().findSchemaOrThrow(FORWARD, "").callBoxed(stack);
            attended = new Tensor(stack.get(0).toTensor());
            logSum = new Tensor(stack.get(1).toTensor());
        }
        Tensor result = attended.reshape(q.shape());
        if (!GradMode.is_enabled()) {
            return result;
        }
        boolean masked = mask != null;
        List<Tensor> saved =
                masked ? List.of(q, k, v, bias, attended, logSum, mask) : List.of(q, k, v, bias, attended, logSum);
        return CustomGradient.attach(
                result,
                List.of(q, k, v, bias),
                saved,
                (gradient, s) -> back(
                        gradient,
                        s.get(0),
                        s.get(1),
                        s.get(2),
                        s.get(3),
                        s.get(4),
                        s.get(5),
                        masked ? s.get(6) : null));
    }

    private static List<Tensor> back(
            Tensor gradient,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor bias,
            Tensor attended,
            Tensor logSum,
            @Nullable Tensor mask) {
        IValueVector stack = new IValueVector(
                new IValue(folded(gradient, mask)),
                new IValue(folded(q, mask)),
                new IValue(folded(k, mask)),
                new IValue(folded(v, mask)),
                new IValue(attended.handle),
                new IValue(logSum.handle),
                new IValue(0.0),
                new IValue(false),
                new IValue(added(bias, mask).contiguous()),
                new IValue());
        Dispatcher.singleton().findSchemaOrThrow(BACKWARD, "").callBoxed(stack);
        return List.of(
                new Tensor(stack.get(0).toTensor().reshape(q.shape())),
                new Tensor(stack.get(1).toTensor().reshape(q.shape())),
                new Tensor(stack.get(2).toTensor().reshape(q.shape())),
                biasGradient(gradient, q, k, v, bias, attended, logSum, mask));
    }

    /** ∂b, window by window in the order of samples: [H, n, n]. */
    private static Tensor biasGradient(
            Tensor gradient,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor bias,
            Tensor attended,
            Tensor logSum,
            @Nullable Tensor mask) {
        long samples = q.size(0);
        long windows = q.size(1);
        long n = q.size(3);
        Tensor sum = Tensor.zeros(q.type(), bias.shape());
        try (Scope scope = Scope.open()) {
            Tensor scaled = q.times(1 / Math.sqrt((double) q.size(4)));
            Tensor rows = logSum.reshape(samples, windows, q.size(2), n, 1);
            Tensor delta = gradient.times(attended.reshape(q.shape())).sumKeeping(4); // [B, W, H, n, 1]
            long piece = Math.max(1, PIECE / (bias.count() * q.type().bytes()));
            for (long b = 0; b < samples; b++) {
                for (long w = 0; w < windows; w += piece) {
                    try (Scope inner = Scope.open()) {
                        Cut cut = new Cut(b, w, Math.min(piece, windows - w));
                        org.bytedeco.pytorch.Tensor p =
                                cut.of(scaled).matmul(cut.of(k).transpose(2, 3));
                        p.add_(bias.handle);
                        if (mask != null) {
                            p.add_(mask.handle.narrow(0, w, cut.length).unsqueeze(1));
                        }
                        p.sub_(cut.of(rows)).exp_(); // [w, H, n, n]
                        org.bytedeco.pytorch.Tensor dp =
                                cut.of(gradient).matmul(cut.of(v).transpose(2, 3));
                        p.mul_(dp.sub_(cut.of(delta)));
                        sum.handle.add_(p.sum(0), new Scalar(1));
                    }
                }
            }
        }
        return sum;
    }

    /** Some windows of one sample. */
    private record Cut(long sample, long window, long length) {
        org.bytedeco.pytorch.Tensor of(Tensor x) {
            return x.handle.select(0, sample).narrow(0, window, length);
        }
    }

    /** [B, W, H, n, d] as the kernels take it: with a mask [B, W·H, n, d], without [B·W, H, n, d]. */
    private static org.bytedeco.pytorch.Tensor folded(Tensor x, @Nullable Tensor mask) {
        long[] s = x.shape();
        return mask == null
                ? x.handle.reshape(s[0] * s[1], s[2], s[3], s[4])
                : x.handle.reshape(s[0], s[1] * s[2], s[3], s[4]);
    }

    /** b + m: [1, H, n, n] without a mask, [1, W·H, n, n] with one. */
    private static org.bytedeco.pytorch.Tensor added(Tensor bias, @Nullable Tensor mask) {
        if (mask == null) {
            return bias.handle.unsqueeze(0);
        }
        long n = bias.size(2);
        return mask.handle.unsqueeze(1).add(bias.handle).reshape(1, mask.size(0) * bias.size(0), n, n);
    }
}
