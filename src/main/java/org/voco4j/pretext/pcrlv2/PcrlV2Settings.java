package org.voco4j.pretext.pcrlv2;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of PCRLv2, as {@code recipes/pretrain/tasks/pcrl-v2.yaml} explains them.
 *
 * @param pairs of a scan
 * @param locals n, small crops of each pair
 * @param area smallest share of an image of one slice that a large crop shows
 * @param swaps pairs of parts of a large crop that change places; of images of one slice none
 * @param cuts squares of a large crop that are cut out; of scans none
 * @param normalise whether views have mean 0 and deviation 1
 * @param augment what is done to each crop before: what it restores is flipped and turned as it is
 */
public record PcrlV2Settings(
        int pairs, int locals, double area, int swaps, int cuts, boolean normalise, ViewAugmentation augment) {
    /** Checks the numbers. */
    public PcrlV2Settings {
        require(pairs >= 1, "pretext.pairs must be at least 1, not " + pairs);
        require(locals >= 1, "pretext.locals must be at least 1, not " + locals);
        require(area > 0 && area <= 1, "pretext.area must lie in (0, 1], not " + area);
        require(
                swaps >= 0 && cuts >= 0,
                "pretext.swaps and cuts must not be negative, but are " + swaps + " and " + cuts);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
