package org.voco4j.pretext.contrast;

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

/** SimCLR as a method of pre-training: {@code pretext.task: simclr}. */
public final class SimClrMethod extends PretextMethod<SimClrSettings> {
    private static final double SOFT = 0.3;

    /** The method. */
    public SimClrMethod() {
        super(
                "simclr",
                new MethodAbout(
                        "SimCLR",
                        "which crop lies beside this one, among all of a step",
                        "Chen et al., ICML 2020; VoCo's Tables 1 and 4",
                        "the paper, and nnssl's code in 3-D",
                        MethodAbout.ALL),
                SimClrSettings.class);
    }

    @Override
    public PretextTask task(SimClrSettings settings, Setup setup) {
        return new SimClr(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(SimClrSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (settings.temperature() > SOFT) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.SIGNAL,
                    "With few views of a step, a temperature of " + settings.temperature()
                            + " tells them apart softly.",
                    "Lower pretext.temperature to 0.1 or 0.2, or raise batch.volumes."));
        }
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", Map.of("NT-Xent", "loss"));
        charts.put("Partners found by pooled features", scored(PairTask.PARTNER));
        charts.put(
                "Projected views",
                Map.of("partner comes first", SimClr.ACCURACY, "spread (0: all alike)", SimClr.SPREAD));
        return charts;
    }
}
