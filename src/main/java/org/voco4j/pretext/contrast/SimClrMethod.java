package org.voco4j.pretext.contrast;

import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** SimCLR as a method of pre-training: {@code pretext.task: simclr}. */
public final class SimClrMethod implements PretextMethod<SimClrSettings> {
    @Override
    public String name() {
        return "simclr";
    }

    @Override
    public String title() {
        return "SimCLR";
    }

    @Override
    public Class<SimClrSettings> settings() {
        return SimClrSettings.class;
    }

    @Override
    public PretextTask task(SimClrSettings settings, Setup setup) {
        return new SimClr(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> recognised = new LinkedHashMap<>();
        recognised.put("in training", "accuracy");
        recognised.put("held-out", "gate/task.accuracy");
        return Map.of("Loss", Map.of("NT-Xent", "loss"), "Partners recognised", recognised);
    }
}
