package org.voco4j.pretext.masked;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** SimMIM as a method of pre-training: {@code pretext.task: simmim}. */
public final class SimMimMethod extends PretextMethod<SimMimSettings> {
    /** The method. */
    public SimMimMethod() {
        super(
                "simmim",
                new MethodAbout(
                        "SimMIM",
                        "what do hidden cells of a crop hold, told from the coarsest features by one linear map",
                        "Xie et al., CVPR 2022; VoCo's Tables 1 and 4",
                        "MIM-Med3D's code",
                        MethodAbout.ALL),
                SimMimSettings.class);
    }

    @Override
    public void require(SimMimSettings settings, Shape3 volume, int crop) {
        MaskedImage.requireDivides(settings.cells(), crop);
    }

    @Override
    public PretextTask task(SimMimSettings settings, Setup setup) {
        return new SimMim(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", scored("loss"));
    }
}
