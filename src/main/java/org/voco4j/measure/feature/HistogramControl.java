package org.voco4j.measure.feature;

/**
 * A control that sees intensities but no shapes: the histogram of a crop.
 *
 * <pre>  f_b = √(share of voxels in bin b),   16 equal bins over [0, 1] </pre>
 *
 * <p>With the square root the feature has length 1 and the cosine of two features is the Bhattacharyya coefficient, so
 * that the largest cosine is the nearest histogram in Hellinger distance. Matched by plain shares, the one full
 * bin that nearly every crop has (air, fat or soft tissue) would decide alone.
 */
public final class HistogramControl {
    private static final int BINS = 16;

    private HistogramControl() {}

    /**
     * The feature of a crop.
     *
     * @param crop windowed values; those outside [0, 1] count in the outermost bins
     * @return [16]
     * @throws IllegalArgumentException if the crop is empty
     */
    public static float[] feature(float[] crop) {
        if (crop.length == 0) {
            throw new IllegalArgumentException("a crop of 0 voxels has no histogram");
        }
        int[] counts = new int[BINS];
        for (float value : crop) {
            counts[Math.max(0, Math.min(BINS - 1, (int) (value * BINS)))]++;
        }
        float[] feature = new float[BINS];
        for (int b = 0; b < BINS; b++) {
            feature[b] = (float) Math.sqrt((double) counts[b] / crop.length);
        }
        return feature;
    }
}
