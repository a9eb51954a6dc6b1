package org.voco4j.pretext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.voco4j.measure.feature.FeatureSpread;
import org.voco4j.measure.feature.PositionRetrieval;

/**
 * The gate of a pre-training run: from measured numbers to a {@link Verdict} with its likely causes.
 *
 * <p>Retrieval and spread are both needed: a projector that ends in a batch normalisation passes every test of collapse
 * before it has learned anything, and a collapsed network can creep up in retrieval. The loss does not show learning:
 * its level depends on the variant, and predicting 0 everywhere already makes it small.
 */
public final class Gate {
    /** A mean |cos| between the bases of a scan above this is a collapse, whatever the retrieval. */
    public static final double COLLAPSED_COSINE = 0.9;

    /** A deviation of the features below this is a collapse, whatever the retrieval. */
    public static final double COLLAPSED_DEVIATION = 0.2;

    /**
     * A run that had its steps, is not above the controls, and lies beyond one of these failed by collapse: much of
     * every feature is one shared direction. Runs that learn stay below 0.3 in |cos| and above 0.9 in deviation.
     */
    private static final double SHARED_COSINE = 0.4;

    private static final double SHARED_DEVIATION = 0.75;

    /** A margin over the best control that is worth having, if it is real. */
    private static final double RELEVANT = 0.05;

    /** A loss that ends above this part of where it began is flat. */
    private static final double FLAT = 0.95;

    private static final int SHORTEST_HISTORY = 20;
    private static final long SEED = 1;

    /**
     * A control or an untrained network, measured on the same scans as the trained one.
     *
     * @param name as a reader would call it, for instance "raw pixels"
     * @param retrieval its position retrieval
     */
    public record Control(String name, PositionRetrieval retrieval) {}

    /**
     * The numbers of a run.
     *
     * @param trained position retrieval of the trained network
     * @param controls the controls on the same scans in the same order, at least one
     * @param features the spread of the features
     * @param projected whether they are a projector's outputs, made to differ; pooled features share more of one direction
     * @param losses the loss of every step or logged step, oldest first; may be empty
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of numbers; never compared as values
    public record Measured(
            PositionRetrieval trained,
            List<Control> controls,
            FeatureSpread features,
            boolean projected,
            double[] losses) {}

    /**
     * A judgement.
     *
     * @param verdict in one word
     * @param finding in one or two sentences, with the numbers
     * @param bestControl the name of the control with the highest cross-scan top-1
     * @param margin the trained network over that control
     * @param causes why it may not have learned, the likeliest first; empty if it learned
     */
    public record Judgement(
            Verdict verdict,
            String finding,
            String bestControl,
            PositionRetrieval.Margin margin,
            List<LikelyCause> causes) {}

    private Gate() {}

    /**
     * Judges a run.
     *
     * @throws IllegalArgumentException if there is no control or it was measured on another number of patients
     */
    public static Judgement judge(Measured measured, RunFacts facts) {
        Control best = best(measured.controls());
        PositionRetrieval.Margin margin = measured.trained().over(best.retrieval(), SEED);
        Verdict verdict = verdict(measured, margin, facts);
        return new Judgement(
                verdict,
                finding(verdict, measured, best, margin, facts),
                best.name(),
                margin,
                LikelyCause.of(verdict, facts, measured.trained().patients()));
    }

    private static Verdict verdict(Measured measured, PositionRetrieval.Margin margin, RunFacts facts) {
        FeatureSpread spread = measured.features();
        if (!Arrays.stream(measured.losses()).allMatch(Double::isFinite)) {
            return Verdict.DIVERGED;
        }
        if (spread.meanAbsCosine() > COLLAPSED_COSINE || spread.deviation() < COLLAPSED_DEVIATION) {
            return Verdict.COLLAPSED;
        }
        boolean aboveChance = measured.trained().crossScan().interval().low()
                > measured.trained().chance();
        if (aboveChance && margin.interval().low() > 0) {
            return Verdict.LEARNED;
        }
        if (facts.steps() < facts.minimumSteps()) {
            return Verdict.NOT_YET;
        }
        if (measured.projected() && (spread.meanAbsCosine() > SHARED_COSINE || spread.deviation() < SHARED_DEVIATION)) {
            return Verdict.COLLAPSED;
        }
        if (margin.mean() >= RELEVANT) {
            return Verdict.UNDECIDED;
        }
        return isFlat(measured.losses()) ? Verdict.FLAT_LOSS : Verdict.NOT_ABOVE_CONTROLS;
    }

    /** Whether the median of the last fifth lies hardly below, or above, that of the first fifth. */
    private static boolean isFlat(double[] losses) {
        if (losses.length < SHORTEST_HISTORY) {
            return false;
        }
        int fifth = losses.length / 5;
        double begin = median(Arrays.copyOf(losses, fifth));
        double end = median(Arrays.copyOfRange(losses, losses.length - fifth, losses.length));
        return end > begin - (1 - FLAT) * Math.abs(begin);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static Control best(List<Control> controls) {
        if (controls.isEmpty()) {
            throw new IllegalArgumentException("a verdict needs at least 1 control to compare with");
        }
        List<Control> sorted = new ArrayList<>(controls);
        sorted.sort((a, b) -> Double.compare(
                b.retrieval().crossScan().top1(), a.retrieval().crossScan().top1()));
        return sorted.get(0);
    }

    private static String finding(
            Verdict verdict, Measured measured, Control best, PositionRetrieval.Margin margin, RunFacts facts) {
        int patients = measured.trained().patients();
        String interval = measured.trained().isMeasurable()
                ? say(
                        "95 %% interval %+.2f to %+.2f over %d held-out patients",
                        margin.interval().low(), margin.interval().high(), patients)
                : say("its interval is not measurable with %d held-out patients", patients);
        String retrieval = say(
                "A crop finds its place in another scan in %.0f %% of cases; the best control (%s) in %.0f %%, chance"
                        + " is %.0f %%. The margin over that control is %+.2f (%s).",
                100 * measured.trained().crossScan().top1(),
                best.name(),
                100 * best.retrieval().crossScan().top1(),
                100 * measured.trained().chance(),
                margin.mean(),
                interval);
        return switch (verdict) {
            case LEARNED -> "The network learned where things are in the body. " + retrieval;
            case NOT_YET ->
                say("Too early to judge: %d steps, at least %d are needed. ", facts.steps(), facts.minimumSteps())
                        + retrieval;
            case UNDECIDED ->
                say(
                                "Undecided: better than every control, but %d held-out patients are too few, or vary too"
                                        + " much, to be sure. ",
                                patients)
                        + retrieval;
            case NOT_ABOVE_CONTROLS -> "The network does not find positions better than a control. " + retrieval;
            case FLAT_LOSS ->
                "The loss did not fall, and the network does not find positions better than a control. " + retrieval;
            case COLLAPSED ->
                say(
                                "The features collapsed: the bases of a scan have a mean |cos| of %.2f (runs that"
                                        + " learn stay below 0.3), the features a deviation of %.2f (above 0.9). ",
                                measured.features().meanAbsCosine(),
                                measured.features().deviation())
                        + retrieval;
            case DIVERGED -> "The loss is no longer a finite number. " + retrieval;
        };
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
