package org.voco4j.program.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.pretext.catalogue.Methods;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelsResult;

/**
 * What pre-training was worth: fine-tunes from the pre-trained encoder against the same from scratch.
 *
 * @param method of pre-training, by its name in recipes
 * @param classes names of the classes 1, 2, …
 * @param results of all fine-tunes that are reported, one of each arm for every number of labels and seed
 * @param sweep how the arms' learning rates were chosen; empty where they are the recipe's
 */
public record PretrainingGain(
        String method, List<String> classes, List<FewLabelsResult> results, List<FewLabelsResult> sweep) {
    /** Labelled torsos of the frozen encoder, the sweep, the pictures and the table of organs. */
    public static final int FEW = 2;

    /** Learning rates that a sweep tries: the decoder's, and the encoder's as a share of it. */
    public static final List<Arm.Rates> RATES =
            List.of(new Arm.Rates(3e-3, 1), new Arm.Rates(1e-2, 1), new Arm.Rates(1e-2, 0.1), new Arm.Rates(3e-2, 0.1));

    /** Seeds of a sweep; none of them is reported. */
    public static final int SWEEP_SEEDS = 2;

    /** Torsos that a sweep is measured on; none of them is reported. */
    public static final int VALIDATION = 8;

    /** The answer in one word. */
    public enum Answer {
        /** For at least one number of labels the whole interval of the gain lies above 0, and for none below. */
        HELPS,
        /** Every interval holds 0. */
        NO_DIFFERENCE,
        /** For at least one number of labels the whole interval lies below 0, and for none above. */
        HURTS,
        /** Both. */
        MIXED
    }

    /** Copies the lists. */
    public PretrainingGain {
        classes = List.copyOf(classes);
        results = List.copyOf(results);
        sweep = List.copyOf(sweep);
    }

    /** Numbers of labelled torsos that were fine-tuned on, the smallest first. */
    public List<Integer> labels() {
        return results.stream().map(FewLabelsResult::labels).distinct().sorted().toList();
    }

    /** The method as texts write it. */
    public String title() {
        return Methods.of(method).about().title();
    }

    /** The mean Dice of an arm over seeds, scans and classes. */
    public double dice(String arm, int labels) {
        return mean(arm, labels, FewLabelsResult::mean);
    }

    /** The mean Dice of one class, counted from 1, over seeds and scans. */
    public double dice(String arm, int labels, int label) {
        return mean(arm, labels, result -> result.ofClass(label - 1));
    }

    private double mean(String arm, int labels, ToDoubleFunction<FewLabelsResult> of) {
        return of(arm, labels).stream().mapToDouble(of).average().orElse(Double.NaN);
    }

    /** The results of an arm, by seed. */
    public List<FewLabelsResult> of(String arm, int labels) {
        return results.stream()
                .filter(result -> result.arm().equals(arm) && result.labels() == labels)
                .toList();
    }

    /** What full fine-tuning gains from the pre-trained encoder. */
    public PairedGain gain(int labels) {
        return gain(Arm.SCRATCH, method, labels);
    }

    /** By how much the mean Dice of the second arm is above that of the first, paired by seed and scan. */
    public PairedGain gain(String from, String to, int labels) {
        return PairedGain.of(FewLabelsResult.differences(of(from, labels), of(to, labels)));
    }

    /** Whether pre-training helped. */
    public Answer answer() {
        boolean above = labels().stream().anyMatch(labels -> gain(labels).isCertain());
        boolean below =
                labels().stream().anyMatch(labels -> gain(labels).interval().high() < 0);
        if (above && below) {
            return Answer.MIXED;
        }
        return above ? Answer.HELPS : below ? Answer.HURTS : Answer.NO_DIFFERENCE;
    }

    /** The answer in a few words. */
    public String headline() {
        return switch (answer()) {
            case HELPS -> "Pre-training helps.";
            case NO_DIFFERENCE -> "No difference that these few runs could show.";
            case HURTS -> "Pre-training hurts.";
            case MIXED -> "Pre-training helps with some numbers of labels and hurts with others.";
        };
    }

    /** The answer with its numbers. */
    public String finding() {
        return headline() + " " + numbers();
    }

    /** What the answer rests on. */
    public String numbers() {
        PairedGain first = gain(labels().get(0));
        List<String> parts = new ArrayList<>();
        for (int labels : labels()) {
            PairedGain gain = gain(labels);
            parts.add(String.format(
                    Locale.ROOT,
                    "with %d labelled %s %.2f instead of %.2f (%+.3f, 95 %% interval %+.3f to %+.3f)",
                    labels,
                    labels == 1 ? "torso" : "torsos",
                    dice(method, labels),
                    dice(Arm.SCRATCH, labels),
                    gain.mean(),
                    gain.interval().low(),
                    gain.interval().high()));
        }
        return String.format(
                Locale.ROOT,
                "Mean Dice after fine-tuning from %s instead of from scratch: %s; one pre-training, %d seeds of fine-tuning, %d"
                        + " unseen torsos.",
                title(),
                String.join("; ", parts),
                first.seeds(),
                first.cases());
    }

    /** Dice by arm and number of labels, that with a frozen encoder under {@code frozen}. */
    public Map<String, Object> dice() {
        Map<String, Object> dice = new LinkedHashMap<>();
        for (String arm : List.of(Arm.SCRATCH, method)) {
            Map<String, Double> byLabels = new LinkedHashMap<>();
            labels().forEach(labels -> byLabels.put(labels.toString(), dice(arm, labels)));
            dice.put(arm, byLabels);
        }
        Map<String, Double> frozen = new LinkedHashMap<>();
        frozen.put("untrained", dice(Arm.FROZEN_UNTRAINED, FEW));
        frozen.put(method, dice(Arm.frozen(method), FEW));
        dice.put("frozen", frozen);
        return dice;
    }

    /** The gain by number of labels: lower end of its interval, mean, upper end. */
    public Map<String, List<Double>> gain() {
        Map<String, List<Double>> gains = new LinkedHashMap<>();
        for (int labels : labels()) {
            PairedGain gain = gain(labels);
            gains.put(
                    Integer.toString(labels),
                    List.of(gain.interval().low(), gain.mean(), gain.interval().high()));
        }
        return gains;
    }
}
