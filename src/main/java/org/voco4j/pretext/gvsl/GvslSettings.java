package org.voco4j.pretext.gvsl;

/**
 * The keys of GVSL, as {@code recipes/pretrain/tasks/gvsl.yaml} explains them.
 *
 * @param crops of a pair of scans, each at one place of both
 * @param variant whose geometry, and whether the affine map is learned
 * @param window voxels along an edge of the cube in which crops are compared
 * @param smoothness factor on the flow's roughness
 */
public record GvslSettings(int crops, Variant variant, int window, double smoothness) {
    /** Checks the numbers. */
    public GvslSettings {
        if (crops < 1) {
            throw new IllegalArgumentException("pretext.crops must be at least 1, not " + crops);
        }
        if (window < 3 || window % 2 == 0) {
            throw new IllegalArgumentException("pretext.window must be odd and at least 3, not " + window);
        }
        if (!(smoothness >= 0)) {
            throw new IllegalArgumentException("pretext.smoothness must not be negative, as " + smoothness + " is");
        }
    }
}
