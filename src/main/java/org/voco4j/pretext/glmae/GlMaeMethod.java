package org.voco4j.pretext.glmae;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** Global-local masked autoencoders as a method of pre-training: {@code pretext.task: gl-mae}. */
public final class GlMaeMethod extends PretextMethod<GlMaeSettings> {
    /** The method. */
    public GlMaeMethod() {
        super(
                "gl-mae",
                new MethodAbout(
                        "GL-MAE",
                        "what do hidden patches of large and small crops hold, as a slow copy sees the whole",
                        "Zhuang et al., 2023; VoCo's Table 1",
                        "our reading; the pre-training code is not public",
                        Set.of(Backbone.Name.UNETR)),
                GlMaeSettings.class);
    }

    @Override
    public PretextTask task(GlMaeSettings settings, Setup setup) {
        return new GlMae(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> consistency = new LinkedHashMap<>();
        consistency.put("global", GlMae.GLOBAL);
        consistency.put("local", GlMae.LOCAL);
        Map<String, String> entropy = new LinkedHashMap<>();
        entropy.put("their mean", GlMae.SPREAD);
        entropy.put("each", GlMae.ENTROPY);
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", Map.of("total", "loss"));
        charts.put("Hidden patches", scored(GlMae.RECONSTRUCTION));
        charts.put("Consistency with the teacher", consistency);
        charts.put("Entropy of targets, as a share of log K", entropy);
        return charts;
    }
}
