package org.voco4j.pretext.swinmm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.Verdict;
import org.voco4j.volume.Shape3;

/** SwinMM as a method of pre-training: {@code pretext.task: swinmm}. */
public final class SwinMmMethod extends PretextMethod<SwinMmSettings> {
    private static final double MUCH = 0.7; // of the cells, beyond which little is left to tell turns and crops by

    /** The method. */
    public SwinMmMethod() {
        super(
                "swinmm",
                new MethodAbout(
                        "SwinMM",
                        "which way was a crop turned, what do its hidden cells hold, which other view shows the same",
                        "Wang et al., MICCAI 2023; VoCo's Tables 1 to 5",
                        "the authors' code",
                        MethodAbout.ALL),
                SwinMmSettings.class);
    }

    @Override
    public void require(SwinMmSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: swinmm exchanges x, y and z; images of one slice have no z");
        }
        if (crop % settings.cells() != 0) {
            throw new IllegalArgumentException(
                    "pretext.cells must divide crop.size, " + crop + ", which " + settings.cells() + " does not");
        }
    }

    @Override
    public PretextTask task(SwinMmSettings settings, Setup setup) {
        return new SwinMm(settings, setup);
    }

    @Override
    public String variant(SwinMmSettings settings) {
        return settings.variant().toString();
    }

    @Override
    public List<LikelyCause> causes(SwinMmSettings settings, Verdict verdict) {
        return settings.hidden() > MUCH
                ? List.of(new LikelyCause(
                        LikelyCause.Of.VIEWS,
                        "Much of each view is hidden, from the turn and the contrast too (pretext.ratio "
                                + settings.ratio()
                                + (settings.variant() == SwinMmSettings.Variant.RELEASED
                                        ? ", which is what variant: released keeps)."
                                        : ")."),
                        "Hide half."))
                : List.of();
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("turn", "turnLoss");
        losses.put("contrast", "contrastLoss");
        losses.put("restoration", "restorationLoss");
        losses.put("with axes exchanged", "swappedLoss");
        losses.put("agreement", "agreementLoss");
        return Map.of(
                "Loss",
                losses,
                "Error inside hidden cells",
                scored("hidden"),
                "Told right",
                Map.of("turn", "turn", "the other view", "view"));
    }
}
