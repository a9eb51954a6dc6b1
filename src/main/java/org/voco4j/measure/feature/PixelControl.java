package org.voco4j.measure.feature;

/**
 * A control that matches images without learning: the voxels of a crop less their mean, so that the cosine of two
 * features is the normalised correlation of the two crops. A constant crop has the zero feature and matches nothing.
 */
public final class PixelControl {
    private PixelControl() {}

    /**
     * The feature of a crop.
     *
     * @param crop the voxels of the resized crop, the same number for every crop and base
     * @return as long as the crop
     * @throws IllegalArgumentException if the crop is empty
     */
    public static float[] feature(float[] crop) {
        if (crop.length == 0) {
            throw new IllegalArgumentException("a crop of 0 voxels has no mean");
        }
        double sum = 0;
        for (float value : crop) {
            sum += value;
        }
        float mean = (float) (sum / crop.length);
        float[] feature = new float[crop.length];
        for (int i = 0; i < crop.length; i++) {
            feature[i] = crop[i] - mean;
        }
        return feature;
    }
}
