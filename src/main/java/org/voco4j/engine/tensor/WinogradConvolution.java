package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.vector.VectorModule;
import org.voco4j.engine.vector.WinogradKernel;

/**
 * A convolution of kernel 3 of wide maps on the processor by {@link WinogradKernel}: the result and the gradient of the map, which
 * is a convolution of the result's gradient; that of the weight is libtorch's.
 *
 * <p>Measured on two threads of an AMD Zen 5 against oneDNN, forward, channels side by side, in ms (2026-12-01): 48 to 48 channels at 96³ 238
 * against 139, 96 to 48 460 against 252, 32 to 32 117 against 79, 96 to 96 at 24³ 12.8 against 6.9, 48 to 48 at 16³ 1.0 against 0.6; but
 * 192 to 192 at 12³ 6.2 against 6.6, and 384 to 192 13.7 against 21.9. Of fewer channels than two vectors, half of the products would be wasted.
 */
final class WinogradConvolution {
    private static final int LANES = 16; // measured with so many only
    private static final long SHORTEST = 16; // voxels along an axis

    private WinogradConvolution() {}

    /** Whether this is how a map is convolved. */
    static boolean serves(Convolution convolution, Tensor x) {
        return VectorModule.lanes() >= LANES
                && x.device().isCpu()
                && x.type() == DType.F32
                && convolution.keepsSize()
                && convolution.kernel() == 3
                && WinogradKernel.takes(convolution.in())
                && WinogradKernel.takes(convolution.out())
                && MapLayout.isVoxelByVoxel(x)
                && Arrays.stream(x.shape()).skip(2).allMatch(edge -> edge >= SHORTEST)
                && x.count() / x.size(0) / x.size(1) * Math.max(convolution.in(), convolution.out())
                        <= Integer.MAX_VALUE / Float.BYTES
                && CustomGradient.isPossible()
                && !torch.is_autocast_enabled(DeviceType.CPU)
                && !SplitConvolution.serves(convolution, x); // libtorch's gradient of the weight is slow there
    }

    /** [B, C, X, Y, Z] → [B, D, X, Y, Z], channels side by side. */
    static Tensor of(Convolution convolution, Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor value;
        try (NoGrad none = NoGrad.open()) {
            value = convolved(x, Rearrange.permute(weight, 2, 3, 4, 1, 0), bias);
        }
        boolean ofMap = x.handle.requires_grad();
        return CustomGradient.attach(value, Arrays.asList(x, weight, bias), List.of(x, weight), (gradient, saved) -> {
            Tensor ofX = null;
            if (ofMap) {
                Tensor turned = Rearrange.flip(saved.get(1), 2, 3, 4);
                ofX = convolved(gradient, Rearrange.permute(turned, 2, 3, 4, 0, 1), null);
            }
            Tensor ofWeight = new Tensor(convolution
                    .backward(gradient.handle, saved.get(0).handle, saved.get(1).handle, false, true, false)
                    .get1());
            Tensor ofBias =
                    bias == null ? null : gradient.sumKeeping(0, 2, 3, 4).reshape(bias.shape());
            return Arrays.asList(ofX, ofWeight, ofBias);
        });
    }

    /**
     * The convolution, without a graph.
     *
     * @param x [B, C, X, Y, Z]
     * @param weight [3, 3, 3, C, D]
     */
    private static Tensor convolved(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor voxels = MapLayout.voxels(x.detach()); // [B, X, Y, Z, C]
        long[] shape = voxels.shape();
        int in = Math.toIntExact(shape[4]);
        int out = Math.toIntExact(weight.size(4));
        shape[4] = out;
        Tensor y = DirectBuffer.unwritten(shape);
        new WinogradKernel(in, out, weight.toFloats(), bias == null ? null : bias.toFloats())
                .apply(
                        DirectBuffer.floatSamples(voxels),
                        DirectBuffer.floatSamples(y),
                        (int) shape[1],
                        (int) shape[2],
                        (int) shape[3],
                        Engine.threads());
        return Rearrange.permute(y, 0, 4, 1, 2, 3);
    }
}
