package org.voco4j.pretext.swinmm;

import java.util.Locale;
import org.voco4j.pretext.part.ThreeHeads;

/**
 * The keys of SwinMM, as {@code recipes/pretrain/tasks/swinmm.yaml} explains them.
 *
 * @param crops of a scan, each seen in four views
 * @param cells along each axis of a crop
 * @param ratio share of the cells that are hidden, or kept
 * @param variant which of both
 * @param normalise whether the voxels to be restored have mean 0 and deviation 1 in each view
 * @param head what the heads of turn and contrast look at
 * @param vector numbers that views are recognised by
 * @param temperature T of the contrast
 */
public record SwinMmSettings(
        int crops,
        int cells,
        double ratio,
        Variant variant,
        boolean normalise,
        ThreeHeads.Head head,
        int vector,
        double temperature) {

    /** What the ratio is the share of. */
    public enum Variant {
        /** Of what is hidden, by which the loss is divided. */
        PAPER,
        /** Of what is kept, and the loss of what is hidden is divided by it all the same. */
        RELEASED;

        /** The name as recipes write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the numbers. */
    public SwinMmSettings {
        if (crops < 1 || vector < 1) {
            throw new IllegalArgumentException(
                    "pretext.crops and vector must be at least 1, not " + crops + " and " + vector);
        }
        if (cells < 2) {
            throw new IllegalArgumentException("pretext.cells must be at least 2, not " + cells);
        }
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("pretext.ratio must lie between 0 and 1, not " + ratio);
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("pretext.temperature must be above 0, not " + temperature);
        }
    }

    /** The share of cells that are hidden. */
    double hidden() {
        return variant == Variant.PAPER ? ratio : 1 - ratio;
    }
}
