package org.voco4j.engine.tensor;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.voco4j.engine.vector.TokenGroups;
import org.voco4j.engine.vector.VectorModule;
import org.voco4j.engine.vector.WindowKernel;

/**
 * Attention within windows straight from the layer that makes q, k and v, by a kernel of our own on the processor.
 *
 * <p>What {@link Attention#of} computes, save that rows of padding are 0 and that pairs which a mask would keep apart are not
 * computed at all. It needs the JDK's Vector API and works with 32 bits; {@link #serves} says whether it can be used.
 */
public final class LocalAttention {
    private LocalAttention() {}

    /** Whether tensors like this one can be attended to here: on the CPU, of 32 or 16 bits, with the Vector API present. */
    public static boolean serves(Tensor x) {
        return VectorModule.isUsable() && x.device().isCpu() && x.type() != DType.F64;
    }

    /** Which kernel attends within windows on the CPU in this process, in words. */
    static String kernel() {
        return VectorModule.isUsable() ? "Vector API, " + VectorModule.lanes() + " lanes" : "libtorch's kernel";
    }

    /**
     * Attends.
     *
     * <p>Where gradients are recorded this must run inside a {@link Scope} that stays open until they are computed. Uses as
     * many threads as an operation of libtorch on this thread; their number changes no bit.
     *
     * @param qkv [B·W, n, 3·C], along the last axis q, k, v, in each the heads one after the other; numbers of 16 bits are
     *     attended to in 32
     * @param bias b, [H, n, n]
     * @param groups who attends to whom among n tokens of W windows
     * @return [B·W, n, C], in the number format of q, k and v; 0 for padding
     * @throws IllegalArgumentException if the shapes do not fit the groups
     */
    public static Tensor of(Tensor qkv, Tensor bias, TokenGroups groups) {
        long[] shape = qkv.shape();
        long heads = bias.size(0);
        if (shape.length != 3
                || shape[0] % groups.windows() != 0
                || shape[1] != groups.tokens()
                || shape[2] % (3 * heads) != 0) {
            throw new IllegalArgumentException(qkv + " is not q, k and v of " + heads + " heads for " + groups.windows()
                    + " windows of " + groups.tokens() + " tokens");
        }
        return LayerTimes.own(LayerTimes.Kind.ATTENTION, qkv, all -> attended(all, bias, groups));
    }

    private static Tensor attended(Tensor qkv, Tensor bias, TokenGroups groups) {
        long[] shape = qkv.shape();
        Tensor wide = qkv.to(DType.F32);
        Tensor table = bias.to(DType.F32);
        int heads = Math.toIntExact(bias.size(0));
        Sizes sizes = new Sizes(groups, heads, Math.toIntExact(shape[2] / 3 / heads));
        Tensor attended = Tensor.zeros(DType.F32, shape[0], shape[1], shape[2] / 3);
        Tensor saved = Tensor.zeros(DType.F32, shape[0], WindowKernel.saved(sizes.heads, groups.tokens()));
        Tensor values = contiguous(wide);
        try (Scope scope = Scope.open()) {
            sizes.kernel(table)
                    .forward(sizes.samples(values), sizes.samples(attended), sizes.samples(saved), Engine.threads());
        }
        Tensor joined = GradMode.is_enabled()
                ? CustomGradient.attach(
                        attended,
                        List.of(wide, table),
                        List.of(values, attended, saved, contiguous(table)),
                        (gradient, kept) -> back(gradient, kept, sizes))
                : attended;
        return joined.to(qkv.type());
    }

    private static List<Tensor> back(Tensor gradient, List<Tensor> kept, Sizes sizes) {
        Tensor values = kept.get(0);
        Tensor table = kept.get(3);
        Tensor ofValues = Tensor.zeros(DType.F32, values.shape());
        float[] ofTable;
        try (Scope scope = Scope.open()) {
            ofTable = sizes.kernel(table)
                    .backward(
                            sizes.samples(values),
                            sizes.samples(kept.get(1)),
                            sizes.samples(kept.get(2)),
                            sizes.samples(contiguous(gradient)),
                            sizes.samples(ofValues),
                            Engine.threads());
        }
        return List.of(ofValues, Tensor.of(ofTable, table.shape()));
    }

    private static Tensor contiguous(Tensor tensor) {
        return new Tensor(tensor.handle.detach().contiguous());
    }

    private record Sizes(TokenGroups groups, int heads, int features) {
        WindowKernel kernel(Tensor bias) {
            return new WindowKernel(groups, heads, features, bias.toFloats());
        }

        /** The memory of a tensor [B·W, …], a buffer for each sample. */
        List<FloatBuffer> samples(Tensor tensor) {
            long samples = tensor.size(0) / groups.windows();
            int bytes = Math.toIntExact(tensor.count() / samples * Float.BYTES);
            List<FloatBuffer> buffers = new ArrayList<>();
            for (long b = 0; b < samples; b++) {
                buffers.add(tensor.bytes(b * bytes, bytes).asFloatBuffer());
            }
            return buffers;
        }
    }
}
