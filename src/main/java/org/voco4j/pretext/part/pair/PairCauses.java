package org.voco4j.pretext.part.pair;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.LikelyCause.Of;

/** Causes of a failure that methods of paired views have in common. */
public final class PairCauses {
    private static final double LITTLE = 0.25;
    private static final double SLOW = 0.995;

    private PairCauses() {}

    /**
     * The causes.
     *
     * @param overlap by which share of a crop the second view may lie beside the first
     * @param augment what is done to views
     */
    public static List<LikelyCause> of(double overlap, ViewAugmentation augment) {
        List<LikelyCause> causes = new ArrayList<>();
        if (augment.flip() > 0 || augment.rot90() > 0) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Views are flipped or turned: left and right cannot be told apart.",
                    "Set pretext.augment.flip and rot90 to 0."));
        }
        if (overlap < LITTLE) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Both views of a pair show nearly the same voxels, by which they are matched.",
                    "Set pretext.overlap to 0.5."));
        }
        if (!augment.changesIntensities()) {
            causes.add(new LikelyCause(
                    Of.VIEWS,
                    "Intensities of views stay as they are, so that voxels that they share are matched.",
                    "Set some of pretext.augment, noise, contrast and gamma first."));
        }
        return causes;
    }

    /**
     * Those that lie in a slow copy that makes keys.
     *
     * @param momentum with which it follows
     */
    public static List<LikelyCause> ofSlowCopy(double momentum) {
        return momentum <= SLOW
                ? List.of()
                : List.of(new LikelyCause(
                        Of.STEPS,
                        "With a momentum of " + momentum
                                + " the copy that makes keys is mostly as drawn for the first thousands of steps.",
                        "Lower pretext.momentum to 0.99, or train for longer."));
    }

    /** The one that lies in a queue of so many keys. */
    public static LikelyCause ofQueue(int keys) {
        return new LikelyCause(
                Of.SIGNAL,
                "A queue of " + keys
                        + " keys that is longer than the number of scans holds old keys of the very scan that is"
                        + " asked for.",
                "Set pretext.queue to half of the number of scans.");
    }
}
