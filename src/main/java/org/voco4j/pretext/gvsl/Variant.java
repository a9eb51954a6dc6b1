package org.voco4j.pretext.gvsl;

import java.util.Locale;

/** Whose geometry, and whether the affine map is learned. */
public enum Variant {
    /** The affine map is learned, about the crop's axes x, y, z; a flow of 0 moves nothing. */
    PAPER,
    /**
     * As the released code runs: the numbers of the affine map are taken out of the graph, so that its head stays as it was drawn; its rows
     * stand for z, y, x while its shift is divided by the sizes of x, y, z; a flow of 0 stretches a crop by one voxel.
     */
    RELEASED;

    /** The name as recipes write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
