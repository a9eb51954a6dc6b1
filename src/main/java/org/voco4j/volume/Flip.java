package org.voco4j.volume;

/** Reverses axes; the affine follows, so that every voxel stays where it was in the patient (MONAI {@code Flip}). */
public final class Flip {
    private Flip() {}

    /** Reverses the axes that are marked. */
    public static Volume apply(Volume volume, boolean x, boolean y, boolean z) {
        return new AxisMap(new int[] {0, 1, 2}, new boolean[] {x, y, z}).apply(volume);
    }
}
