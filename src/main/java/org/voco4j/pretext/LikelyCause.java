package org.voco4j.pretext;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.measure.statistics.Bootstrap;

/**
 * Why a run may not have learned, and what to try.
 *
 * @param why the cause, in a sentence
 * @param remedy what to change, in a sentence
 */
public record LikelyCause(String why, String remedy) {
    private static final double LOW_RATE = 2e-4;
    private static final double HIGH_RATE = 3e-3;
    private static final int LONG_RUN = 5000;
    private static final int SHORT_RUN = 200;
    private static final int FEW_SCANS = 20;
    private static final int FEW_HELD_OUT = 6; // their intervals are wide whatever was learned
    private static final int FEW_CROPS = 16;

    /**
     * The causes that fit a verdict and a run, the likeliest first.
     *
     * <p>Their order follows small experiments: without a normalisation in the projector every recipe with a
     * stop-gradient stayed collapsed, whatever else was changed; then removing the stop-gradient helped most; a rate of
     * 1e-4 and flips of single crops cost about half of the gain of 200 steps. Before all of them stands what lets nothing be
     * told of a run: few held-out patients, then few steps; of a run that short the learning rate says nothing.
     *
     * @param heldOut patients measured on
     */
    static List<LikelyCause> of(Verdict verdict, RunFacts facts, int heldOut) {
        List<LikelyCause> causes = new ArrayList<>();
        if (verdict == Verdict.LEARNED) {
            return causes;
        }
        boolean isShort = facts.steps() < SHORT_RUN;
        if (verdict == Verdict.DIVERGED || (facts.learningRate() > HIGH_RATE && !isShort)) {
            causes.add(new LikelyCause(
                    say("The learning rate of %s is too high.", facts.learningRate()),
                    "Lower it to 1e-3 or below, or warm up longer."));
        }
        if (!facts.projectorNorm()) {
            causes.add(0, noProjectorNorm(facts));
        } else if (verdict == Verdict.COLLAPSED && facts.stopGradient()) {
            causes.add(stopGradient());
        }
        if (verdict == Verdict.DIVERGED) {
            return List.copyOf(causes);
        }
        if (verdict != Verdict.COLLAPSED && heldOut < FEW_HELD_OUT) {
            causes.add(
                    0,
                    new LikelyCause(
                            say(
                                    heldOut < Bootstrap.LEAST
                                            ? "%d held-out patients are too few to tell learning from chance."
                                            : "%d held-out patients are few: the margin stays uncertain.",
                                    heldOut),
                            say("Hold out %d patients or more (data.heldOut, or more scans).", FEW_HELD_OUT)));
        } else if (verdict == Verdict.UNDECIDED) {
            causes.add(new LikelyCause(
                    "The held-out patients are very different and leave the margin uncertain.",
                    "Hold out more scans (data.heldOut) of the same body region, or train longer."));
        }
        addTraining(causes, facts);
        if (verdict != Verdict.COLLAPSED) {
            addData(causes, facts);
            if (facts.projectorNorm() && facts.stopGradient()) {
                causes.add(stopGradient());
            }
        }
        if (causes.isEmpty()) {
            causes.add(new LikelyCause(
                    "None of the known causes fits this run.",
                    "Train longer and on more scans of one body region; look at the base and crop pictures of the"
                            + " report to see whether the scans show what they should."));
        }
        return List.copyOf(causes);
    }

    private static LikelyCause noProjectorNorm(RunFacts facts) {
        return new LikelyCause(
                "The projector has no normalisation: the pooled features of a fresh encoder are almost parallel"
                        + (facts.stopGradient()
                                ? ", and with a stop-gradient on the bases nothing pulls them apart."
                                : "."),
                "Turn the projector's batch normalisation on"
                        + (facts.stopGradient() ? "; second best, turn the stop-gradient off." : "."));
    }

    private static LikelyCause stopGradient() {
        return new LikelyCause(
                "The stop-gradient on the bases lets only the crops learn from the prediction loss.",
                "Try without stop-gradient: a departure from the paper that learns faster in short runs.");
    }

    private static void addTraining(List<LikelyCause> causes, RunFacts facts) {
        if (facts.steps() < SHORT_RUN) {
            causes.add(new LikelyCause(
                    facts.steps() == 1 ? "1 step is too few." : say("%d steps are too few.", facts.steps()),
                    say("Train for %d steps or more.", SHORT_RUN)));
        } else if (facts.learningRate() < LOW_RATE && facts.steps() < LONG_RUN) {
            causes.add(new LikelyCause(
                    say("A learning rate of %s is too low for %d steps.", facts.learningRate(), facts.steps()),
                    "Raise it to 1e-3, or train for thousands of steps."));
        }
    }

    private static void addData(List<LikelyCause> causes, RunFacts facts) {
        if (facts.flipProbability() > 0) {
            causes.add(new LikelyCause(
                    "Crops are flipped or rotated while their labels stay: left and right cannot be told apart.",
                    "Turn flips and rotations off and keep the intensity augmentation."));
        }
        if (facts.trainingScans() < FEW_SCANS) {
            causes.add(new LikelyCause(
                    say("%d training scans are too few, or of too mixed body regions,", facts.trainingScans())
                            + " to show what all bodies share.",
                    say("Train on %d or more scans of one body region.", FEW_SCANS)));
        }
        if (facts.cropsPerVolume() < FEW_CROPS) {
            causes.add(new LikelyCause(
                    say("%d crops per volume give a weak signal per step.", facts.cropsPerVolume()),
                    say("Use %d crops per volume; it costs far less than as many more steps.", FEW_CROPS)));
        }
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
