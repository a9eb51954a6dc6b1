package org.voco4j.pretext.rubikpp;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Rubik's cube++ as a method of pre-training: {@code pretext.task: rubikpp}. */
public final class RubikPlusPlusMethod extends PretextMethod<RubikPlusPlusSettings> {
    /** The method. */
    public RubikPlusPlusMethod() {
        super(
                "rubikpp",
                new MethodAbout(
                        "Rubik's cube++",
                        "how did a crop lie before its slabs were turned",
                        "Tao et al., MICCAI 2020; VoCo's Tables 1 to 5",
                        "our reading; the authors' code is not public",
                        MethodAbout.WITH_DECODER),
                RubikPlusPlusSettings.class);
    }

    @Override
    public void require(RubikPlusPlusSettings settings, Shape3 volume, int crop) {
        Shape3 slabs = settings.slabs();
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: rubikpp turns slabs of volumes; images of one slice have none");
        }
        if (settings.adversarial() && crop < Critic.SMALLEST) {
            throw new IllegalArgumentException("pretext.adversarial: true needs a crop.size of " + Critic.SMALLEST
                    + " or more, whose patches the critic can tell apart, not " + crop);
        }
        for (int axis = 0; axis < 3; axis++) {
            if (crop % slabs.along(axis) != 0) {
                throw new IllegalArgumentException(
                        "pretext.slabs must divide crop.size, " + crop + ", along each axis, not " + slabs);
            }
        }
    }

    @Override
    public PretextTask task(RubikPlusPlusSettings settings, Setup setup) {
        return new RubikPlusPlus(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of(
                "Loss",
                scored("loss"),
                "Error beside a critic, and how surely that sees through",
                Map.of(
                        "error in training", RubikPlusPlus.ERROR,
                        "held-out", "gate/task." + RubikPlusPlus.ERROR,
                        "seen through", RubikPlusPlus.FOOLED));
    }
}
