package org.voco4j.pretext.masked;

/**
 * The keys of SimMIM, as {@code recipes/pretrain/tasks/simmim.yaml} explains them.
 *
 * @param crops of a scan
 * @param cells along each axis of a crop, that are hidden or seen as a whole
 * @param ratio of the cells that are hidden
 * @param maskToken deviation of its first draw
 */
public record SimMimSettings(int crops, int cells, double ratio, double maskToken) {
    /** Checks the numbers. */
    public SimMimSettings {
        MaskedImage.require(crops, cells, ratio);
        if (!(maskToken >= 0)) {
            throw new IllegalArgumentException("pretext.maskToken must not be negative, but is " + maskToken);
        }
    }
}
