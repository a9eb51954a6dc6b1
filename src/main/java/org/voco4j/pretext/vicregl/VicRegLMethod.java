package org.voco4j.pretext.vicregl;

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

/** VICRegL as a method of pre-training: {@code pretext.task: vicregl}. */
public final class VicRegLMethod extends PretextMethod<VicRegLSettings> {
    /** The method. */
    public VicRegLMethod() {
        super(
                "vicregl",
                new MethodAbout(
                        "VICRegL",
                        "do overlapping crops say the same, as a whole and cell by cell, while scans differ",
                        "Bardes et al., NeurIPS 2022; VoCo's Tables 1 and 3",
                        "the authors' code, in 2-D",
                        MethodAbout.ALL),
                VicRegLSettings.class);
    }

    @Override
    public PretextTask task(VicRegLSettings settings, Setup setup) {
        return new VicRegL(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(VicRegLSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (!settings.flipGrid()
                && settings.augment().flip() + settings.augment().rot90() > 0) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Cells of flipped views are matched at mirrored places (pretext.flipGrid: false, as released).",
                    "Set pretext.flipGrid to true."));
        }
        causes.add(new LikelyCause(
                Of.SIGNAL,
                "Variances and covariances of few pairs are noise: no more numbers than pairs can vary apart.",
                "Take 16 pairs a step or more (batch.volumes), and pretext.expander of at most 4 numbers for a pair."));
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("invariance", VicRegL.INVARIANCE);
        losses.put("variance", VicRegL.VARIANCE);
        losses.put("covariance", VicRegL.COVARIANCE);
        losses.put("cells", VicRegL.LOCAL);
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", losses);
        charts.put("Partners found by pooled features", scored(PairTask.PARTNER));
        charts.put("Expanded views", Map.of("spread (0: all alike)", VicRegL.SPREAD));
        return charts;
    }
}
