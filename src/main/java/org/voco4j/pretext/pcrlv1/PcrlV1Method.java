package org.voco4j.pretext.pcrlv1;

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
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.part.pair.PairCauses;

/** PCRLv1 as a method of pre-training: {@code pretext.task: pcrl-v1}. */
public final class PcrlV1Method extends PretextMethod<PcrlV1Settings> {
    private static final double SHIFTED = 1; // views of a pair lie beside each other

    /** The method. */
    public PcrlV1Method() {
        super(
                "pcrl-v1",
                new MethodAbout(
                        "PCRLv1",
                        "which key of a slow copy is that of a crop, and what would the crop, or a mixture, look like in another pose",
                        "Zhou et al., ICCV 2021; VoCo's Tables 1 to 5 and 11",
                        "the authors' improved release, with gates",
                        MethodAbout.WITH_DECODER),
                PcrlV1Settings.class);
    }

    @Override
    public PretextTask task(PcrlV1Settings settings, Setup setup) {
        return new PcrlV1(settings, setup);
    }

    @Override
    public String variant(PcrlV1Settings settings) {
        return settings.variant().toString();
    }

    @Override
    public List<LikelyCause> causes(PcrlV1Settings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(SHIFTED, settings.augment()));
        if (settings.variant() == Variant.RELEASED) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Mixtures are restored to crops that do not lie as they do: those were flipped, scaled and turned.",
                    "Set pretext.variant to aligned."));
        }
        if (settings.projector().norm() == Head.Norm.NONE) {
            causes.add(new LikelyCause(
                    Of.FEATURES,
                    "The head has no norm, and means of the deepest map are almost parallel at first, so that no key can be told"
                            + " from others.",
                    "Set pretext.projector.norm to batch (a departure from the source)."));
        }
        causes.addAll(PairCauses.ofSlowCopy(settings.momentum()));
        causes.add(PairCauses.ofQueue(settings.queue()));
        causes.add(new LikelyCause(
                Of.SIGNAL,
                "Skip connections show crops as they lie, and only the deepest map is told the pose, so that the decoder may learn"
                        + " to turn and nothing else.",
                "See whether the contrast falls too, and whether errors of mixed crops do."));
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> contrast = new LinkedHashMap<>();
        contrast.put("views", PcrlV1.CONTRAST.get(0));
        contrast.put("mixed views", PcrlV1.CONTRAST.get(1));
        contrast.put("mixed features", PcrlV1.CONTRAST.get(2));
        Map<String, String> errors = new LinkedHashMap<>();
        errors.put("a mixture of poses", PcrlV1.ERRORS.get(1));
        errors.put("mixed views", PcrlV1.ERRORS.get(2));
        errors.put("a mixture of them", PcrlV1.ERRORS.get(3));
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", Map.of("total", "loss"));
        charts.put("Contrast", contrast);
        charts.put("Error of crops in another pose", scored(PcrlV1.ERRORS.get(0)));
        charts.put("Error of what is restored besides", errors);
        charts.put("Queries", Map.of("spread (0: all alike)", PcrlV1.SPREAD));
        return charts;
    }
}
