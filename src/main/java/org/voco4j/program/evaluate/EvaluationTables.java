package org.voco4j.program.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.report.TextTable;

/** The tables of an evaluation: Dice as the paper's Table 1 has it, and every measure of each class. */
record EvaluationTables(Evaluate.Request request, Map<String, Evaluate.Result> results, List<PredictionGain> gains) {
    private static final int WIDE = 15; // classes that make a table too wide for a column each

    /** What a terminal shows. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (results.values().stream().allMatch(result -> result.report().cases().isEmpty())) {
            results.forEach((name, result) -> lines.add(sentence(name, result)));
            return lines;
        }
        if (results.size() > 1 || !isWide()) {
            lines.addAll(table(isWide()).toString().lines().toList());
            lines.add("");
        }
        if (results.size() == 1) {
            lines.addAll(measures(results.values().iterator().next().report())
                    .toString()
                    .lines()
                    .toList());
            lines.add("");
        }
        gains.forEach(gain -> lines.add(gain.sentence()));
        results.forEach((name, result) -> lines.add(sentence(name, result)));
        return lines;
    }

    private boolean isWide() {
        return results.values().iterator().next().report().classes().size() >= WIDE;
    }

    private String sentence(String name, Evaluate.Result result) {
        SegmentationScores report = result.report();
        int cases = report.cases().size();
        int problems = result.problems().size();
        return (results.size() == 1 ? "" : name + ": ") + cases + (cases == 1 ? " case on " : " cases on ")
                + (request.model() == null ? "truth's grid" : "the model's grid") + ", " + report.missed()
                + " classes missed, " + report.invented() + " invented"
                + (problems == 0
                        ? "."
                        : problems == 1 ? "; 1 problem, see above." : "; " + problems + " problems, see above.");
    }

    /** Dice in percent, a column per class and the average, a row per prediction; or the other way round. */
    private TextTable table(boolean turned) {
        List<String> names =
                new ArrayList<>(results.values().iterator().next().report().classes());
        names.add("average");
        List<List<String>> columns = new ArrayList<>();
        results.forEach((name, result) -> {
            List<String> cells = new ArrayList<>(List.of(results.size() == 1 ? "Dice %" : name));
            for (int label = 1; label < names.size(); label++) {
                cells.add(percent(result.report().mean(label, ClassScore::dice).mean()));
            }
            cells.add(percent(result.report().mean(ClassScore::dice).mean()));
            columns.add(cells);
        });
        names.add(0, turned ? "class" : "");
        if (!turned) {
            TextTable table = new TextTable(names.toArray(String[]::new));
            columns.forEach(cells -> table.row(cells.toArray(String[]::new)));
            return table;
        }
        List<List<String>> all = new ArrayList<>(List.of(names));
        all.addAll(columns);
        TextTable table = new TextTable(row(all, 0));
        for (int i = 1; i < names.size(); i++) {
            table.row(row(all, i));
        }
        return table;
    }

    private static String[] row(List<List<String>> columns, int at) {
        return columns.stream().map(column -> column.get(at)).toArray(String[]::new);
    }

    /** Every measure, a row per class and the average. */
    private TextTable measures(SegmentationScores report) {
        TextTable table = new TextTable(
                "class",
                "Dice %",
                "95 % interval",
                "IoU %",
                String.format(Locale.ROOT, "NSD %% (%s mm)", plain(request.toleranceMm())),
                "HD95 mm",
                "truth ml",
                "prediction ml",
                "cases",
                "missed",
                "invented");
        for (int label = 1; label <= report.classes().size(); label++) {
            int of = label;
            double[] dice = report.values(label, ClassScore::dice);
            table.row(
                    report.classes().get(label - 1),
                    percent(CountedMean.of(dice).mean()),
                    interval(CountedMean.interval(dice)),
                    percent(report.mean(label, ClassScore::iou).mean()),
                    percent(report.mean(label, ClassScore::nsd).mean()),
                    number(report.mean(label, ClassScore::hd95).mean()),
                    number(report.volume(label, ClassScore::truthMl)),
                    number(report.volume(label, ClassScore::predictionMl)),
                    String.valueOf(CountedMean.of(dice).count()),
                    String.valueOf(count(report, of, true)),
                    String.valueOf(count(report, of, false)));
        }
        table.row(
                "average",
                percent(report.mean(ClassScore::dice).mean()),
                interval(CountedMean.interval(report.cases().stream()
                        .mapToDouble(SegmentationScores.Case::dice)
                        .toArray())),
                percent(report.mean(ClassScore::iou).mean()),
                percent(report.mean(ClassScore::nsd).mean()),
                number(report.mean(ClassScore::hd95).mean()),
                "",
                "",
                String.valueOf(report.cases().size()),
                String.valueOf(report.missed()),
                String.valueOf(report.invented()));
        return table;
    }

    private static long count(SegmentationScores report, int label, boolean missed) {
        return report.cases().stream()
                .map(c -> c.score().classes().get(label - 1).overlap())
                .filter(overlap -> missed ? overlap.isMissed() : overlap.isInvented())
                .count();
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static String percent(double share) {
        return number(100 * share);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "–";
    }

    private static String interval(@Nullable Interval interval) {
        return interval == null ? "–" : percent(interval.low()) + " to " + percent(interval.high());
    }

    /** All of them as a page in Markdown. */
    String markdown() {
        StringBuilder text = new StringBuilder("# Dice in percent\n\n")
                .append(table(isWide()).toMarkdown());
        results.forEach((name, result) -> {
            text.append("\n## ")
                    .append(results.size() == 1 ? "Every measure" : name)
                    .append("\n\n");
            text.append(measures(result.report()).toMarkdown()).append('\n');
            result.problems()
                    .forEach(problem -> text.append("- ").append(problem).append('\n'));
            text.append('\n').append(sentence(name, result)).append('\n');
        });
        gains.forEach(gain -> text.append('\n').append(gain.sentence()).append('\n'));
        return text.append('\n').append(EvaluationReport.POLICY).append('\n').toString();
    }
}
