package org.voco4j.pretext.rubikpp;

import org.voco4j.volume.Shape3;

/**
 * The keys of Rubik's cube++, as {@code recipes/pretrain/tasks/rubikpp.yaml} explains them.
 *
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan
 * @param slabs along each axis of a crop
 */
public record RubikPlusPlusSettings(Shape3 region, int crops, Shape3 slabs) {
    /** Checks the numbers. */
    public RubikPlusPlusSettings {
        if (crops < 1) {
            throw new IllegalArgumentException("pretext.crops must be at least 1, not " + crops);
        }
    }
}
