package org.voco4j.pretext.rotation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Rotation as a method of pre-training: {@code pretext.task: rotation}. */
public final class RotationMethod implements PretextMethod<RotationSettings> {
    @Override
    public String name() {
        return "rotation";
    }

    @Override
    public Class<RotationSettings> settings() {
        return RotationSettings.class;
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
        Map<String, String> recognised = new LinkedHashMap<>();
        recognised.put("in training", "accuracy");
        recognised.put("held-out", "gate/task.accuracy");
        return Map.of("Loss", Map.of("cross entropy", "loss"), "Turns recognised", recognised);
    }
}
