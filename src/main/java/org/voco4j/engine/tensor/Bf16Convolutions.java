package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which convolutions a processor computes rightly in 16-bit brain floats; the others are computed in 32 bits.
 *
 * <p>Where there is no AMX, oneDNN (3.7, 3.12) reads memory that nobody wrote when it computes the weight gradient of some
 * 3-D convolutions of kernel 3 on short maps, for strides 1 and 2. What it reads may happen to be harmless, so the shapes
 * are excluded by a rule: all whose result has 2 voxels or fewer along an axis. What else may be wrong no list can tell:
 * every other shape is computed once there and back on known values in both precisions, before it is used.
 */
final class Bf16Convolutions {
    private static final long SHORT = 2; // voxels along an axis
    private static final double TOLERANCE = 0.02; // ‖difference‖/‖value‖; rounding to 8 bits gives 0.001 to 0.003

    private static final Map<String, Boolean> CHECKED = new ConcurrentHashMap<>();

    private Bf16Convolutions() {}

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
        return CHECKED.computeIfAbsent(key, shape -> in32Bits(() -> isOff(map, weight.shape(), stride)));
    }

    /** Computes with autocasting off. */
    static <T> T in32Bits(Supplier<T> computation) {
        boolean before = torch.is_autocast_enabled(DeviceType.CPU);
        torch.set_autocast_enabled(DeviceType.CPU, false);
        try {
            return computation.get();
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, before);
        }
    }

    private static boolean isOff(long[] map, long[] weight, int stride) {
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
                if (!(distance <= TOLERANCE * exact[i].norm().item_double())) { // NaN too
                    return true;
                }
            }
            return false;
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
