package org.voco4j.volume;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * v ↦ (v − p)/(q − p)·(to − from) + from, p and q the given percentiles of all voxels, zeros included (MONAI {@code
 * ScaleIntensityRangePercentiles}). The percentile r of n sorted values is the one at r/100·(n − 1), linear between
 * neighbours. Where p = q, every voxel becomes {@code from} + v − p.
 *
 * @param lower percent that become {@code from}
 * @param upper percent that become {@code to}
 * @param from the lower end of what comes out
 * @param to the upper end
 * @param clip whether values beyond the percentiles are clipped to [from, to]
 * @param channelWise whether every channel has percentiles of its own
 */
public record Percentiles(double lower, double upper, double from, double to, boolean clip, boolean channelWise)
        implements Intensity {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException unless 0 ≤ lower &lt; upper ≤ 100 and from &lt; to
     */
    public Percentiles {
        if (!(lower >= 0 && lower < upper && upper <= 100) || !(from < to)) {
            throw new IllegalArgumentException("percentiles need 0 <= lower < upper <= 100 and from < to, not " + lower
                    + ", " + upper + " to " + from + ", " + to);
        }
    }

    @Override
    public List<Curve> curves(Channels scan) {
        scan.volumes().forEach(HuWindow::requireFinite);
        if (!channelWise) {
            return Collections.nCopies(scan.count(), curve(ends(scan.volumes())));
        }
        return scan.volumes().stream()
                .map(channel -> curve(ends(List.of(channel))))
                .toList();
    }

    /** The two percentiles of the voxels of all channels. */
    double[] ends(List<Volume> channels) {
        int voxels = channels.get(0).voxels().length;
        float[] sorted = new float[Math.multiplyExact(voxels, channels.size())];
        for (int c = 0; c < channels.size(); c++) {
            System.arraycopy(channels.get(c).voxels(), 0, sorted, c * voxels, voxels);
        }
        Arrays.sort(sorted);
        return new double[] {at(sorted, lower), at(sorted, upper)};
    }

    private static double at(float[] sorted, double percent) {
        double place = percent / 100 * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
    }

    private Curve curve(double[] ends) {
        double width = ends[1] > ends[0] ? ends[1] - ends[0] : to - from;
        HuWindow window = new HuWindow(ends[0], ends[0] + width);
        return (values, begin, end) -> window.scale(values, begin, end, from, to, clip);
    }
}
