package org.voco4j.pretext.voco;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.LikelyCause.Of;
import org.voco4j.pretext.Verdict;

/** Causes of a failure that lie in VoCo's keys. */
final class VoCoCauses {
    private static final int FEW_CROPS = 16;

    private VoCoCauses() {}

    static List<LikelyCause> of(VoCoSettings settings, Verdict verdict) {
        List<LikelyCause> causes = new ArrayList<>();
        if (settings.norm() == ProjectionHead.Norm.NONE) {
            causes.add(noProjectorNorm(settings.stopsGradient()));
        } else if (settings.norm() == ProjectionHead.Norm.LAYER) {
            causes.add(new LikelyCause(
                    Of.FEATURES,
                    "The projector's layer norm looks at each crop alone: what all crops share stays, and the pooled features of a"
                            + " fresh encoder are almost parallel.",
                    "Use batch norm: pretext.projector.norm=batch."));
        } else if (settings.stopsGradient() && verdict != Verdict.DIVERGED) {
            causes.add(stopGradient(verdict == Verdict.COLLAPSED ? Of.FEATURES : Of.SIGNAL));
        }
        if (settings.augment().flip() > 0 || settings.augment().rot90() > 0) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Crops are flipped or rotated while their labels stay: left and right cannot be told apart.",
                    "Turn flips and rotations off and keep the intensity augmentation."));
        }
        if (settings.comparesVolumes() && verdict != Verdict.DIVERGED) {
            causes.add(new LikelyCause(
                    verdict == Verdict.COLLAPSED ? Of.FEATURES : Of.SIGNAL,
                    "Between volumes the teacher's own cosines are the labels: what it takes for alike, the student draws together.",
                    "Leave that term out: pretext.interVolume=false."));
        }
        if (settings.cutsWindows()) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Windows of scans are cut at random: a place is one in the window, no longer one in the body, where the gate asks for it.",
                    "Look at whole scans: pretext.window=whole."));
        }
        if (settings.dropout() == FeatureDropout.FEATURES) {
            causes.add(new LikelyCause(
                    Of.SIGNAL,
                    "Single features are dropped before the projector, which taught less than the released dropout of whole crops.",
                    "Drop whole crops: pretext.featureDropout=rows."));
        }
        if (settings.randomCrops() < FEW_CROPS) {
            causes.add(
                    0, // more crops cost less than anything else that makes a step say more
                    new LikelyCause(
                            Of.SIGNAL,
                            say("%d crops per volume give a weak signal per step.", settings.randomCrops()),
                            say("Use %d crops per volume; it costs far less than as many more steps.", FEW_CROPS)));
        }
        return causes;
    }

    private static LikelyCause noProjectorNorm(boolean stopsGradient) {
        return new LikelyCause(
                Of.FEATURES,
                "The projector has no normalisation: the pooled features of a fresh encoder are almost parallel"
                        + (stopsGradient ? ", and with a stop-gradient on the bases nothing pulls them apart." : "."),
                "Turn the projector's batch normalisation on"
                        + (stopsGradient ? "; second best, turn the stop-gradient off." : "."));
    }

    private static LikelyCause stopGradient(Of of) {
        return new LikelyCause(
                of,
                "The stop-gradient on the bases lets only the crops learn from the prediction loss.",
                "Try without stop-gradient: a departure from the paper that learns faster in short runs.");
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
