package org.voco4j.pretext.rotation;

import org.voco4j.volume.Shape3;

/**
 * The keys of the task, as {@code recipes/pretrain/tasks/rotation.yaml} explains them.
 *
 * @param classes which turns there are
 * @param grid how often a crop goes into the scan along each axis
 * @param crops of a scan, each turned
 * @param hidden numbers between the pooled features and the classes
 */
public record RotationSettings(Turns classes, Shape3 grid, int crops, int hidden) {

    /** Which turns there are. */
    public enum Turns {
        /** None and 1 to 3 quarter turns in the x–y plane. */
        PLANE(4),
        /** Those, and 1 to 3 quarter turns in the x–z and the y–z plane. */
        ALL(10);

        final int count;

        Turns(int count) {
            this.count = count;
        }
    }

    /** Checks the numbers. */
    public RotationSettings {
        if (crops < 1 || hidden < 1) {
            throw new IllegalArgumentException(
                    (crops < 1
                            ? "pretext.crops must be at least 1, not " + crops
                            : "pretext.hidden must be at least 1, not " + hidden));
        }
    }
}
