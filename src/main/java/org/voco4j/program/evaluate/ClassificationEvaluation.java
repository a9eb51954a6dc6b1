package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.classification.ClassificationScore;
import org.voco4j.measure.classification.MultiLabelScore;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.TextTable;
import org.voco4j.run.CsvText;
import org.voco4j.run.RunJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Classifications in a table against the true classes: every case of one class, or with any number of labels.
 *
 * <p>What a class does not define, AUC where no case is of it for example, is null or a dash, and left out of means; how
 * many classes a mean was taken over stands beside it.
 */
public final class ClassificationEvaluation {
    private final ScoreTables tables;
    private final @Nullable ClassificationScore score;
    private final @Nullable MultiLabelScore labels;

    private ClassificationEvaluation(
            ScoreTables tables, @Nullable ClassificationScore score, @Nullable MultiLabelScore labels) {
        this.tables = tables;
        this.score = score;
        this.labels = labels;
    }

    /**
     * Reads both tables and measures.
     *
     * @param predictions columns case and one per class with its probability
     * @param truth columns case and class, or case and a column of 0 and 1 per class
     * @throws UsageException if a table cannot be read or used, or no case is in both
     */
    public static ClassificationEvaluation of(Path predictions, Path truth) {
        ScoreTables tables = OpenedData.opened(() -> ScoreTables.read(predictions, truth));
        try {
            return tables.exclusive()
                    ? new ClassificationEvaluation(
                            tables, ClassificationScore.of(tables.scores(), tables.classOf()), null)
                    : new ClassificationEvaluation(tables, null, MultiLabelScore.of(tables.scores(), tables.has()));
        } catch (IllegalArgumentException e) {
            throw new UsageException(predictions + ": " + e.getMessage(), e);
        }
    }

    /** What could not be compared, a sentence each. */
    public List<String> problems() {
        return tables.problems();
    }

