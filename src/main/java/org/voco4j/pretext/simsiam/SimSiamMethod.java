package org.voco4j.pretext.simsiam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.pair.PairCauses;
import org.voco4j.pretext.part.pair.PairTask;

/** SimSiam as a method of pre-training: {@code pretext.task: simsiam}. */
public final class SimSiamMethod extends PretextMethod<SimSiamSettings> {
    /** The method. */
    public SimSiamMethod() {
        super(
                "simsiam",
                new MethodAbout(
                        "SimSiam",
                        "what would the crop beside this one be projected to",
                        "Chen and He, CVPR 2021; VoCo's Table 11",
                        "the authors' code, in 2-D",
                        MethodAbout.ALL),
                SimSiamSettings.class);
    }

    @Override
    public PretextTask task(SimSiamSettings settings, Setup setup) {
        return new SimSiam(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(SimSiamSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (verdict == Verdict.COLLAPSED) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.FEATURES,
                    "No other view pushes features apart in SimSiam, its batch norms alone do, and of few views they say little.",
                    "Take 8 pairs a step or more (batch.volumes), and see whether the spread of projected views stays"
                            + " near 1."));
        }
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", Map.of("−cosine", "loss"));
        charts.put("Partners found by pooled features", scored(PairTask.PARTNER));
        charts.put("Projected views", Map.of("spread (0: all alike)", SimSiam.SPREAD));
        return charts;
    }
}
