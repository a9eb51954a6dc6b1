package org.voco4j.pretext.c2l;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.LikelyCause.Of;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.pair.PairCauses;
import org.voco4j.pretext.part.pair.PairTask;

/** C2L as a method of pre-training: {@code pretext.task: c2l}. */
public final class C2lMethod extends PretextMethod<C2lSettings> {

    /** The method. */
    public C2lMethod() {
        super(
                "c2l",
                new MethodAbout(
                        "C2L",
                        "which key of a slow copy, among those of earlier steps, is that of a view, or of a mixture of two",
                        "Zhou et al., MICCAI 2020; VoCo's Table 11",
                        "the authors' code, in 2-D",
                        MethodAbout.ALL),
                C2lSettings.class);
    }

    @Override
    public PretextTask task(C2lSettings settings, Setup setup) {
        return new C2l(settings, setup);
    }

    @Override
    public String variant(C2lSettings settings) {
        return settings.loss().toString();
    }

    @Override
    public List<LikelyCause> causes(C2lSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (settings.projector().hidden() == 0) {
            causes.add(
                    new LikelyCause(
                            Of.FEATURES,
                            "The projector is one linear map without a norm, and pooled features are almost parallel at first.",
                            "Set pretext.projector.hidden to 256: a hidden layer with batch norm (a departure from the source)."));
        }
        causes.addAll(PairCauses.ofSlowCopy(settings.momentum()));
        causes.add(PairCauses.ofQueue(settings.queue()));
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("views", C2l.PLAIN);
        losses.put("mixed views", C2l.MIXED_VIEWS);
        losses.put("mixed features", C2l.MIXED_FEATURES);
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", losses);
        charts.put("Partners found by pooled features", scored(PairTask.PARTNER));
        charts.put("Queries", Map.of("spread (0: all alike)", C2l.SPREAD));
        return charts;
    }
}
