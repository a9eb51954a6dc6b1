package org.voco4j.program.fewlabels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.run.RunJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one fine-tune came to; a line of {@code results.jsonl}.
 *
 * @param identity of everything the result depends on
 * @param arm the way of training, by its name
 * @param rates its learning rates
 * @param training the labelled torsos it was trained on
 * @param seed of its draws
 * @param scans the torsos it was measured on
 * @param dice for each of those, Dice of each class; null where neither truth nor prediction has it, or it is not counted
 * @param steps at which the loss is given
 * @param loss its mean since the step before
 * @param seconds of training and measuring
 */
public record FewLabelsResult(
        String identity,
        String arm,
        Arm.Rates rates,
        List<String> training,
        long seed,
        List<String> scans,
        List<List<Double>> dice,
        List<Double> steps,
        List<Double> loss,
        double seconds) {

    /** The same of an arm that may have another name by now. */
    FewLabelsResult of(String other) {
        return new FewLabelsResult(identity, other, rates, training, seed, scans, dice, steps, loss, seconds);
    }

    /**
     * By how much the mean Dice of the second arm is above that of the first, [S][C] by seed and scan.
     *
     * @throws IllegalStateException unless both have the same seeds and scans in the same order
     */
    public static double[][] differences(List<FewLabelsResult> from, List<FewLabelsResult> to) {
        if (from.size() != to.size()) {
            throw new IllegalStateException(from.size() + " and " + to.size() + " fine-tunes are no pairs");
        }
        double[][] differences = new double[from.size()][];
        for (int s = 0; s < differences.length; s++) {
            FewLabelsResult a = from.get(s);
            FewLabelsResult b = to.get(s);
            if (a.seed != b.seed || !a.scans.equals(b.scans)) {
                throw new IllegalStateException("the fine-tunes of " + a.arm + " and " + b.arm + " are no pairs");
            }
            double[] before = a.perScan();
            double[] after = b.perScan();
            differences[s] = IntStream.range(0, before.length)
                    .mapToDouble(c -> after[c] - before[c])
                    .toArray();
        }
        return differences;
    }

    /** How many labelled torsos it was trained on. */
    public int labels() {
        return training.size();
    }

    /**
     * The Dice of every class of every scan.
     *
     * @param partlyLabelled whether a class that the truth of a scan lacks is left out there whatever was predicted
     */
    static List<List<Double>> dice(List<SegmentationScores.Case> cases, boolean partlyLabelled) {
        return cases.stream()
                .map(one -> one.score().classes().stream()
                        .map(score -> partlyLabelled && score.truthMl() == 0 ? Double.NaN : score.dice())
                        .toList())
                .toList();
    }

    /** The mean Dice of each scan over its classes. */
    public double[] perScan() {
        return dice.stream().mapToDouble(FewLabelsResult::mean).toArray();
    }

    /** The mean over scans of the mean over classes. */
    public double mean() {
        return CountedMean.of(perScan()).mean();
    }

    /** The mean Dice of an arm at learning rates of a sweep; NaN where it has none at them. */
    public static double swept(List<FewLabelsResult> sweep, String arm, Arm.Rates rates) {
        return sweep.stream()
                .filter(result -> result.arm.equals(arm) && result.rates.equals(rates))
                .mapToDouble(FewLabelsResult::mean)
                .average()
                .orElse(Double.NaN);
    }

    /** Those of some learning rates with which an arm's mean Dice is highest in a sweep; the last where it has none at any. */
    public static Arm.Rates best(List<FewLabelsResult> sweep, String arm, List<Arm.Rates> rates) {
        return rates.stream()
                .max(Comparator.comparingDouble(pair -> {
                    double dice = swept(sweep, arm, pair);
                    return Double.isNaN(dice) ? Double.NEGATIVE_INFINITY : dice;
                }))
                .orElseThrow();
    }

    /** The mean Dice of a class, counted from 0 and without background, over the scans that have it. */
    public double ofClass(int index) {
        return mean(dice.stream().map(scan -> scan.get(index)).toList());
    }

    private static double mean(List<Double> values) {
        return CountedMean.of(values.stream().mapToDouble(Double::doubleValue).toArray())
                .mean();
    }

    /** The line, without its end. */
    String toLine() {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("arm", arm);
        line.put("labels", labels());
        line.put("seed", seed);
        line.put("lr", rates.lr());
        line.put("encoderRate", rates.encoder());
        RunJson.put(line, "meanDice", mean());
        ArrayNode names = line.putArray("training");
        training.forEach(names::add);
        ObjectNode byScan = line.putObject("dice");
        for (int s = 0; s < scans.size(); s++) {
            ArrayNode row = byScan.putArray(scans.get(s));
            put(row, dice.get(s));
        }
        put(line.putArray("steps"), steps);
        put(line.putArray("loss"), loss);
        line.put("seconds", seconds);
        line.put("identity", identity);
        return line.toString();
    }

    private static void put(ArrayNode array, List<Double> values) {
        values.forEach(value -> {
            if (value.isNaN()) {
                array.addNull(); // JSON has no NaN
            } else {
                array.add(value);
            }
        });
    }

    /**
     * Reads {@link #toLine}.
     *
     * @throws tools.jackson.core.JacksonException if it is not JSON
     */
    static FewLabelsResult ofLine(String text) {
        JsonNode line = JsonMapper.shared().readTree(text);
        List<String> scans = new ArrayList<>();
        List<List<Double>> dice = new ArrayList<>();
        line.path("dice").properties().forEach(entry -> {
            scans.add(entry.getKey());
            dice.add(numbers(entry.getValue()));
        });
        return new FewLabelsResult(
                line.path("identity").asString(""),
                line.path("arm").asString(""),
                new Arm.Rates(
                        line.path("lr").asDouble(), line.path("encoderRate").asDouble()),
                line.path("training")
                        .valueStream()
                        .map(name -> name.asString(""))
                        .toList(),
                line.path("seed").asLong(),
                scans,
                dice,
                numbers(line.path("steps")),
                numbers(line.path("loss")),
                line.path("seconds").asDouble());
    }

    private static List<Double> numbers(JsonNode array) {
        return array.valueStream()
                .map(value -> value.isNumber() ? value.doubleValue() : Double.NaN)
                .toList();
    }

    /** The mean of curves that were noted at the same steps, point by point. */
    public static double[] meanLoss(List<FewLabelsResult> results) {
        return IntStream.range(0, results.get(0).loss.size())
                .mapToDouble(i -> results.stream()
                        .mapToDouble(result -> result.loss.get(i))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }
}
