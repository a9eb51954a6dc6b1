package org.voco4j.pretext.simsiam;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of SimSiam, as {@code recipes/pretrain/tasks/simsiam.yaml} explains them.
 *
 * @param pairs of a scan
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param area smallest share of an image of one slice that a view shows
 * @param augment what is done to each view
 * @param projector sizes of g
 * @param predictor hidden numbers of h
 */
public record SimSiamSettings(
        int pairs, double overlap, double area, ViewAugmentation augment, Projector projector, int predictor) {

    /** Numbers of g's two hidden layers, and D. */
    public record Projector(int hidden, int out) {}

    /** Checks the numbers. */
    public SimSiamSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(area > 0 && area <= 1, "pretext.area must lie in (0, 1], not " + area);
        require(
                projector.hidden >= 1 && projector.out >= 2,
                "pretext.projector needs hidden >= 1 and out >= 2, not " + projector.hidden + ", " + projector.out);
        require(predictor >= 1, "pretext.predictor must be at least 1, not " + predictor);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
