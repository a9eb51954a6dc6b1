package org.voco4j.pretext.swinssl;

import org.voco4j.pretext.part.ThreeHeads;
import org.voco4j.volume.Shape3;

/**
 * The keys of Swin-UNETR's pre-training, as {@code recipes/pretrain/tasks/swin-unetr-ssl.yaml} explains them.
 *
 * @param region how often a crop goes into the scan along each axis
 * @param crops of a scan, each seen twice
 * @param plane in which copies are turned
 * @param blots largest share of a copy that boxes of noise add up to, and again boxes of another crop
 * @param head what the two heads look at
 * @param vector numbers that copies are recognised by
 * @param temperature T of the contrast
 */
public record SwinSslSettings(
        Shape3 region, int crops, Plane plane, double blots, ThreeHeads.Head head, int vector, double temperature) {
    /** The plane of the turns. */
    public enum Plane {
        /** About z, as the paper says. */
        XY(0),
        /** About x, as the released code does. */
        YZ(6);

        private final int before;

        Plane(int before) {
            this.before = before;
        }

        /** The number that {@link org.voco4j.pretext.part.Turn} has for so many quarter turns, 0 to 3. */
        int turned(int quarters) {
            return quarters == 0 ? 0 : before + quarters;
        }
    }

    /** Checks the numbers. */
    public SwinSslSettings {
        if (crops < 1 || vector < 1) {
            throw new IllegalArgumentException(
                    "pretext.crops and vector must be at least 1, not " + crops + " and " + vector);
        }
        if (!(blots >= 0 && blots <= 1)) {
            throw new IllegalArgumentException("pretext.blots must lie in [0, 1], not " + blots);
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("pretext.temperature must be above 0, not " + temperature);
        }
    }
}
