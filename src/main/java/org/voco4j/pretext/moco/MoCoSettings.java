package org.voco4j.pretext.moco;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of MoCo v3, as {@code recipes/pretrain/tasks/moco-v3.yaml} explains them.
 *
 * @param pairs of a scan
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param temperature T
 * @param momentum of the copy at first; it grows to 1 by a cosine
 * @param freezeStem whether the first layer of a vision transformer stays as drawn
 * @param asymmetric whether first views are blurred always, and second ones seldom, but solarised
 * @param augment what is done to each view
 * @param projector sizes of g
 * @param lastNorm whether h ends in a batch norm
 */
public record MoCoSettings(
        int pairs,
        double overlap,
        double temperature,
        double momentum,
        boolean freezeStem,
        boolean asymmetric,
        ViewAugmentation augment,
        Projector projector,
        boolean lastNorm) {

    /** Layers of g, the numbers of hidden ones, there and in h, and D. */
    public record Projector(int layers, int hidden, int out) {}

    /** Checks the numbers. */
    public MoCoSettings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(temperature > 0, "pretext.temperature must be above 0, not " + temperature);
        require(momentum >= 0 && momentum <= 1, "pretext.momentum must lie in [0, 1], not " + momentum);
        require(
                projector.layers >= 1 && projector.hidden >= 1 && projector.out >= 2,
                "pretext.projector needs layers >= 1, hidden >= 1 and out >= 2, not " + projector.layers + ", "
                        + projector.hidden + ", " + projector.out);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
