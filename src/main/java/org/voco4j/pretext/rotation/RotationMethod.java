package org.voco4j.pretext.rotation;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Rotation as a method of pre-training: {@code pretext.task: rotation}. */
public final class RotationMethod extends PretextMethod<RotationSettings> {
    /** The method. */
    public RotationMethod() {
        super(
                "rotation",
                new MethodAbout(
                        "rotation",
                        "by which quarter turns was a crop turned",
                        "Taleb et al., NeurIPS 2020; VoCo's Tables 1 and 2, ROT",
                        "the code of Taleb et al., and of a study of 3-D tasks (Medical-SSL)",
                        MethodAbout.ALL),
                RotationSettings.class);
    }

    @Override
    public void require(RotationSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1 && settings.classes() != RotationSettings.Turns.PLANE) {
            throw new IllegalArgumentException("pretext.classes must be plane for images of one slice");
        }
    }

    @Override
    public PretextTask task(RotationSettings settings, Setup setup) {
        return new Rotation(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", Map.of("cross entropy", "loss"), "Turns recognised", scored("accuracy"));
    }
}