    /** All measures; {@code classes} has those of each class. */
    public ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("cases", tables.cases().size());
        json.put("kind", tables.exclusive() ? "one class per case" : "any number of labels per case");
        ObjectNode intervals = JsonMapper.shared().createObjectNode();
        ObjectNode classes = JsonMapper.shared().createObjectNode();
        if (score != null) {
            RunJson.put(json, "accuracy", score.accuracy());
            put(json, "balancedAccuracy", score.balancedAccuracy());
            put(json, "macroF1", score.macroF1());
            put(json, "macroAuc", score.macroAuc());
            RunJson.put(json, "weightedAuc", score.weightedAuc());
            RunJson.put(json, "microAuc", score.microAuc());
            EvaluationReport.put(intervals, "accuracy", known(score.accuracyInterval()));
            EvaluationReport.put(intervals, "macroAuc", known(score.macroAucInterval()));
            for (int k = 0; k < score.classes(); k++) {
                ObjectNode node = classes.putObject(tables.classes().get(k));
                node.put("cases", score.cases(k));
                RunJson.put(node, "auc", score.auc(k));
                RunJson.put(node, "recall", score.recall(k));
                RunJson.put(node, "precision", score.precision(k));
                RunJson.put(node, "f1", score.f1(k));
            }
            ArrayNode confusion = json.putArray("confusion");
            for (int t = 0; t < score.classes(); t++) {
                ArrayNode row = confusion.addArray();
                for (int p = 0; p < score.classes(); p++) {
                    row.add(score.confused(t, p));
                }
            }
        }
        if (labels != null) {
            put(json, "macroAuc", labels.meanAuc());
            EvaluationReport.put(intervals, "macroAuc", known(labels.meanAucInterval()));
            for (int k = 0; k < tables.classes().size(); k++) {
                ObjectNode node = classes.putObject(tables.classes().get(k));
                node.put("cases", labels.positives(k));
                RunJson.put(node, "auc", labels.auc(k));
            }
        }
        json.set("interval", intervals);
        json.set("classes", classes);
        json.set("problems", JsonMapper.shared().valueToTree(problems()));
        return json;
    }

    /** Below three cases nothing is known of the variation between them. */
    private @Nullable Interval known(Interval interval) {
        return tables.cases().size() < 3 ? null : interval;
    }

    private static void put(ObjectNode json, String name, CountedMean mean) {
        RunJson.put(json, name, mean.mean());
        json.put(name + "Classes", mean.count());
    }

    /** What a terminal shows. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(perClass().toString().lines().toList());
        lines.add("");
        TextTable confusion = confusion();
        if (confusion != null) {
            lines.addAll(confusion.toString().lines().toList());
            lines.add("");
        }
        lines.add(sentence());
        return lines;
    }

    private String sentence() {
        int cases = tables.cases().size();
        if (score != null) {
            return String.format(
                    Locale.ROOT,
                    "%d cases: accuracy %s %%%s, balanced %s %%, mean AUC %s over %d of %d classes%s, weighted %s, micro %s.",
                    cases,
                    percent(score.accuracy()),
                    interval(score.accuracyInterval(), 100, "%.2f"),
                    percent(score.balancedAccuracy().mean()),
                    area(score.macroAuc().mean()),
                    score.macroAuc().count(),
                    score.classes(),
                    interval(score.macroAucInterval(), 1, "%.4f"),
                    area(score.weightedAuc()),
                    area(score.microAuc()));
        }
        MultiLabelScore each = labels();
        return String.format(
                Locale.ROOT,
                "%d cases: mean AUC %s over %d of %d labels%s.",
                cases,
                area(each.meanAuc().mean()),
                each.meanAuc().count(),
                tables.classes().size(),
                interval(each.meanAucInterval(), 1, "%.4f"));
    }

    private MultiLabelScore labels() {
        if (labels == null) {
            throw new IllegalStateException("classes exclude each other");
        }
        return labels;
    }

    private String interval(Interval interval, double times, String format) {
        Interval known = known(interval);
        return known == null
                ? ""
                : " (95 % interval " + String.format(Locale.ROOT, format, times * known.low()) + " to "
                        + String.format(Locale.ROOT, format, times * known.high()) + ")";
    }

    private TextTable perClass() {
        if (score == null) {
            TextTable table = new TextTable("label", "cases with it", "AUC");
            for (int k = 0; k < tables.classes().size(); k++) {
                table.row(tables.classes().get(k), String.valueOf(labels().positives(k)), area(labels().auc(k)));
            }
            return table;
        }
        TextTable table = new TextTable("class", "cases", "AUC", "recall %", "precision %", "F1 %");
        for (int k = 0; k < score.classes(); k++) {
            table.row(
                    tables.classes().get(k),
                    String.valueOf(score.cases(k)),
                    area(score.auc(k)),
                    percent(score.recall(k)),
                    percent(score.precision(k)),
                    percent(score.f1(k)));
        }
        return table;
    }

    private @Nullable TextTable confusion() {
        ClassificationScore own = score;
        if (own == null) {
            return null;
        }
        List<String> header = new ArrayList<>(List.of("truth \\ predicted"));
        header.addAll(tables.classes());
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (int t = 0; t < own.classes(); t++) {
            int row = t;
            List<String> cells = new ArrayList<>(List.of(tables.classes().get(t)));
            IntStream.range(0, own.classes()).forEach(p -> cells.add(String.valueOf(own.confused(row, p))));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f", 100 * share) : "–";
    }

    private static String area(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
    }

    /**
     * Writes {@code summary.json}, {@code classes.csv} (the measures of each class) and {@code table.md}.
     *
     * @throws IOException if one cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        AtomicFile.write(folder.resolve("summary.json"), toJson().toPrettyString() + "\n");
        StringBuilder csv = new StringBuilder("class,cases,auc,recall,precision,f1\n");
        for (var entry : toJson().path("classes").properties()) {
            List<String> cells = new ArrayList<>(List.of(entry.getKey()));
            for (String measure : List.of("cases", "auc", "recall", "precision", "f1")) {
                cells.add(entry.getValue().path(measure).asString(""));
            }
            csv.append(CsvText.line(cells));
        }
        AtomicFile.write(folder.resolve("classes.csv"), csv.toString());
        TextTable confusion = confusion();
        AtomicFile.write(
                folder.resolve("table.md"),
                perClass().toMarkdown() + (confusion == null ? "" : "\n" + confusion.toMarkdown()) + "\n" + sentence()
                        + "\n");
    }
}
