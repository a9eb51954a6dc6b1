package org.voco4j.pretext;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gate found.
 *
 * @param verdict in one word
 * @param finding in a sentence or two, with the numbers
 * @param causes why it may not have learned and what to try, the likeliest first; empty if it learned
 * @param numbers all measured numbers by name, in the order worth reading
 * @param task how well the task does what it asks; null where the gate measures all there is
 */
public record GateReport(
        Verdict verdict,
        String finding,
        List<String> causes,
        Map<String, Double> numbers,
        @Nullable PretextScore task) {

    /** The same with the task's own score; its numbers are {@code task.accuracy}, {@code task.accuracy.chance}, … */
    public GateReport with(@Nullable PretextScore score) {
        if (score == null) {
            return this;
        }
        Map<String, Double> more = new LinkedHashMap<>(numbers);
        String name = "task." + score.measure();
        more.put(name, score.trained());
        score.controls().forEach((control, value) -> more.put(name + "." + control, value));
        return new GateReport(verdict, finding + " Its own task: " + score.line() + ".", causes, more, score);
    }

    /** The numbers and the verdict in one line of a log. */
    public String line() {
        Map<String, Double> n = numbers;
        return String.format(
                Locale.ROOT,
                "place in another scan %.2f (chance %.2f, histogram %.2f, pixels %.2f, untrained %.2f),"
                        + " position R² %s, |cos| of bases %.2f, deviation %.2f%s: %s",
                n.getOrDefault("crossScan", Double.NaN),
                n.getOrDefault("chance", Double.NaN),
                n.getOrDefault("histogram", Double.NaN),
                n.getOrDefault("pixels", Double.NaN),
                n.getOrDefault("untrained", Double.NaN),
                position(n),
                n.getOrDefault("baseCosine", Double.NaN),
                n.getOrDefault("deviation", Double.NaN),
                task == null ? "" : "; " + task.line(),
                verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    private static String position(Map<String, Double> n) {
        double trained = n.getOrDefault("positionR2", Double.NaN);
        double untrained = n.getOrDefault("positionR2.untrained", Double.NaN);
        return Double.isNaN(trained)
                ? String.format(
                        Locale.ROOT, "not measurable with %.0f held-out patients", n.getOrDefault("patients", 0.0))
                : String.format(Locale.ROOT, "%.2f (untrained %.2f)", trained, untrained);
    }
}
