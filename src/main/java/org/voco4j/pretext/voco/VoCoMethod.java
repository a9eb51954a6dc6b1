package org.voco4j.pretext.voco;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.Verdict;
import org.voco4j.volume.Shape3;

/** Volume contrast (Wu et al., CVPR 2024) as a method of pre-training: {@code pretext.task: voco}. */
public final class VoCoMethod extends PretextMethod<VoCoSettings> {
    /** The method. */
    public VoCoMethod() {
        super(
                "voco",
                new MethodAbout(
                        "VoCo",
                        "which base crops does a random crop overlap, and by how much",
                        "Wu et al., CVPR 2024",
                        "the paper; variant official: the authors' code, tpami: their later one, nnssl: that library's form",
                        MethodAbout.ALL),
                VoCoSettings.class);
    }

    @Override
    public void require(VoCoSettings settings, Shape3 volume, int crop) {
        settings.options(volume, crop);
    }

    @Override
    public VoCo task(VoCoSettings settings, Setup setup) {
        return new VoCo(settings.options(setup), settings.networks(setup), setup.seed(), setup.device());
    }

    @Override
    public Shape3 grid(VoCoSettings settings, Shape3 volume) {
        return settings.grid();
    }

    @Override
    public boolean cutsWindows(VoCoSettings settings) {
        return settings.cutsWindows();
    }

    @Override
    public String variant(VoCoSettings settings) {
        return settings.variant().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String describe(VoCoSettings settings, Shape3 volume, int crop) {
        return settings.options(volume, crop).toString(); // with everything that was left to the variant filled in
    }

    @Override
    public Map<String, String> metadata(VoCoSettings settings) {
        return Map.of("projector", settings.head().toString());
    }

    @Override
    public List<LikelyCause> causes(VoCoSettings settings, Verdict verdict) {
        return VoCoCauses.of(settings, verdict);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> loss = new LinkedHashMap<>();
        loss.put("total", "loss");
        loss.put("prediction", "prediction");
        loss.put("regularization", "regularization");
        loss.put("between volumes", "interVolume");
        loss.put("prediction of zeros", "trivialPrediction");
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", loss);
        charts.put("Dead positives", Map.of("share", "deadPositives"));
        return charts;
    }
}
