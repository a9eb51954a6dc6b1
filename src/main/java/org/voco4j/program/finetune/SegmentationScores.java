package org.voco4j.program.finetune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.segmentation.SegmentationScore;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.run.RunJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How well scans were segmented.
 *
 * <p>A class that neither truth nor prediction has is left out of every mean; one that only the prediction has counts
 * with Dice 0. Surface measures are NaN where they were not asked for.
 *
 * @param classes names of the classes 1, 2, …
 * @param cases one per scan
 */
public record SegmentationScores(List<String> classes, List<Case> cases) {

    /** One scan and its score. */
    public record Case(String scan, SegmentationScore score) {

        /** The mean Dice over the classes that truth or prediction has; NaN if there is none. */
        public double dice() {
            return score.mean(ClassScore::dice).mean();
        }
    }

    /** Copies the lists. */
    public SegmentationScores {
        classes = List.copyOf(classes);
        cases = List.copyOf(cases);
    }

    /** The mean of a measure over scans, each with its mean over classes. */
    public CountedMean mean(ToDoubleFunction<ClassScore> measure) {
        return CountedMean.of(
                cases.stream().mapToDouble(c -> c.score.mean(measure).mean()).toArray());
    }

    /** The mean of a measure over scans for one class, counted from 1. */
    public CountedMean mean(int label, ToDoubleFunction<ClassScore> measure) {
        return CountedMean.of(cases.stream()
                .mapToDouble(c -> measure.applyAsDouble(c.score.classes().get(label - 1)))
                .toArray());
    }

    /** A measure of one class in every scan, NaN where it is not defined. */
    public double[] values(int label, ToDoubleFunction<ClassScore> measure) {
        return cases.stream()
                .mapToDouble(c -> measure.applyAsDouble(c.score.classes().get(label - 1)))
                .toArray();
    }

    /** The mean volume of a class over the scans where truth or prediction has it. */
    public double volume(int label, ToDoubleFunction<ClassScore> volume) {
        return CountedMean.of(
                        values(label, score -> Double.isNaN(score.dice()) ? Double.NaN : volume.applyAsDouble(score)))
                .mean();
    }

    /** How many classes were missed, over all scans. */
    public int missed() {
        return cases.stream().mapToInt(c -> c.score.missed()).sum();
    }

    /** How many classes were invented, over all scans. */
    public int invented() {
        return cases.stream().mapToInt(c -> c.score.invented()).sum();
    }

    /** The mean Dice, {@code dice}, and that of each class, {@code dice.NAME}. */
    public Map<String, Double> dice() {
        Map<String, Double> dice = new LinkedHashMap<>();
        dice.put("dice", mean(ClassScore::dice).mean());
        for (int label = 1; label <= classes.size(); label++) {
            dice.put(
                    "dice." + classes.get(label - 1),
                    mean(label, ClassScore::dice).mean());
        }
        return dice;
    }

    /** One line for people. */
    public String sentence() {
        StringJoiner each = new StringJoiner(", ");
        for (int label = 1; label <= classes.size(); label++) {
            each.add(String.format(
                    Locale.ROOT,
                    "%s %.2f",
                    classes.get(label - 1),
                    mean(label, ClassScore::dice).mean()));
        }
        return String.format(
                Locale.ROOT, "mean Dice %.3f (%s)", mean(ClassScore::dice).mean(), each);
    }

    /** The means, those of each class, and every scan. */
    public ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ObjectNode mean = json.putObject("mean");
        RunJson.put(mean, "dice", mean(ClassScore::dice).mean());
        RunJson.put(mean, "nsd", mean(ClassScore::nsd).mean());
        RunJson.put(mean, "hd95", mean(ClassScore::hd95).mean());
        ObjectNode byClass = json.putObject("classes");
        for (int label = 1; label <= classes.size(); label++) {
            int of = label;
            ObjectNode node = byClass.putObject(classes.get(label - 1));
            RunJson.put(node, "dice", mean(label, ClassScore::dice).mean());
            RunJson.put(node, "nsd", mean(label, ClassScore::nsd).mean());
            RunJson.put(node, "hd95", mean(label, ClassScore::hd95).mean());
            node.put("scans", mean(label, ClassScore::dice).count());
            node.put(
                    "missed",
                    count(score -> score.label() == of && score.overlap().isMissed()));
            node.put(
                    "invented",
                    count(score -> score.label() == of && score.overlap().isInvented()));
        }
        ObjectNode byCase = json.putObject("cases");
        for (Case one : cases) {
            ObjectNode node = byCase.putObject(one.scan);
            RunJson.put(node, "dice", one.dice());
            ObjectNode each = node.putObject("classes");
            for (ClassScore score : one.score.classes()) {
                ObjectNode values = each.putObject(classes.get(score.label() - 1));
                RunJson.put(values, "dice", score.dice());
                RunJson.put(values, "nsd", score.nsd());
                RunJson.put(values, "hd95", score.hd95());
                RunJson.put(values, "truthMl", score.truthMl());
                RunJson.put(values, "predictionMl", score.predictionMl());
            }
        }
        return json;
    }

    private long count(Predicate<ClassScore> what) {
        return cases.stream()
                .flatMap(c -> c.score.classes().stream())
                .filter(what)
                .count();
    }
}
