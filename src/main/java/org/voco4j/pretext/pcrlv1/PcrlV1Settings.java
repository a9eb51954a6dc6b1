package org.voco4j.pretext.pcrlv1;

import org.voco4j.pretext.part.Distortion;
import org.voco4j.pretext.part.pair.KeyLoss;
import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of PCRLv1, as {@code recipes/pretrain/tasks/pcrl-v1.yaml} explains them.
 *
 * @param pairs of a scan
 * @param area smallest share of an image of one slice that a crop shows
 * @param variant what mixtures of views are restored to
 * @param loss what scores cost
 * @param temperature T
 * @param images n, of the whole training set, for noise contrast
 * @param queue K
 * @param momentum of the copy
 * @param augment what is done to each crop before it is distorted
 * @param distortion of crops of a scan
 * @param cuts squares of an image of one slice that are cut out instead
 * @param sizes of the head and the gates
 */
public record PcrlV1Settings(
        int pairs,
        double area,
        Variant variant,
        KeyLoss loss,
        double temperature,
        int images,
        int queue,
        double momentum,
        ViewAugmentation augment,
        Distortion distortion,
        int cuts,
        Sizes sizes) {

    /**
     * Numbers of layers.
     *
     * @param projector hidden ones of the head
     * @param out D
     * @param gates hidden ones of g
     */
    public record Sizes(int projector, int out, int gates) {}

    /** Checks the numbers. */
    public PcrlV1Settings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(area > 0 && area <= 1, "pretext.area must lie in (0, 1], not " + area);
        require(temperature > 0, "pretext.temperature must be above 0, not " + temperature);
        require(images >= 1, "pretext.images must be at least 1, not " + images);
        require(queue >= 1, "pretext.queue must be at least 1, not " + queue);
        require(momentum >= 0 && momentum <= 1, "pretext.momentum must lie in [0, 1], not " + momentum);
        require(cuts >= 0, "pretext.cuts must not be negative, but is " + cuts);
        require(
                sizes.projector >= 1 && sizes.out >= 2 && sizes.gates >= 1,
                "pretext.sizes needs projector >= 1, out >= 2 and gates >= 1, not " + sizes.projector + ", " + sizes.out
                        + ", " + sizes.gates);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
