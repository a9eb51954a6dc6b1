package org.voco4j.pretext.transvw;

import org.voco4j.volume.Shape3;

/**
 * The keys of TransVW, as {@code recipes/pretrain/tasks/transvw.yaml} explains them.
 *
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan
 * @param words places that are told apart
 * @param apart voxels between the corners of two words along one axis at least
 * @param hidden channels of the head's convolution
 * @param wordWeight factor on the loss of the words, beside the error of restoration
 */
public record TransVwSettings(Shape3 region, int crops, int words, int apart, int hidden, double wordWeight) {
    /** Checks the numbers. */
    public TransVwSettings {
        if (crops < 1 || words < 2 || hidden < 1 || apart < 1) {
            throw new IllegalArgumentException("pretext.crops, hidden and apart must be at least 1 and words 2, not "
                    + crops + ", " + hidden + ", " + apart + " and " + words);
        }
        if (!(wordWeight > 0)) {
            throw new IllegalArgumentException("pretext.wordWeight must be above 0, not " + wordWeight);
        }
    }
}
