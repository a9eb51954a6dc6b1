package org.voco4j.pretext.jssl;

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
import org.voco4j.volume.Shape3;

/** Joint learning of slices and volumes by clusters as a method of pre-training: {@code pretext.task: jssl}. */
public final class JsslMethod extends PretextMethod<JsslSettings> {
    private static final int MANY = 1000; // prototypes, far more than a step has crops

    /** The method. */
    public JsslMethod() {
        super(
                "jssl",
                new MethodAbout(
                        "JSSL",
                        "which cluster do slabs belong to, and crops of one place, and what was in hidden slabs",
                        "Nguyen et al., AAAI 2023; VoCo's Table 3",
                        "the authors' code, in slabs",
                        MethodAbout.ALL),
                JsslSettings.class);
    }

    @Override
    public void require(JsslSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: jssl cuts crops into slabs; images of one slice leave nothing to cut");
        }
        if (settings.slabs() > crop) {
            throw new IllegalArgumentException(
                    "pretext.slabs must be at most crop.size, " + crop + ", not " + settings.slabs());
        }
    }

    @Override
    public PretextTask task(JsslSettings settings, Setup setup) {
        return new Jssl(settings, setup);
    }

    @Override
    public String variant(JsslSettings settings) {
        return settings.variant().toString();
    }

    @Override
    public List<LikelyCause> causes(JsslSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (settings.prototypes() > MANY) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.SIGNAL,
                    "There are " + settings.prototypes()
                            + " prototypes for the few crops of a step, whose targets are then nearly drawn at random.",
                    "Set pretext.prototypes to at most twice the crops of a step."));
        }
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("crops", "volumeLoss");
        losses.put("slabs", "slabLoss");
        losses.put("hidden slabs", "maskLoss");
        return Map.of(
                "Loss",
                losses,
                "Partners found by pooled features",
                scored(Jssl.PARTNER),
                "Prototypes that are the nearest of something",
                Map.of("crops", "volumePrototypes", "slabs", "slabPrototypes"));
    }
}
