package org.voco4j.pretext.pcrlv1;

import java.util.SplittableRandom;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.volume.Shape3;

/**
 * How a crop is to be shown: flipped along some axes, then turned in the x–y plane.
 *
 * @param view what is done
 */
record Pose(CropAugmentation.View view) {
    /** Numbers that tell one. */
    static final int CODE = 7;

    private static final CropAugmentation ANY = new CropAugmentation(0.5, 0.75, 0, 0); // no turn is one of four

    /** Draws one, uniform over all; an image of one slice is not flipped along z. */
    static Pose draw(Shape3 shape, SplittableRandom random) {
        CropAugmentation.View any = ANY.sample(random);
        return new Pose(new CropAugmentation.View(
                any.flipX(), any.flipY(), any.flipZ() && shape.z() > 1, any.quarterTurns(), 0));
    }

    /** The one that a {@link #code} tells, from a place on. */
    static Pose of(float[] codes, int from) {
        int turns = 0;
        while (codes[from + 3 + turns] == 0) {
            turns++;
        }
        return new Pose(
                new CropAugmentation.View(codes[from] == 1, codes[from + 1] == 1, codes[from + 2] == 1, turns, 0));
    }

    /** A crop, shown so. */
    float[] of(float[] crop, Shape3 shape) {
        return view.apply(crop, shape.x());
    }

    /** Three flips as 0 or 1, and which of four turns. */
    float[] code() {
        float[] code = {view.flipX() ? 1 : 0, view.flipY() ? 1 : 0, view.flipZ() ? 1 : 0, 0, 0, 0, 0};
        code[3 + view.quarterTurns()] = 1;
        return code;
    }
}
