package org.voco4j.pretext.positionlabel;

import org.voco4j.volume.Shape3;

/**
 * The keys of the task, as {@code recipes/pretrain/tasks/positionlabel.yaml} explains them.
 *
 * @param labels what is numbered
 * @param places of the scan along each axis
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan
 * @param pairs of a crop's tokens whose offset is told too, at most; 0 for none
 */
public record PositionLabelSettings(Labels labels, Shape3 places, Shape3 region, int crops, int pairs) {

    /** What is numbered. */
    public enum Labels {
        /** Places of the scan. */
        SCAN,
        /** Tokens of the crop. */
        CROP
    }

    /** Checks the numbers. */
    public PositionLabelSettings {
        if (crops < 1) {
            throw new IllegalArgumentException("pretext.crops must be at least 1, not " + crops);
        }
        if (pairs < 0) {
            throw new IllegalArgumentException("pretext.pairs must not be negative, but is " + pairs);
        }
        if (labels == Labels.SCAN && places.voxels() < 2) {
            throw new IllegalArgumentException("pretext.places must be at least 2, not " + places);
        }
    }
}
