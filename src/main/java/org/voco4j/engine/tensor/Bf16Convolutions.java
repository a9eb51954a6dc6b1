package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Convolutions on the processor that are not computed in 16-bit brain floats although the precision says so.
 *
 * <p>On processors without AMX oneDNN (3.7, 3.12) reads memory that nobody wrote when it computes the weight gradient of
 * a 3-D convolution of kernel 3 whose map is 2 voxels long or shorter: values from slightly wrong to infinite. Such maps
 * are computed in 32 bits, which costs next to nothing. What else may be wrong no list can tell, so every other shape is
 * computed once there and back on known values, in both precisions, before it is used.
 */
final class SmallMaps {
    private static final long SHORT = 2; // voxels along an axis
    private static final double TOLERANCE = 0.02; // ‖difference‖/‖value‖; rounding to 8 bits gives 0.001 to 0.003

    private static final Map<String, Boolean> CHECKED = new ConcurrentHashMap<>();

    private SmallMaps() {}

    /** Whether the convolution must have 32 bits; always false where nothing is computed in 16. */
    static boolean needs32Bits(Tensor x, Tensor weight, int stride) {
        if (!x.device().isCpu() || !torch.is_autocast_enabled(DeviceType.CPU)) {
            return false;
        }
        long kernel = weight.size(2);
        if (kernel == 1) {
            return false; // a matrix product
        }
        long[] map = Arrays.copyOfRange(x.shape(), 2, x.shape().length);
        if (map.length == 3 && Arrays.stream(map).anyMatch(size -> (size - 1) / stride + 1 <= SHORT)) {
            return true;
        }
        String key = Arrays.toString(map) + " " + Arrays.toString(weight.shape()) + "/" + stride;
        return CHECKED.computeIfAbsent(key, shape -> isOff(map, weight.shape(), stride));
    }

    private static boolean isOff(long[] map, long[] weight, int stride) {
        boolean before = torch.is_autocast_enabled(DeviceType.CPU);
        torch.set_autocast_enabled(DeviceType.CPU, false);
        try (Scope scope = Scope.open();
                AutoGradMode gradients = new AutoGradMode(true)) {
            long[] input = new long[map.length + 2];
            input[0] = 1;
            input[1] = weight[1];
            System.arraycopy(map, 0, input, 2, map.length);
            Tensor x = values(input, 12.9898);
            Tensor w = values(weight, 78.233);
            org.bytedeco.pytorch.Tensor[] rough = thereAndBack(x, w, stride, ScalarType.BFloat16);
            org.bytedeco.pytorch.Tensor[] exact = thereAndBack(x, w, stride, ScalarType.Float);
            for (int i = 0; i < exact.length; i++) {
                double distance =
                        rough[i].to(ScalarType.Float).sub(exact[i]).norm().item_double();
                double bound = TOLERANCE * exact[i].norm().item_double();
                if (!(distance <= bound)) { // NaN too
                    return true;
                }
            }
            return false;
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, before);
        }
    }

    /** Values between −1 and 1 without a generator, whose state belongs to others; exact in 16 bits. */
    private static Tensor values(long[] shape, double frequency) {
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new Tensor(torch.arange(new Scalar(count))
                .to(ScalarType.Double)
                .mul(new Scalar(frequency))
                .sin()
                .to(ScalarType.BFloat16)
                .reshape(shape));
    }

    /** The convolution, the gradient of its input and that of its weight, fed with values that depend on place only. */
    private static org.bytedeco.pytorch.Tensor[] thereAndBack(Tensor x, Tensor weight, int stride, ScalarType type) {
        org.bytedeco.pytorch.Tensor in = x.handle.to(type).detach().clone().requires_grad_(true);
        org.bytedeco.pytorch.Tensor kernel =
                weight.handle.to(type).detach().clone().requires_grad_(true);
        org.bytedeco.pytorch.Tensor out = Ops.convolution(in, kernel, new TensorOptional(), stride);
        org.bytedeco.pytorch.Tensor fed =
                values(new Tensor(out).shape(), 39.346).handle.to(type);
        out.backward(fed, new BoolOptional(false), false, new TensorArrayRefOptional());
        return new org.bytedeco.pytorch.Tensor[] {out.detach(), in.grad(), kernel.grad()};
    }
}
