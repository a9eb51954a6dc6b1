package org.voco4j.pretext.gvsl;

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
import org.voco4j.volume.Shape3;

/** Geometric visual similarity learning as a method of pre-training: {@code pretext.task: gvsl}. */
public final class GvslMethod extends PretextMethod<GvslSettings> {
    private static final double LITTLE = 0.1; // of the flow's roughness, below which flows fold

    /** The method. */
    public GvslMethod() {
        super(
                "gvsl",
                new MethodAbout(
                        "GVSL",
                        "where in one scan is what another shows, and what was there before it was distorted",
                        "He et al., CVPR 2023; VoCo's Tables 1 and 3",
                        "the authors' code; with a learned affine map",
                        MethodAbout.WITH_DECODER),
                GvslSettings.class);
    }

    @Override
    public void require(GvslSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: gvsl moves crops along x, y and z; images of one slice have no z");
        }
        if (settings.window() > crop) {
            throw new IllegalArgumentException("pretext.window is " + settings.window() + ": crops of crop.size " + crop
                    + " are compared in smaller cubes");
        }
    }

    @Override
    public PretextTask task(GvslSettings settings, Setup setup) {
        return new Gvsl(settings, setup);
    }

    @Override
    public String variant(GvslSettings settings) {
        return settings.variant().toString();
    }

    @Override
    public List<LikelyCause> causes(GvslSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>();
        if (settings.variant() == Variant.RELEASED) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.SIGNAL,
                    "The affine map of the released code stays as it was drawn and moves every scan by the same random amount.",
                    "Set pretext.variant: paper."));
        }
        if (settings.smoothness() < LITTLE) {
            causes.add(new LikelyCause(
                    LikelyCause.Of.SIGNAL,
                    "Little holds the flow together (pretext.smoothness " + settings.smoothness()
                            + "), so that it may match voxels one by one without knowing what they are.",
                    "Set pretext.smoothness: 1; look at the share of folded voxels in metrics.jsonl."));
        }
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("registration", "registration");
        losses.put("restoration", "restoration");
        losses.put("roughness", "roughness");
        return Map.of("Loss", losses, "Likeness of registered scans", scored("similarity"));
    }
}
