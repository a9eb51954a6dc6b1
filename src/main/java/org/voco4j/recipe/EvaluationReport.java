package org.voco4j.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.ClassScore;
import org.voco4j.measure.CountedMean;
import org.voco4j.measure.Interval;
import org.voco4j.report.TextTable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files and tables of an evaluation: {@code summary.json}, {@code cases.csv}, {@code table.md}. */
public final class EvaluationReport {
    /** How what is absent counts, said with every table. */
    public static final String POLICY = "A class that neither truth nor prediction has is left out of a case's mean."
            + " Missed (in truth alone) and invented (in the prediction alone) classes count with Dice, IoU and NSD 0;"
            + " HD95 is not defined for them and left out of its mean, so read it with their numbers.";

    private static final int WIDE = 15; // classes that make a table too wide for a column each

    private static final Map<String, ToDoubleFunction<ClassScore>> MEASURES =
            Map.of("dice", ClassScore::dice, "iou", ClassScore::iou, "nsd", ClassScore::nsd, "hd95", ClassScore::hd95);

    private final Map<String, Evaluate.Result> results;
    private final Evaluate.Request request;
    private final List<PredictionGain> gains;

    /** The report of an evaluation. */
    public EvaluationReport(Evaluate.Request request, Map<String, Evaluate.Result> results) {
        this.request = request;
        this.results = results;
        this.gains = PredictionGain.againstFirst(results);
    }

    /** How many problems there were. */
    public int problems() {
        return results.values().stream()
                .mapToInt(result -> result.problems().size())
                .sum();
    }

