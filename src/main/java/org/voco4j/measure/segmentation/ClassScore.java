package org.voco4j.measure.segmentation;

import org.voco4j.measure.statistics.Overlap;

/**
 * How well one class of one case was segmented.
 *
 * @param label the class
 * @param overlap of prediction and truth in voxels
 * @param voxelMl the volume of a voxel in millilitres
 * @param nsd the surface Dice at the tolerance asked for; NaN if neither has the class, 0 if one alone has it
 * @param hd95 the 95th percentile of the surface distances in millimetres; NaN unless both have the class, so a mean
 *     of it is to be read together with the number of missed and invented classes
 */
public record ClassScore(int label, Overlap overlap, double voxelMl, double nsd, double hd95) {

    /** The Dice score; NaN if neither has the class, 0 if one alone has it. */
    public double dice() {
        return overlap.dice();
    }

    /** Intersection over union; NaN if neither has the class, 0 if one alone has it. */
    public double iou() {
        return overlap.iou();
    }

    /** The volume of the class in truth, in millilitres. */
    public double truthMl() {
        return overlap.truth() * voxelMl;
    }

    /** The volume of the class in the prediction, in millilitres. */
    public double predictionMl() {
        return overlap.prediction() * voxelMl;
    }
}
