package org.voco4j.pretext.jssl;

import java.util.Locale;
import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of JSSL, as {@code recipes/pretrain/tasks/jssl.yaml} explains them.
 *
 * @param pairs of a scan
 * @param slabs that a crop is cut into along z
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param augment what is done to each view
 * @param width numbers of an embedding
 * @param blocks of the transformer over slabs
 * @param heads of its attention
 * @param variant where clusters come from
 * @param prototypes of each kind of cluster
 * @param temperature T
 * @param epsilon ε of the targets that are shared out
 * @param bank features that are clustered together, of deepcluster
 * @param renew steps after which they are, of deepcluster
 * @param hidden share of the slabs that are hidden
 * @param slabWeight factor on the loss of single slabs
 * @param maskWeight factor on the loss of hidden slabs
 */
public record JsslSettings(
        int pairs,
        int slabs,
        double overlap,
        ViewAugmentation augment,
        int width,
        int blocks,
        int heads,
        Variant variant,
        int prototypes,
        double temperature,
        double epsilon,
        int bank,
        int renew,
        double hidden,
        double slabWeight,
        double maskWeight) {

    /** Where targets and prototypes come from. */
    public enum Variant {
        /** Prototypes are learned, targets share the step's features out among them. */
        SWAV,
        /** Prototypes are the centres of the latest features, taken anew every so many steps; a target is the nearest one. */
        DEEPCLUSTER;

        /** The name as recipes write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the numbers. */
    public JsslSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(slabs >= 2, "pretext.slabs must be at least 2, not " + slabs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(
                width >= 1 && blocks >= 1 && heads >= 1 && width % heads == 0,
                "pretext.blocks and heads must be at least 1, and heads share out the width evenly, not " + blocks
                        + ", " + heads + " and " + width);
        require(prototypes >= 2, "pretext.prototypes must be at least 2, not " + prototypes);
        require(
                temperature > 0 && epsilon > 0,
                "pretext.temperature and epsilon must be above 0, not " + temperature + " and " + epsilon);
        require(
                bank >= prototypes && renew >= 1,
                "pretext.bank must have a row for each of pretext.prototypes, " + prototypes
                        + ", and renew be at least 1, not " + bank + " and " + renew);
        require(hidden > 0 && hidden < 1, "pretext.hidden must lie between 0 and 1, not " + hidden);
        require(
                slabWeight >= 0 && maskWeight >= 0,
                "pretext.slabWeight and maskWeight must not be negative, as " + slabWeight + " or " + maskWeight
                        + " is");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
