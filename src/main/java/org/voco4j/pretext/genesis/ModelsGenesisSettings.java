package org.voco4j.pretext.genesis;

import org.voco4j.pretext.part.Distortion;
import org.voco4j.volume.Shape3;

/**
 * The keys of Models Genesis, as {@code recipes/pretrain/tasks/models-genesis.yaml} explains them.
 *
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan
 * @param flip probability of a mirrored axis, one after another, at most three
 * @param distortion what is done to a crop
 */
public record ModelsGenesisSettings(Shape3 region, int crops, double flip, Distortion distortion) {
    /** Checks the numbers. */
    public ModelsGenesisSettings {
        if (crops < 1) {
            throw new IllegalArgumentException("pretext.crops must be at least 1, not " + crops);
        }
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("pretext.flip must lie in [0, 1], not " + flip);
        }
    }
}
