package org.voco4j.program.plan;

import java.util.Locale;
import org.voco4j.run.MemoryPlan;
import org.voco4j.run.TimeSpan;

/**
 * What a run will take.
 *
 * @param aroundSeconds starting, preparing scans, controls
 * @param stepSeconds one step
 * @param steps how many
 * @param lookSeconds one look at held-out scans
 * @param looks how many
 * @param peakBytes of memory
 */
public record PlanForecast(
        double aroundSeconds, double stepSeconds, int steps, double lookSeconds, int looks, long peakBytes) {
    /** All of it. */
    public double seconds() {
        return aroundSeconds + steps * stepSeconds + looks * lookSeconds;
    }

    /** The time for people. */
    public String timeWords() {
        return String.format(
                Locale.ROOT,
                "%s for %d steps of %.2f s, %d looks of %s and getting ready",
                TimeSpan.words(seconds()),
                steps,
                stepSeconds,
                looks,
                TimeSpan.words(lookSeconds));
    }

    /** The memory for people. */
    public String memoryWords() {
        return MemoryPlan.words(peakBytes);
    }
}
