package org.voco4j.volume;

import java.util.ArrayList;
import java.util.List;

/**
 * An intensity law: what becomes of the values of a scan before a network sees them. Grids stay as they are.
 *
 * <p>CT has a unit, so a fixed window serves every scan ({@link HuWindow}); MR has none, so the law is measured on each
 * scan ({@link ZScore}, {@link Percentiles}).
 */
public sealed interface Intensity permits HuWindow, ZScore, Percentiles {

    /** v ↦ f(v), the same for every voxel of a channel. */
    @FunctionalInterface
    interface Curve {
        /** Replaces the values from {@code begin} to before {@code end}. */
        void apply(float[] values, int begin, int end);
    }

    /**
     * The curve of every channel, measured on all of its voxels.
     *
     * @throws IllegalArgumentException if a voxel is NaN or infinite, with their number
     */
    List<Curve> curves(Channels scan);

    /**
     * The scan with new values.
     *
     * @throws IllegalArgumentException if a voxel is NaN or infinite, with their number
     */
    default Channels apply(Channels scan) {
        List<Curve> curves = curves(scan);
        List<Volume> changed = new ArrayList<>();
        for (int c = 0; c < scan.count(); c++) {
            Volume channel = scan.volumes().get(c);
            float[] values = channel.voxels().clone();
            curves.get(c).apply(values, 0, values.length);
            changed.add(channel.withVoxels(values));
        }
        return new Channels(changed);
    }
}
