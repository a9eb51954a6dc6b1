package org.voco4j.app;

import java.util.Locale;
import org.voco4j.run.Look;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

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
    public void looked(Look look) {
        terminal.say(look.kind() + " at step " + look.step() + ": " + look.finding());
    }
}
