package org.voco4j.pretext.pcrlv1;

import org.voco4j.pretext.part.Distortion;
import org.voco4j.pretext.part.Head;
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
 * @param projector sizes of the head
 * @param gates hidden numbers of g
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
        Projector projector,
        int gates) {

    /**
     * The head.
     *
     * @param hidden numbers
     * @param norm of the hidden layer
     * @param out D
     */
    public record Projector(int hidden, Head.Norm norm, int out) {}

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
                projector.hidden >= 1 && projector.out >= 2,
                "pretext.projector needs hidden >= 1 and out >= 2, not " + projector.hidden + ", " + projector.out);
        require(gates >= 1, "pretext.gates must be at least 1, not " + gates);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
