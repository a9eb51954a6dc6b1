package org.voco4j.pretext;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.voco4j.measure.statistics.Bootstrap;

/**
 * Why a run may not have learned, and what to try.
 *
 * @param of what the cause is one
 * @param why the cause, in a sentence
 * @param remedy what to change, in a sentence
 */
public record LikelyCause(Of of, String why, String remedy) {
    private static final double LOW_RATE = 2e-4;
    private static final double HIGH_RATE = 3e-3;
    private static final int LONG_RUN = 5000;
    private static final int SHORT_RUN = 200;
    private static final int FEW_SCANS = 20;
    private static final int FEW_HELD_OUT = 6; // their intervals are wide whatever was learned

    /** What a cause is one of, the likeliest first: causes are named in this order. */
    public enum Of {
        /** Nothing can be told of the run. */
        MEASUREMENT,
        /** The method's features fall together. */
        FEATURES,
        /** The learning rate is too high. */
        DIVERGENCE,
        /** Too few or too small steps. */
        STEPS,
        /** What is done to crops hides what they should teach. */
        VIEWS,
        /** The scans. */
        SCANS,
        /** Each step says little. */
        SIGNAL
    }

    /**
     * The causes that fit a verdict and a run, the likeliest first.
     *
     * <p>Their order follows small experiments with VoCo: without a normalisation in the projector every recipe with a
     * stop-gradient stayed collapsed, whatever else was changed; then removing the stop-gradient helped most; a rate of
     * 1e-4 and flips of single crops cost about half of the gain of 200 steps. Before all of them stands what lets nothing be
     * told of a run: few held-out patients, then few steps; of a run that short the learning rate says nothing.
     *
     * @param heldOut patients measured on
     */
    static List<LikelyCause> of(Verdict verdict, RunFacts facts, int heldOut) {
        if (verdict == Verdict.LEARNED) {
            return List.of();
        }
        List<LikelyCause> causes = new ArrayList<>(facts.ofTheMethod().apply(verdict));
        addMeasurement(causes, verdict, heldOut);
        addTraining(causes, verdict, facts);
        if (facts.trainingScans() < FEW_SCANS) {
            causes.add(new LikelyCause(
                    Of.SCANS,
                    say("%d training scans are too few, or of too mixed body regions,", facts.trainingScans())
                            + " to show what all bodies share.",
                    say("Train on %d or more scans of one body region.", FEW_SCANS)));
        }
        Of last = verdict == Verdict.DIVERGED ? Of.DIVERGENCE : verdict == Verdict.COLLAPSED ? Of.STEPS : Of.SIGNAL;
        causes.removeIf(cause -> cause.of.compareTo(last) > 0);
        causes.sort(Comparator.comparing(LikelyCause::of));
        if (causes.isEmpty()) {
            causes.add(new LikelyCause(
                    Of.SIGNAL,
                    "None of the known causes fits this run.",
                    "Train longer and on more scans of one body region; look at the base and crop pictures of the"
                            + " report to see whether the scans show what they should."));
        }
        return List.copyOf(causes);
    }

    private static void addMeasurement(List<LikelyCause> causes, Verdict verdict, int heldOut) {
        if (verdict == Verdict.DIVERGED || verdict == Verdict.COLLAPSED) {
            return; // plain without a comparison
        }
        if (heldOut < FEW_HELD_OUT) {
            causes.add(new LikelyCause(
                    Of.MEASUREMENT,
                    say(
                            heldOut < Bootstrap.LEAST
                                    ? "%d held-out patients are too few to tell learning from chance."
                                    : "%d held-out patients are few: the margin stays uncertain.",
                            heldOut),
                    say("Hold out %d patients or more (data.heldOut, or more scans).", FEW_HELD_OUT)));
        } else if (verdict == Verdict.UNDECIDED) {
            causes.add(new LikelyCause(
                    Of.MEASUREMENT,
                    "The held-out patients are very different and leave the margin uncertain.",
                    "Hold out more scans (data.heldOut) of the same body region, or train longer."));
        }
    }

    private static void addTraining(List<LikelyCause> causes, Verdict verdict, RunFacts facts) {
        boolean isShort = facts.steps() < SHORT_RUN;
        if (verdict == Verdict.DIVERGED || (facts.adaptive() && facts.learningRate() > HIGH_RATE && !isShort)) {
            causes.add(new LikelyCause(
                    Of.DIVERGENCE,
                    say("The learning rate of %s is too high.", facts.learningRate()),
                    facts.adaptive()
                            ? "Lower it to 1e-3 or below, or warm up longer."
                            : "Lower it, or warm up longer."));
        }
        if (isShort) {
            causes.add(new LikelyCause(
                    Of.STEPS,
                    facts.steps() == 1 ? "1 step is too few." : say("%d steps are too few.", facts.steps()),
                    say("Train for %d steps or more.", SHORT_RUN)));
        } else if (facts.adaptive() && facts.learningRate() < LOW_RATE && facts.steps() < LONG_RUN) {
            causes.add(new LikelyCause(
                    Of.STEPS,
                    say("A learning rate of %s is too low for %d steps.", facts.learningRate(), facts.steps()),
                    "Raise it to 1e-3, or train for thousands of steps."));
        }
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
