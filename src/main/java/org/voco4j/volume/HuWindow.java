package org.voco4j.volume;

import java.util.Collections;
import java.util.List;

/**
 * An intensity window: v ↦ (v − low)/(high − low), clipped to [0, 1].
 *
 * @param low the value that becomes 0, in Hounsfield units for CT
 * @param high the value that becomes 1
 */
public record HuWindow(double low, double high) implements Intensity {

    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException unless low &lt; high and both are finite
     */
    public HuWindow {
        if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException("a window needs low < high, not " + low + " … " + high);
        }
    }

    /**
     * The windowed volume.
     *
     * @throws IllegalArgumentException if a voxel is NaN or infinite, with their number
     */
    public Volume apply(Volume volume) {
        return scale(volume, 0, 1, true);
    }

    @Override
    public List<Curve> curves(Channels scan) {
        scan.volumes().forEach(HuWindow::requireFinite);
        return Collections.nCopies(scan.count(), (values, begin, end) -> scale(values, begin, end, 0, 1, true));
    }

    /**
     * The general form, v ↦ (v − low)/(high − low)·(to − from) + from, clipped to [from, to] or not (MONAI
     * {@code ScaleIntensityRange}, whose single-precision steps these are).
     *
     * @throws IllegalArgumentException if a voxel is NaN or infinite, with their number
     */
    public Volume scale(Volume volume, double from, double to, boolean clip) {
        requireFinite(volume);
        float[] out = volume.voxels().clone();
        scale(out, 0, out.length, from, to, clip);
        return volume.withVoxels(out);
    }

    /** The general form of the values from {@code begin} to before {@code end}, where they stand; they have to be finite. */
    void scale(float[] values, int begin, int end, double from, double to, boolean clip) {
        float offset = (float) low;
        float range = (float) (high - low);
        float factor = (float) (to - from);
        for (int i = begin; i < end; i++) {
            float value = (values[i] - offset) / range * factor + (float) from;
            values[i] = clip ? Math.min(Math.max(value, (float) from), (float) to) : value;
        }
    }

    /**
     * Checks that every voxel is a number.
     *
     * @throws IllegalArgumentException otherwise, with the number of voxels that are not
     */
    public static void requireFinite(Volume volume) {
        long bad = 0;
        for (float value : volume.voxels()) {
            bad += Float.isFinite(value) ? 0 : 1;
        }
        if (bad > 0) {
            throw new IllegalArgumentException(
                    bad + " of " + volume.shape().voxels() + " voxels are NaN or infinite, expected finite numbers");
        }
    }
}
