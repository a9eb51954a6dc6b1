package org.voco4j.program.classify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.classification.ClassificationScore;
import org.voco4j.measure.classification.MultiLabelScore;
import org.voco4j.program.finetune.Scores;
import org.voco4j.run.RunJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How well scans were classified.
 *
 * <p>The AUC of a class of which no scan is, or all are, is NaN, null in JSON, and left out of the mean.
 *
 * @param classes names of the classes
 * @param exclusive whether a scan is of exactly one class; otherwise of any number
 * @param cases one per scan
 */
public record ClassificationScores(List<String> classes, boolean exclusive, List<Case> cases) implements Scores {

    /**
     * One scan.
     *
     * @param probabilities of each class
     * @param truth names of the classes that it is of
     * @param loss what is minimised, of this scan
     */
    public record Case(String scan, List<Double> probabilities, Set<String> truth, double loss) {

        /** Copies the collections. */
        public Case {
            probabilities = List.copyOf(probabilities);
            truth = Set.copyOf(truth);
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no case
     */
    public ClassificationScores {
        classes = List.copyOf(classes);
        cases = List.copyOf(cases);
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("there is no scan to measure on");
        }
    }

    private double[][] scores() {
        return cases.stream()
                .map(c -> c.probabilities.stream().mapToDouble(p -> p).toArray())
                .toArray(double[][]::new);
    }

    /** As one of several classes; null where a scan has any number of labels. */
    private @Nullable ClassificationScore single() {
        if (!exclusive) {
            return null;
        }
        int[] truth = cases.stream()
                .mapToInt(c -> classes.indexOf(c.truth.iterator().next()))
                .toArray();
        return ClassificationScore.of(scores(), truth);
    }

    private MultiLabelScore multiple() {
        boolean[][] truth = new boolean[cases.size()][classes.size()];
        for (int i = 0; i < truth.length; i++) {
            for (int k = 0; k < classes.size(); k++) {
                truth[i][k] = cases.get(i).truth.contains(classes.get(k));
            }
        }
        return MultiLabelScore.of(scores(), truth);
    }

    /** What the best state is the best in: accuracy, or the mean AUC of labels. */
    @Override
    public double score() {
        ClassificationScore single = single();
        return single == null ? multiple().meanAuc().mean() : single.accuracy();
    }

    /** {@code loss}, {@code accuracy} of classes that exclude each other, the mean AUC, {@code auc}, and {@code auc.NAME}. */
    @Override
    public Map<String, Double> numbers() {
        MultiLabelScore each = multiple();
        ClassificationScore single = single();
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", cases.stream().mapToDouble(Case::loss).average().orElse(Double.NaN));
        if (single != null) {
            numbers.put("accuracy", single.accuracy());
        }
        numbers.put("auc", each.meanAuc().mean());
        for (int k = 0; k < classes.size(); k++) {
            numbers.put("auc." + classes.get(k), each.auc(k));
        }
        return numbers;
    }

    /** One line for people. */
    @Override
    public String sentence() {
        ClassificationScore single = single();
        String auc =
                String.format(Locale.ROOT, "mean AUC %.3f", multiple().meanAuc().mean());
        return single == null
                ? auc + " of " + classes.size() + " labels"
                : String.format(Locale.ROOT, "accuracy %.3f, %s", single.accuracy(), auc);
    }

    /** {@code accuracy}, {@code auc.macro}, {@code auc.NAME}, {@code confusion} (rows are the truth), and every scan. */
    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        MultiLabelScore each = multiple();
        ClassificationScore single = single();
        json.set("classes", JsonMapper.shared().valueToTree(classes));
        if (single != null) {
            RunJson.put(json, "accuracy", single.accuracy());
        }
        ObjectNode auc = json.putObject("auc");
        RunJson.put(auc, "macro", each.meanAuc().mean());
        for (int k = 0; k < classes.size(); k++) {
            RunJson.put(auc, classes.get(k), each.auc(k));
        }
        if (single != null) {
            ArrayNode confusion = json.putArray("confusion");
            for (int t = 0; t < classes.size(); t++) {
                ArrayNode row = confusion.addArray();
                for (int p = 0; p < classes.size(); p++) {
                    row.add(single.confused(t, p));
                }
            }
        }
        ObjectNode byCase = json.putObject("cases");
        for (Case one : cases) {
            ObjectNode node = byCase.putObject(one.scan);
            node.set(
                    "truth",
                    JsonMapper.shared().valueToTree(one.truth.stream().sorted().toList()));
            ObjectNode probabilities = node.putObject("probabilities");
            for (int k = 0; k < classes.size(); k++) {
                RunJson.put(probabilities, classes.get(k), one.probabilities.get(k));
            }
        }
        return json;
    }
}
