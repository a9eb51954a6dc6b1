package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Which convolutions a processor computes rightly in 16-bit brain floats; the others are computed in 32 bits.
 *
 * <p>Where there is no AMX, oneDNN (3.7, 3.12) reads memory that nobody wrote when it computes the weight gradient of some
 * 3-D convolutions of kernel 3 on short maps, for strides 1 and 2. What it reads may happen to be harmless, so the shapes
 * are excluded by a rule: all whose result has 2 voxels or fewer along an axis. What else may be wrong no list can tell:
 * every other convolution, transposed ones too, is compared with 32 bits there and back ({@link ConvolutionTrial}) before
 * it is used, once for all processes ({@link KernelVerdicts}).
 */
public final class Bf16Convolutions {
    private static final long SHORT = 2; // voxels along an axis
    static final double TOLERANCE = 0.02; // ‖difference‖/‖value‖; rounding to 8 bits gives 0.001 to 0.003

    private static final Map<String, Boolean> USED = new ConcurrentHashMap<>();

    private Bf16Convolutions() {}

    /** The convolutions that this process was to compute in 16 bits, in words → whether it computes them in 32 instead. */
    public static SortedMap<String, Boolean> used() {
        return new TreeMap<>(USED);
    }

    /** Whether the convolution must have 32 bits; always false where nothing is computed in 16. */
    static boolean needs32Bits(Tensor x, Convolution convolution) {
        if (!x.device().isCpu() || !torch.is_autocast_enabled(DeviceType.CPU) || convolution.kernel() == 1) {
            return false; // a kernel of 1 is a matrix product
        }
        long[] map = Arrays.copyOfRange(x.shape(), 2, x.shape().length);
        boolean voxelByVoxel = MapLayout.isVoxelByVoxel(x);
        String name = convolution.on(map) + (voxelByVoxel ? ", channels side by side" : "");
        boolean wide = isShort(convolution, map)
                || KernelVerdicts.isWrong(
                        name,
                        () -> in32Bits(() ->
                                !(ConvolutionTrial.distance(convolution, map, voxelByVoxel) <= TOLERANCE))); // NaN too
        USED.put(name, wide);
        return wide;
    }

    private static boolean isShort(Convolution convolution, long[] map) {
        return map.length == 3
                && !convolution.transposed()
                && Arrays.stream(convolution.result(map)).anyMatch(size -> size <= SHORT);
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
}
