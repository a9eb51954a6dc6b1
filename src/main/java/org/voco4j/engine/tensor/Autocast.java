package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * While open, on this thread, operations that bear it compute in a lower precision; their weights are converted once.
 *
 * <p>For forward passes only: the way back remembers what each operation was computed in.
 */
public final class Autocast implements AutoCloseable {
    private final @Nullable DeviceType device;
    private final boolean enabledBefore;
    private final @Nullable ScalarType typeBefore;

    private Autocast(@Nullable DeviceType device) {
        this.device = device;
        this.enabledBefore = device != null && torch.is_autocast_enabled(device);
        this.typeBefore = device == null ? null : torch.get_autocast_dtype(device);
    }

    /** Computes in a precision on a device until closed; {@link Precision#FP32} changes nothing. */
    public static Autocast open(Device device, Precision precision) {
        Engine.load();
        return precision == Precision.FP32 ? new Autocast(null) : open(device, true);
    }

    /** Computes in the format of the operands until closed, inside of one that is open: for places, say, which 16 bits are too few for. */
    public static Autocast paused(Device device) {
        Engine.load();
        return open(device, false);
    }

    private static Autocast open(Device device, boolean enabled) {
        DeviceType type = device.isCpu() ? DeviceType.CPU : DeviceType.CUDA;
        Autocast cast = new Autocast(type);
        torch.set_autocast_enabled(type, enabled);
        torch.set_autocast_dtype(type, ScalarType.BFloat16);
        torch.increment_nesting();
        return cast;
    }

    @Override
    public void close() {
        if (device != null) {
            if (torch.decrement_nesting() == 0) {
                torch.clear_cache();
            }
            torch.set_autocast_enabled(device, enabledBefore);
            torch.set_autocast_dtype(device, typeBefore);
        }
    }
}
