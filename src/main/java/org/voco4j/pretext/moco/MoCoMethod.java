package org.voco4j.pretext.moco;

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

/** MoCo v3 as a method of pre-training: {@code pretext.task: moco-v3}. */
public final class MoCoMethod extends PretextMethod<MoCoSettings> {

    /** The method. */
    public MoCoMethod() {
        super(
                "moco-v3",
                new MethodAbout(
                        "MoCo v3",
                        "which key, made by a slow copy of the network, is that of the crop beside this one",
                        "Chen et al., ICCV 2021; VoCo's Tables 1 to 5",
                        "the authors' code, in 2-D",
                        MethodAbout.ALL),
                MoCoSettings.class);
    }

    @Override
    public PretextTask task(MoCoSettings settings, Setup setup) {
        return new MoCo(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(MoCoSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        causes.addAll(PairCauses.ofSlowCopy(settings.momentum()));
        causes.add(new LikelyCause(
                Of.SIGNAL,
                "A query is told from the keys of its own step only, which are few in 3-D.",
                "Raise batch.volumes: scans need not go through the encoder at once (batch.chunk)."));
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", Map.of("contrast", "loss"));
        charts.put("Partners found by pooled features", scored(PairTask.PARTNER));
        charts.put(
                "Projected views", Map.of("own key comes first", MoCo.ACCURACY, "spread (0: all alike)", MoCo.SPREAD));
        return charts;
    }
}
