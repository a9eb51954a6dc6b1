package org.voco4j.pretext.contrast;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** SimCLR as a method of pre-training: {@code pretext.task: simclr}. */
public final class SimClrMethod extends PretextMethod<SimClrSettings> {
    /** The method. */
    public SimClrMethod() {
        super(
                "simclr",
                new MethodAbout(
                        "SimCLR",
                        "which crop lies beside this one, among all of a step",
                        "Chen et al., ICML 2020; VoCo's Tables 1 and 2",
                        "the paper",
                        MethodAbout.ALL),
                SimClrSettings.class);
    }

    @Override
    public PretextTask task(SimClrSettings settings, Setup setup) {
        return new SimClr(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", Map.of("NT-Xent", "loss"), "Partners recognised", scored("accuracy"));
    }
}
