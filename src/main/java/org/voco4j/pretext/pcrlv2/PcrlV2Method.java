package org.voco4j.pretext.pcrlv2;

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

/** PCRLv2 as a method of pre-training: {@code pretext.task: pcrl-v2}. */
public final class PcrlV2Method extends PretextMethod<PcrlV2Settings> {
    private static final double SHIFTED = 1; // views of a pair lie beside each other

    /** The method. */
    public PcrlV2Method() {
        super(
                "pcrl-v2",
                new MethodAbout(
                        "PCRLv2",
                        "what will a decoder make, at a drawn scale, of the crop beside this one, and what was there before it was distorted",
                        "Zhou et al., TPAMI 2023; VoCo's Tables 1 to 5 and 11",
                        "the authors' code",
                        MethodAbout.ALL),
                PcrlV2Settings.class);
    }

    @Override
    public PretextTask task(PcrlV2Settings settings, Setup setup) {
        return new PcrlV2(settings, setup);
    }

    @Override
    public List<LikelyCause> causes(PcrlV2Settings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>(PairCauses.of(SHIFTED, settings.augment()));
        if (verdict == Verdict.COLLAPSED) {
            causes.add(new LikelyCause(
                    Of.FEATURES,
                    "Nothing pushes views apart in PCRLv2 but batch norms over the pairs of a step; that crops are restored"
                            + " hides in the loss that they fell together.",
                    "Take 8 pairs a step or more (batch.volumes), and see whether the spread of the drawn scale stays"
                            + " above 0."));
        }
        if (settings.normalise()) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Views have mean 0 and deviation 1, while the gate and fine-tuning show voxels in [0, 1].",
                    "Set pretext.normalise to false."));
        }
        causes.add(new LikelyCause(
                Of.SIGNAL,
                "Without skip connections what is restored is blurred, however well crops are understood, and its error may"
                        + " outweigh the contrast.",
                "Compare restored.png with a blurred crop, not with the crop, and train for longer."));
        return causes;
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> losses = new LinkedHashMap<>();
        losses.put("total", "loss");
        losses.put("restoration", PcrlV2.RESTORATION);
        losses.put("restoration by a scale", PcrlV2.MIDDLE);
        losses.put("−cosine of large views", PcrlV2.GLOBAL);
        losses.put("−cosine of large and small ones", PcrlV2.LOCAL);
        Map<String, Map<String, String>> charts = new LinkedHashMap<>();
        charts.put("Loss", losses);
        charts.put("Partners found by deepest maps", scored(PairTask.PARTNER));
        charts.put("Large views at the drawn scale", Map.of("spread (0: all alike)", PcrlV2.SPREAD));
        return charts;
    }
}
