package org.voco4j.volume;

import java.util.Collections;
import java.util.List;

/**
 * v ↦ (v − μ)/σ with mean μ and population standard deviation σ over the voxels that count (MONAI {@code
 * NormalizeIntensity}). A σ of 0 counts as 1; a channel none of whose voxels counts stays as it is.
 *
 * @param nonzero whether only voxels other than 0 count, and 0 (what lies outside the head) stays 0
 * @param channelWise whether every channel has a μ and σ of its own
 */
public record ZScore(boolean nonzero, boolean channelWise) implements Intensity {

    /**
     * What a law measures.
     *
     * @param mean μ
     * @param deviation σ
     * @param count how many voxels counted
     */
    record Moments(double mean, double deviation, long count) {}

    @Override
    public List<Curve> curves(Channels scan) {
        scan.volumes().forEach(HuWindow::requireFinite);
        if (!channelWise) {
            return Collections.nCopies(scan.count(), curve(moments(scan.volumes())));
        }
        return scan.volumes().stream()
                .map(channel -> curve(moments(List.of(channel))))
                .toList();
    }

    /** Mean and deviation over the voxels of all channels that count, in two passes and double precision. */
    Moments moments(List<Volume> channels) {
        double sum = 0;
        long count = 0;
        for (Volume channel : channels) {
            for (float value : channel.voxels()) {
                if (counts(value)) {
                    sum += value;
                    count++;
                }
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (Volume channel : channels) {
            for (float value : channel.voxels()) {
                squares += counts(value) ? (value - mean) * (value - mean) : 0;
            }
        }
        return new Moments(mean, count == 0 ? 0 : Math.sqrt(squares / count), count);
    }

    private boolean counts(float value) {
        return !nonzero || value != 0;
    }

    private Curve curve(Moments moments) {
        double scale = moments.deviation == 0 ? 1 : moments.deviation;
        return (values, begin, end) -> {
            for (int i = begin; i < end; i++) {
                values[i] = counts(values[i]) ? (float) ((values[i] - moments.mean) / scale) : values[i];
            }
        };
    }
}
