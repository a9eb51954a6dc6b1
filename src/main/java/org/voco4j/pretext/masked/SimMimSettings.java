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
        require(crops >= 1, "pretext.crops must be at least 1, not " + crops);
        require(cells >= 2, "pretext.cells must be at least 2, not " + cells);
        require(ratio > 0 && ratio < 1, "pretext.ratio must lie between 0 and 1, not " + ratio);
        require(maskToken >= 0, "pretext.maskToken must not be negative, but is " + maskToken);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
