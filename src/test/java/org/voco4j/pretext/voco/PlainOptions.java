package org.voco4j.pretext.voco;

import org.voco4j.augment.CropAugmentation;
import org.voco4j.volume.Shape3;

/** A variant as it is published, without augmentation. */
final class PlainOptions {
    private PlainOptions() {}

    static VoCoOptions of(Variant variant, Shape3 volume, Shape3 grid, int crops, int edge) {
        return new VoCoOptions(
                volume,
                grid,
                crops,
                edge,
                CropAugmentation.NONE,
                false,
                variant.logit,
                variant.prediction,
                variant.regularizer,
                1,
                variant.stopGradient,
                variant.teacher,
                variant.teacherSide,
                0.9,
                false,
                false,
                variant.interVolume,
                FeatureDropout.NONE,
                ViewWindow.WHOLE);
    }
}
