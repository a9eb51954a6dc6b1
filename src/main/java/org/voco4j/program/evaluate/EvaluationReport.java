package org.voco4j.program.evaluate;

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
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.run.CsvText;
import org.voco4j.run.RunJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files and tables of an evaluation: {@code summary.json}, {@code cases.csv}, {@code table.md}. */
public final class EvaluationReport {
    /** How what is absent counts, said with every table. */
    public static final String POLICY = "A class that neither truth nor prediction has is left out of a case's mean."
            + " Missed (in truth alone) and invented (in the prediction alone) classes count with Dice, IoU and NSD 0;"
            + " HD95 is not defined for them and left out of its mean, so read it with their numbers.";

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
        SegmentationScores report = result.report();
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
            measures(node, measure -> report.values(of, measure));
            RunJson.put(node, "truthMl", report.volume(of, ClassScore::truthMl));
            RunJson.put(node, "predictionMl", report.volume(of, ClassScore::predictionMl));
        }
        for (SegmentationScores.Case one : report.cases()) {
            ObjectNode each =
                    json.withObject("cases").withObject(pointer(one.scan())).withObject("classes");
            for (ClassScore score : one.score().classes()) {
                RunJson.put(each.withObject(pointer(report.classes().get(score.label() - 1))), "iou", score.iou());
            }
        }
        json.put("missed", report.missed());
        json.put("invented", report.invented());
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

    /** What a terminal shows. */
    public List<String> lines() {
        return new EvaluationTables(request, results, gains).lines();
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
        AtomicFile.write(folder.resolve("table.md"), new EvaluationTables(request, results, gains).markdown());
    }

    private String csv() {
        StringBuilder text = new StringBuilder(results.size() == 1 ? "" : "prediction,")
                .append("case,class,dice,iou,nsd,hd95,truthMl,predictionMl,state\n");
        results.forEach((name, result) -> {
            for (SegmentationScores.Case one : result.report().cases()) {
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
