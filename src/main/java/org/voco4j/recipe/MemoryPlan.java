package org.voco4j.recipe;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.PretextTask;

/**
 * How many views go through the encoder at once, and what a step then takes: tried before the run starts.
 *
 * <p>Chunks of 1, 2, 4, … views go there and back, until the next one would pass the limit or one holds the whole step. A
 * doubling adds twice what the doubling before it added, so a chunk that is too large is never tried. What the process
 * then held at most is what the run will: the largest chunk is tried twice, as a step has it, on top of its gradients.
 *
 * @param chunk views at once
 * @param ofAll views of a step
 * @param secondsPerStep from the last trial
 * @param peakBytes of memory
 */
record MemoryPlan(int chunk, int ofAll, double secondsPerStep, long peakBytes) {
    private static final double DEFAULT_SHARE = 0.75;

    /** What a run may take when nothing is said: three quarters of this machine's memory. */
    static long defaultLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? (long) (DEFAULT_SHARE * machine.getTotalMemorySize())
                : Long.MAX_VALUE;
    }

    /**
     * Tries, and sets the task's chunk.
     *
     * @param views of a step
     * @param fixed the chunk, where it is not to be chosen
     * @param limit bytes that the process may take
     * @param clear forgets gradients
     * @throws UsageException if a single view already takes more
     */
    static MemoryPlan of(PretextTask task, int views, @Nullable Integer fixed, long limit, Runnable clear) {
        int chunk = fixed != null ? Math.min(fixed, views) : task.takesChunks() ? largest(task, views, limit) : views;
        long began = 0;
        for (int i = 0; i < 2; i++) {
            began = System.nanoTime();
            trial(task, chunk, views);
        }
        double seconds = (System.nanoTime() - began) / 1e9 * views / chunk;
        clear.run();
        if (chunk < views) {
            task.chunk(chunk);
        }
        return new MemoryPlan(chunk, views, seconds, Engine.peakResidentBytes());
    }

    private static int largest(PretextTask task, int views, long limit) {
        trial(task, 1, views);
        long peak = Engine.peakResidentBytes();
        if (peak > limit) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "a single crop at a time takes %s already, --max-memory allows %s; a smaller crop.size or network needs less",
                    words(peak),
                    words(limit)));
        }
        int chunk = 1;
        long added = 0;
        while (chunk < views) {
            int next = Math.min(2 * chunk, views);
            if (peak + 2 * added > limit) {
                return chunk;
            }
            trial(task, next, views);
            long now = Engine.peakResidentBytes();
            if (now > limit) {
                return chunk;
            }
            added = now - peak;
            peak = now;
            chunk = next;
        }
        return chunk;
    }

    private static void trial(PretextTask task, int chunk, int views) {
        try (Scope scope = Scope.open()) {
            task.trial(chunk, chunk == views);
        }
    }

    /** One line for the user. */
    String sentence(int steps) {
        return String.format(
                Locale.ROOT,
                "Predicted: %.2f s per step, about %s for %d steps (looks at held-out scans come on top), %s of memory%s.",
                secondsPerStep,
                TimeSpan.words(secondsPerStep * steps),
                steps,
                words(peakBytes),
                chunk < ofAll ? ", " + chunk + " of " + ofAll + " crops at once" : "");
    }

    static String words(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
