package org.voco4j.app;

import java.util.Locale;
import java.util.Map;
import org.voco4j.pretext.GateReport;
import org.voco4j.recipe.RunLog;
import org.voco4j.recipe.TimeSpan;

/** A run on the terminal: plain lines, so that they can be piped and kept. */
final class TerminalLog implements RunLog {
    private final Terminal terminal;

    TerminalLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void say(String sentence) {
        terminal.say(sentence);
    }

    @Override
    public void warn(String sentence) {
        terminal.warn("warning: " + sentence);
    }

    @Override
    public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {
        terminal.say(String.format(
                Locale.ROOT,
                "step %d/%d  loss %.4f  %s crops/s  %s left",
                step,
                steps,
                loss,
                String.format(Locale.ROOT, cropsPerSecond < 10 ? "%.2f" : "%.0f", cropsPerSecond),
                TimeSpan.words(secondsLeft)));
    }

    @Override
    public void gate(int step, GateReport report) {
        Map<String, Double> n = report.numbers();
        terminal.say(String.format(
                Locale.ROOT,
                "gate at step %d: place in another scan %.2f (chance %.2f, histogram %.2f, pixels %.2f, untrained %.2f),"
                        + " position R² %s, |cos| of bases %.2f, deviation %.2f: %s",
                step,
                n.getOrDefault("crossScan", Double.NaN),
                n.getOrDefault("chance", Double.NaN),
                n.getOrDefault("histogram", Double.NaN),
                n.getOrDefault("pixels", Double.NaN),
                n.getOrDefault("untrained", Double.NaN),
                position(n),
                n.getOrDefault("baseCosine", Double.NaN),
                n.getOrDefault("deviation", Double.NaN),
                report.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
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
