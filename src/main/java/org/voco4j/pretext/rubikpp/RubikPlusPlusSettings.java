package org.voco4j.pretext.rubikpp;

import org.voco4j.volume.Shape3;

/**
 * The keys of Rubik's cube++, as {@code recipes/pretrain/tasks/rubikpp.yaml} explains them.
 *
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan
 * @param slabs along each axis of a crop
 * @param quarters which slabs are turned by quarters
 * @param adversarial whether a critic judges what is restored
 * @param lambda λ, the weight of the error beside the critic's judgement
 * @param criticAfter steps before the critic joins in
 */
public record RubikPlusPlusSettings(
        Shape3 region,
        int crops,
        Shape3 slabs,
        Quarters quarters,
        boolean adversarial,
        double lambda,
        int criticAfter) {
    /** Which slabs are turned by quarters; all are turned by halves. */
    public enum Quarters {
        /** Those whose plane is a square of voxels. */
        ALL,
        /** Of these, those that are perpendicular to z: where voxels are no cubes, a turn in another plane is no rotation. */
        XY
    }

    /** Checks the numbers. */
    public RubikPlusPlusSettings {
        require(crops >= 1, "pretext.crops must be at least 1, not " + crops);
        require(lambda > 0, "pretext.lambda must be above 0, not " + lambda);
        require(criticAfter >= 0, "pretext.criticAfter must not be negative, but is " + criticAfter);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
