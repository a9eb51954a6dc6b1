package org.voco4j.pretext.vicregl;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of VICRegL, as {@code recipes/pretrain/tasks/vicregl.yaml} explains them.
 *
 * @param pairs of a scan
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param alpha α
 * @param level of the encoder whose cells are matched, 0 the finest
 * @param keep cells of a view that are matched by place
 * @param flipGrid whether cells of a flipped view are matched where they lie
 * @param asymmetric whether first views are blurred always, and second ones seldom, but solarised
 * @param augment what is done to each view
 * @param expander its numbers
 */
public record VicRegLSettings(
        int pairs,
        double overlap,
        double alpha,
        int level,
        int keep,
        boolean flipGrid,
        boolean asymmetric,
        ViewAugmentation augment,
        Expander expander) {

    /** Numbers of each layer of what is put on pooled features, and on cells. */
    public record Expander(int global, int local) {}

    /** Checks the numbers. */
    public VicRegLSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(alpha >= 0 && alpha <= 1, "pretext.alpha must lie in [0, 1], not " + alpha);
        require(level >= 0, "pretext.level must not be negative, but is " + level);
        require(keep >= 1, "pretext.keep must be at least 1, not " + keep);
        require(
                expander.global >= 2 && expander.local >= 2,
                "pretext.expander needs global >= 2 and local >= 2, not " + expander.global + ", " + expander.local);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
