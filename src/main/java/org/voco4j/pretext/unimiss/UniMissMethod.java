package org.voco4j.pretext.unimiss;

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

/** UniMiSS as a method of pre-training: {@code pretext.task: unimiss}. */
public final class UniMissMethod extends PretextMethod<UniMissSettings> {
    private static final int MANY = 8192; // outputs, beside whose number a batch's mean is noise

    /** The method. */
    public UniMissMethod() {
        super(
                "unimiss",
                new MethodAbout(
                        "UniMiSS",
                        "what does a crop show, in the words of a slow copy that sees another one, or slices of it",
                        "Xie et al., ECCV 2022; VoCo's Table 3",
                        "the authors' code, with any encoder",
                        MethodAbout.ALL),
                UniMissSettings.class);
    }

    @Override
    public void require(UniMissSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: unimiss compares crops with their slices; images of one slice are both");
        }
    }

    @Override
    public PretextTask task(UniMissSettings settings, Setup setup) {
        return new UniMiss(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(UniMissSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(settings.overlap(), settings.augment()));
        if (settings.projector().out() > MANY) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.FEATURES,
                    "The teacher's centre is the mean of few crops for "
                            + settings.projector().out() + " outputs.",
                    "Set pretext.projector.out to a few thousand or less."));
        }
        if (settings.temperature().teacher() >= settings.temperature().student()) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.FEATURES,
                    "Targets are no sharper than what is said of them, and end alike for all crops.",
                    "Set pretext.temperature.teacher below temperature.student."));
        }
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("crop by crop", "cropByCrop");
        losses.put("slices by crop", "slicesByCrop");
        losses.put("slices by slices", "slicesBySlices");
        losses.put("crop by slices", "cropBySlices");
        Map<String, String> entropies = new LinkedHashMap<>();
        entropies.put("of the mean target", UniMiss.SPREAD);
        entropies.put("of targets", UniMiss.ENTROPY);
        return Map.of(
                "Loss",
                losses,
                "Crops found by slices",
                scored(UniMiss.CROP),
                "Entropy of the teacher's targets",
                entropies);
    }
}
