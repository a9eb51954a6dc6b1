package org.voco4j.pretext.voco;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Volume contrast (Wu et al., CVPR 2024) as a method of pre-training: {@code pretext.task: voco}. */
public final class VoCoMethod implements PretextMethod<VoCoSettings> {
    @Override
    public String name() {
        return "voco";
    }

    @Override
    public Class<VoCoSettings> settings() {
        return VoCoSettings.class;
    }

    @Override
    public void require(VoCoSettings settings, Shape3 volume, int crop) {
        settings.options(volume, crop);
    }

    @Override
    public VoCo task(VoCoSettings settings, Setup setup) {
        VoCoOptions options = settings.options(setup.volume(), setup.crop());
        return new VoCo(
                options,
                settings.networks(setup.backbone(), options.view().edges(), setup.precision()),
                setup.seed(),
                setup.device());
    }

    @Override
    public Shape3 grid(VoCoSettings settings, Shape3 volume) {
        return settings.grid();
    }

    @Override
    public String label(VoCoSettings settings) {
        return name() + "/" + settings.variant().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String describe(VoCoSettings settings, Shape3 volume, int crop) {
        return settings.options(volume, crop).toString(); // with everything that was left to the variant filled in
    }

    @Override
    public Traits traits(VoCoSettings settings) {
        return new Traits(
                settings.projector().norm() != ProjectionHead.Norm.NONE,
                settings.stopsGradient(),
                Math.max(settings.augment().flip(), settings.augment().rot90()),
                settings.randomCrops());
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> loss = new LinkedHashMap<>();
        loss.put("total", "loss");
        loss.put("prediction", "prediction");
        loss.put("regularization", "regularization");
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", loss);
        charts.put("Dead positives", Map.of("share", "deadPositives"));
        return charts;
    }
}