    /** The summary of one prediction; of several each under its name in {@code predictions}, with {@code comparisons}. */
    public ObjectNode toJson() {
        if (results.size() == 1) {
            return summary(results.values().iterator().next());
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ObjectNode each = json.putObject("predictions");
        results.forEach((name, result) -> each.set(name, summary(result)));
        ArrayNode compared = json.putArray("comparisons");
        gains.forEach(gain -> compared.add(gain.toJson()));
        return json;
    }

    private ObjectNode summary(Evaluate.Result result) {
        SegmentationReport report = result.report();
        ObjectNode json = report.toJson();
        measures(
                json.withObject("mean"),
                measure -> report.cases().stream()
                        .mapToDouble(c -> c.score().mean(measure).mean())
                        .toArray());
        for (int label = 1; label <= report.classes().size(); label++) {
            int of = label;
            ObjectNode node = json.withObject("classes")
                    .withObject(pointer(report.classes().get(label - 1)));
            measures(node, measure -> values(report, of, measure));
            RunJson.put(node, "truthMl", volume(report, of, ClassScore::truthMl));
            RunJson.put(node, "predictionMl", volume(report, of, ClassScore::predictionMl));
        }
        for (SegmentationReport.Case one : report.cases()) {
            ObjectNode each =
                    json.withObject("cases").withObject(pointer(one.scan())).withObject("classes");
            for (ClassScore score : one.score().classes()) {
                RunJson.put(each.withObject(pointer(report.classes().get(score.label() - 1))), "iou", score.iou());
            }
        }
        json.put("missed", missed(report));
        json.put("invented", invented(report));
        json.put("grid", request.grid().name().toLowerCase(Locale.ROOT));
        json.put("toleranceMm", request.toleranceMm());
        json.put("policy", POLICY);
        json.put("prediction", result.predictions().toString());
        json.put("truth", request.truth().toString());
        json.set("problems", JsonMapper.shared().valueToTree(result.problems()));
        json.set("notes", JsonMapper.shared().valueToTree(result.notes()));
        return json;
    }

    /** A key as a JSON pointer; a name may hold slashes. */
    private static String pointer(String key) {
        return "/" + key.replace("~", "~0").replace("/", "~1");
    }

    private interface Values {
        double[] of(ToDoubleFunction<ClassScore> measure);
    }

    /** Puts the mean of every measure, and the interval of it. */
    private static void measures(ObjectNode node, Values values) {
        ObjectNode intervals = JsonMapper.shared().createObjectNode();
        for (String name : List.of("dice", "iou", "nsd", "hd95")) {
            double[] own = values.of(measure(name));
            RunJson.put(node, name, CountedMean.of(own).mean());
            put(intervals, name, CountedMean.interval(own));
        }
        node.set("interval", intervals);
    }

    private static ToDoubleFunction<ClassScore> measure(String name) {
        ToDoubleFunction<ClassScore> measure = MEASURES.get(name);
        if (measure == null) {
            throw new IllegalArgumentException("no measure " + name);
        }
        return measure;
    }

    static void put(ObjectNode node, String name, @Nullable Interval interval) {
        if (interval == null) {
            node.putNull(name);
        } else {
            node.putArray(name).add(interval.low()).add(interval.high());
        }
    }

    private static double[] values(SegmentationReport report, int label, ToDoubleFunction<ClassScore> measure) {
        return report.cases().stream()
                .mapToDouble(c -> measure.applyAsDouble(c.score().classes().get(label - 1)))
                .toArray();
    }

    /** The mean volume over the cases that have the class, in truth or prediction. */
    private static double volume(SegmentationReport report, int label, ToDoubleFunction<ClassScore> volume) {
        return CountedMean.of(values(
                        report, label, score -> Double.isNaN(score.dice()) ? Double.NaN : volume.applyAsDouble(score)))
                .mean();
    }

    private static int missed(SegmentationReport report) {
        return report.cases().stream().mapToInt(c -> c.score().missed()).sum();
    }

    private static int invented(SegmentationReport report) {
        return report.cases().stream().mapToInt(c -> c.score().invented()).sum();
    }

    /** What a terminal shows. */
    public List<String> lines() {
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
        SegmentationReport report = result.report();
        int cases = report.cases().size();
        int problems = result.problems().size();
        return (results.size() == 1 ? "" : name + ": ") + cases + (cases == 1 ? " case on " : " cases on ")
                + (request.model() == null ? "truth's grid" : "the model's grid") + ", " + missed(report)
                + " classes missed, " + invented(report) + " invented"
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
    private TextTable measures(SegmentationReport report) {
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
            double[] dice = values(report, label, ClassScore::dice);
            table.row(
                    report.classes().get(label - 1),
                    percent(CountedMean.of(dice).mean()),
                    interval(CountedMean.interval(dice)),
                    percent(report.mean(label, ClassScore::iou).mean()),
                    percent(report.mean(label, ClassScore::nsd).mean()),
                    number(report.mean(label, ClassScore::hd95).mean()),
                    number(volume(report, label, ClassScore::truthMl)),
                    number(volume(report, label, ClassScore::predictionMl)),
                    String.valueOf(CountedMean.of(dice).count()),
                    String.valueOf(count(report, of, true)),
                    String.valueOf(count(report, of, false)));
        }
        table.row(
                "average",
                percent(report.mean(ClassScore::dice).mean()),
                interval(CountedMean.interval(report.cases().stream()
                        .mapToDouble(SegmentationReport.Case::dice)
                        .toArray())),
                percent(report.mean(ClassScore::iou).mean()),
                percent(report.mean(ClassScore::nsd).mean()),
                number(report.mean(ClassScore::hd95).mean()),
                "",
                "",
                String.valueOf(report.cases().size()),
                String.valueOf(missed(report)),
                String.valueOf(invented(report)));
        return table;
    }

    private static long count(SegmentationReport report, int label, boolean missed) {
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

    /**
     * Writes the files; those of several predictions have them all.
     *
     * @throws IOException if one cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        AtomicFile.write(folder.resolve("summary.json"), toJson().toPrettyString() + "\n");
        AtomicFile.write(folder.resolve("cases.csv"), csv());
        AtomicFile.write(folder.resolve("table.md"), markdown());
    }

    private String markdown() {
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
        return text.append('\n').append(POLICY).append('\n').toString();
    }

    private String csv() {
        StringBuilder text = new StringBuilder(results.size() == 1 ? "" : "prediction,")
                .append("case,class,dice,iou,nsd,hd95,truthMl,predictionMl,state\n");
        results.forEach((name, result) -> {
            for (SegmentationReport.Case one : result.report().cases()) {
                for (ClassScore score : one.score().classes()) {
                    List<String> cells = new ArrayList<>();
                    if (results.size() > 1) {
                        cells.add(name);
                    }
                    cells.add(one.scan());
                    cells.add(result.report().classes().get(score.label() - 1));
                    for (double value : new double[] {
                        score.dice(), score.iou(), score.nsd(), score.hd95(), score.truthMl(), score.predictionMl()
                    }) {
                        cells.add(Double.isFinite(value) ? String.valueOf(value) : "");
                    }
                    cells.add(state(score));
                    text.append(CsvText.line(cells));
                }
            }
        });
        return text.toString();
    }

    private static String state(ClassScore score) {
        if (Double.isNaN(score.dice())) {
            return "absent";
        }
        return score.overlap().isMissed() ? "missed" : score.overlap().isInvented() ? "invented" : "both";
    }
}
