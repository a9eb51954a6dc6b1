package org.voco4j.pretext.contrast;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of SimCLR, as {@code recipes/pretrain/tasks/simclr.yaml} explains them.
 *
 * @param pairs of a scan
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param temperature T
 * @param augment what is done to each view
 * @param projector its sizes
 */
public record SimClrSettings(
        int pairs, double overlap, double temperature, ViewAugmentation augment, Projector projector) {

    /** Linear maps, with a batch norm and ReLU after all but the last: how many, and their numbers. */
    public record Projector(int layers, int hidden, int out) {}

    /** Checks the numbers. */
    public SimClrSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(temperature > 0, "pretext.temperature must be above 0, not " + temperature);
        require(
                projector.layers >= 2 && projector.hidden >= 1 && projector.out >= 2,
                "pretext.projector needs layers >= 2, hidden >= 1 and out >= 2, not " + projector.layers + ", "
                        + projector.hidden + ", " + projector.out);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
