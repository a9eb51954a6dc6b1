package org.voco4j.pretext.c2l;

import org.voco4j.pretext.part.pair.KeyLoss;
import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of C2L, as {@code recipes/pretrain/tasks/c2l.yaml} explains them.
 *
 * @param pairs of a scan
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param area smallest share of an image of one slice that a view shows
 * @param loss what scores cost
 * @param temperature T
 * @param images n, of the whole training set, for noise contrast
 * @param queue K
 * @param momentum of the copy
 * @param cuts cubes of a view that are cut out
 * @param augment what is done to each view before
 * @param projector sizes of g
 */
public record C2lSettings(
        int pairs,
        double overlap,
        double area,
        KeyLoss loss,
        double temperature,
        int images,
        int queue,
        double momentum,
        int cuts,
        ViewAugmentation augment,
        Projector projector) {

    /** Numbers of a hidden layer with a batch norm, 0 for none, and D. */
    public record Projector(int hidden, int out) {}

    /** Checks the numbers. */
    public C2lSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(area > 0 && area <= 1, "pretext.area must lie in (0, 1], not " + area);
        require(temperature > 0, "pretext.temperature must be above 0, not " + temperature);
        require(images >= 1, "pretext.images must be at least 1, not " + images);
        require(queue >= 1, "pretext.queue must be at least 1, not " + queue);
        require(momentum >= 0 && momentum <= 1, "pretext.momentum must lie in [0, 1], not " + momentum);
        require(cuts >= 0, "pretext.cuts must not be negative, but is " + cuts);
        require(
                projector.hidden >= 0 && projector.out >= 2,
                "pretext.projector needs hidden >= 0 and out >= 2, not " + projector.hidden + ", " + projector.out);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
