package org.voco4j.run;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the CPU time of each step of a run that computes on one thread and tells of every step ({@code log.every=1}). Of what the run says only
 * warnings go on, with the run's name: many runs are on at a time.
 */
public final class StepClock implements RunLog {
    private final RunLog log;
    private final String run;
    private final List<Double> steps = new ArrayList<>();
    private @Nullable Double last;

    /** A clock of a run that has a name. */
    public StepClock(RunLog log, String run) {
        this.log = log;
        this.run = run;
    }

    /** CPU seconds of this thread, which computes alone; of the watch where the system does not count them. */
    public static double cpuSeconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return (threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : System.nanoTime())
                / 1e9;
    }

    /** CPU seconds of all steps but the first, which is not seen beginning, and the last, before whose end the run looks. */
    public List<Double> steps() {
        return steps;
    }

    @Override
    public void say(String sentence) {}

    @Override
    public void warn(String sentence) {
        log.warn(run + ": " + sentence);
    }

    @Override
    public void progress(int step, int of, double loss, double cropsPerSecond, double secondsLeft) {
        double now = cpuSeconds();
        if (last != null && step < of) {
            steps.add(now - last);
        }
        last = now;
    }

    @Override
    public void looked(Look look) {}
}
