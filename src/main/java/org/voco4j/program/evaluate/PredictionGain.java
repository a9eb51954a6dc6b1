package org.voco4j.program.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.measure.statistics.PairedGain;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * By how much the mean Dice of one set of predictions lies above another's, case by case, over the cases that both have.
 *
 * @param of the one
 * @param against the other
 * @param gain the mean difference with the interval of the paired t test
 * @param bootstrap the percentile bootstrap interval of the same mean; null below 3 cases
 */
record PredictionGain(
        String of,
        String against,
        PairedGain gain,
        @Nullable Interval bootstrap) {

    /** Every set of predictions against the first; none where no case has a Dice in both. */
    static List<PredictionGain> againstFirst(Map<String, Evaluate.Result> results) {
        List<PredictionGain> gains = new ArrayList<>();
        String first = results.keySet().iterator().next();
        Map<String, Double> base = new LinkedHashMap<>();
        results.forEach((name, result) -> {
            if (name.equals(first)) {
                result.report().cases().forEach(c -> base.put(c.scan(), c.dice()));
                return;
            }
            double[] differences = result.report().cases().stream()
                    .mapToDouble(c -> c.dice() - base.getOrDefault(c.scan(), Double.NaN))
                    .filter(Double::isFinite)
                    .toArray();
            if (differences.length > 0) {
                gains.add(new PredictionGain(
                        name, first, PairedGain.of(new double[][] {differences}), CountedMean.interval(differences)));
            }
        });
        return gains;
    }

    /** For a JSON document; intervals that are not known are null. */
    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("of", of);
        json.put("against", against);
        json.put("cases", gain.cases());
        json.put("dice", gain.mean());
        Interval t = gain.interval();
        EvaluationReport.put(json, "interval", Double.isFinite(t.low()) ? t : null);
        EvaluationReport.put(json, "bootstrap", bootstrap);
        return json;
    }

    /** One line for people. */
    String sentence() {
        return of + " against " + against
                + String.format(Locale.ROOT, ": mean Dice %+.2f points", 100 * gain.mean())
                + String.format(
                        Locale.ROOT,
                        " (95 %% interval %+.2f to %+.2f by t",
                        100 * gain.interval().low(),
                        100 * gain.interval().high())
                + (bootstrap == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %+.2f to %+.2f by bootstrap",
                                100 * bootstrap.low(),
                                100 * bootstrap.high()))
                + ") over " + gain.cases() + " cases"
                + (gain.isCertain() || gain.interval().high() < 0 ? "." : ": not told apart.");
    }
}
