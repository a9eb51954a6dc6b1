package org.voco4j.engine.tensor;

import java.util.List;
import org.voco4j.engine.vector.TokenGroups;
import org.voco4j.engine.vector.VectorModule;
import org.voco4j.engine.vector.WindowKernel;

/**
 * Attention within windows straight from the layer that makes q, k and v, by a kernel of our own on the processor.
 *
 * <p>What {@link Attention#of} computes of windows that are cut out of a map, save that nothing is cut, that rows of padding are
 * not computed, nor pairs which a mask would keep apart. It needs the JDK's Vector API and works with 32 bits; {@link #serves}
 * says whether it can be used.
 */
public final class LocalAttention {
    private LocalAttention() {}

    /**
     * Whether tokens like these can be attended to here: on the CPU, of 32 or 16 bits, with the Vector API present, and few enough for
     * one buffer with q, k and v of a sample.
     */
    public static boolean serves(Tensor x) {
        return VectorModule.isUsable()
                && x.device().isCpu()
                && x.type() != DType.F64
                && 3 * x.count() / x.size(0) <= Integer.MAX_VALUE / Float.BYTES;
    }

    /** Which kernels attend within windows, normalise maps and convolve wide ones on the CPU in this process, in words. */
    static String kernel() {
        return VectorModule.isUsable() ? "Vector API, " + VectorModule.lanes() + " lanes" : "libtorch's kernels";
    }

    /**
     * Attends.
     *
     * <p>Where gradients are recorded this must run inside a {@link Scope} that stays open until they are computed. Uses as
     * many threads as an operation of libtorch on this thread; their number changes no bit.
     *
     * @param qkv [B, N, 3·C], along the last axis q, k, v, in each the heads one after the other; numbers of 16 bits are
     *     attended to in 32
     * @param padding q, k and v of all padding, [3·C]; its q is not used
     * @param bias b, [H, n, n]
     * @param groups who attends to whom among n tokens of the windows of a map of N tokens
     * @return [B, N, C], in the number format of q, k and v
     * @throws IllegalArgumentException if the shapes do not fit the groups
     */
    public static Tensor of(Tensor qkv, Tensor padding, Tensor bias, TokenGroups groups) {
        long[] shape = qkv.shape();
        long heads = bias.size(0);
        if (shape.length != 3 || shape[1] != groups.places() || shape[2] % (3 * heads) != 0) {
            throw new IllegalArgumentException(
                    qkv + " is not q, k and v of " + heads + " heads for maps of " + groups.places() + " tokens");
        }
        return LayerTimes.own(LayerTimes.Kind.ATTENTION, qkv, all -> attended(all, padding, bias, groups));
    }

    private static Tensor attended(Tensor qkv, Tensor padding, Tensor bias, TokenGroups groups) {
        long[] shape = qkv.shape();
        int heads = Math.toIntExact(bias.size(0));
        List<Tensor> inputs = List.of(qkv.to(DType.F32), padding.to(DType.F32), bias.to(DType.F32));
        List<Tensor> values = inputs.stream().map(LocalAttention::contiguous).toList();
        Sizes sizes = new Sizes(groups, heads, Math.toIntExact(shape[2] / 3 / heads));
        Tensor attended = DirectBuffer.unwritten(shape[0], shape[1], shape[2] / 3);
        Tensor saved = DirectBuffer.unwritten(shape[0], shape[1], WindowKernel.saved(sizes.heads));
        try (Scope scope = Scope.open()) {
            sizes.kernel(values)
                    .forward(
                            DirectBuffer.floatSamples(values.get(0)),
                            DirectBuffer.floatSamples(attended),
                            DirectBuffer.floatSamples(saved),
                            Engine.threads());
        }
        List<Tensor> kept = List.of(values.get(0), values.get(1), values.get(2), attended, saved);
        return CustomGradient.attach(attended, inputs, kept, (gradient, known) -> back(gradient, known, sizes))
                .to(qkv.type());
    }

    private static List<Tensor> back(Tensor gradient, List<Tensor> known, Sizes sizes) {
        Tensor values = known.get(0);
        Tensor ofValues = DirectBuffer.unwritten(values.shape());
        WindowKernel.Common common;
        try (Scope scope = Scope.open()) {
            common = sizes.kernel(known)
                    .backward(
                            DirectBuffer.floatSamples(values),
                            DirectBuffer.floatSamples(known.get(3)),
                            DirectBuffer.floatSamples(known.get(4)),
                            DirectBuffer.floatSamples(contiguous(gradient)),
                            DirectBuffer.floatSamples(ofValues),
                            Engine.threads());
        }
        return List.of(
                ofValues,
                Tensor.of(common.padding(), known.get(1).shape()),
                Tensor.of(common.bias(), known.get(2).shape()));
    }

    private static Tensor contiguous(Tensor tensor) {
        return new Tensor(tensor.handle.detach().contiguous());
    }

    private record Sizes(TokenGroups groups, int heads, int features) {
        /** For what is attended to: q, k and v, those of padding, the bias. */
        WindowKernel kernel(List<Tensor> values) {
            return new WindowKernel(
                    groups,
                    heads,
                    features,
                    values.get(1).toFloats(),
                    values.get(2).toFloats());
        }
    }
}
