package org.voco4j.pretext.pcrlv1;

import java.util.SplittableRandom;
import org.voco4j.pretext.part.pair.CutOut;
import org.voco4j.pretext.part.pair.Tilt;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.volume.Shape3;

/**
 * A crop as the network sees it, and what it is to restore.
 *
 * @param seen x
 * @param posed m
 * @param truth t
 * @param code c
 */
record Crops(float[] seen, float[] posed, float[] truth, float[] code) {

    /** Flips, tilts, blurs and distorts a crop, and draws the pose in which it is to be shown. */
    static Crops draw(float[] crop, Shape3 shape, PcrlV1Settings settings, SplittableRandom random) {
        ViewAugmentation.View change = settings.augment().sample(random);
        float[] placed = Tilt.draw(random).of(change.place().apply(crop, shape.x()), shape);
        float[] changed = change.intensity().apply(placed, shape);
        float[] seen = shape.z() == 1
                ? CutOut.of(changed, shape, settings.cuts(), random)
                : settings.distortion().of(changed, shape, random);
        Pose pose = Pose.draw(shape, random);
        return new Crops(
                seen, pose.of(seen, shape), settings.variant() == Variant.RELEASED ? crop : placed, pose.code());
    }
}
