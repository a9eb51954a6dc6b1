package org.voco4j.pretext.jigclu;

import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Jigsaw clustering as a method of pre-training: {@code pretext.task: jigclu}. */
public final class JigCluMethod extends PretextMethod<JigCluSettings> {
    /** The method. */
    public JigCluMethod() {
        super(
                "jigclu",
                new MethodAbout(
                        "JigClu",
                        "which pieces in montages of many images are of one image, and which part of it do they show",
                        "Chen et al., CVPR 2021; VoCo's Tables 1 to 5, Jigsaw",
                        "the authors' code, in 2-D",
                        MethodAbout.ALL),
                JigCluSettings.class);
    }

    @Override
    public void require(JigCluSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1 && settings.grid().z() > 1) {
            throw new IllegalArgumentException("pretext.grid must be 1 along z for images of one slice");
        }
        if (crop % 2 != 0) {
            throw new IllegalArgumentException(
                    "crop.size must be even for pretext.task: jigclu, which halves it, not " + crop);
        }
    }

    @Override
    public PretextTask task(JigCluSettings settings, Setup setup) {
        return new JigClu(settings, setup);
    }

    @Override
    public String variant(JigCluSettings settings) {
        return settings.weight().name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("clusters", JigClu.CLUSTERS);
        losses.put("places", JigClu.PLACES);
        return Map.of("Loss", losses, "Nearest piece of the same image", scored(JigClu.NEAREST));
    }
}
