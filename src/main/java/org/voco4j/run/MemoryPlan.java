package org.voco4j.run;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.network.Chunked;
import org.voco4j.recipe.UsageException;

/**
 * How many views go through the encoder at once, and what a step then takes: tried before the run starts.
 *
 * <p>Chunks of 1, 2, 4, … views go there and back, until the next one would pass the limit or one holds the whole step. A
 * view adds what the views before it added, so a chunk that is too large is not tried. What the process then held at most
 * is what the run will: the largest chunk is tried twice, the second time on top of its gradients, as a step has it.
 *
 * @param chunk views at once
 * @param ofAll views of a step
 * @param secondsPerStep from the last trial
 * @param peakBytes of memory
 */
public record MemoryPlan(int chunk, int ofAll, double secondsPerStep, long peakBytes) {
    private static final double SHARE = 0.9; // of the limit; looks, checkpoints and the Java heap need the rest

    /**
     * Tries, and sets the task's chunk.
     *
     * @param views of a step
     * @param fixed the chunk, where it is not to be chosen
     * @param resources what the process may take
     * @param clear forgets gradients
     * @throws UsageException if a single view already takes more, or a step that cannot go through in chunks
     */
    public static MemoryPlan of(Chunked task, int views, @Nullable Integer fixed, Resources resources, Runnable clear) {
        return of(task, views, fixed, resources, clear, Engine::peakResidentBytes);
    }

    /** The same with {@code peak} telling what the process held at most. */
    public static MemoryPlan of(
            Chunked task, int views, @Nullable Integer fixed, Resources resources, Runnable clear, LongSupplier peak) {
        int chunk = fixed == null ? views : Math.min(fixed, views);
        if (fixed == null && task.takesChunks() && resources.device().isCpu()) { // a card's memory is not the process's
            chunk = largest(task, views, resources.limit(), peak);
        } else {
            trial(task, chunk, views);
            if (fixed == null && resources.device().isCpu()) {
                require(peak.getAsLong(), "a step, which goes through as a whole,", "batch.volumes", resources.limit());
            }
        }
        long began = System.nanoTime();
        trial(task, chunk, views); // on top of gradients, as all chunks but the first are
        double seconds = (System.nanoTime() - began) / 1e9 * views / chunk;
        clear.run();
        if (chunk < views) {
            task.chunk(chunk);
        }
        return new MemoryPlan(chunk, views, seconds, peak.getAsLong());
    }

    private static void require(long peak, String what, String key, long allowed) {
        if (peak > SHARE * allowed) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "%s takes %s already, --max-memory allows %s; a smaller %s or network needs less",
                    what,
                    words(peak),
                    words(allowed),
                    key));
        }
    }

    private static int largest(Chunked task, int views, long allowed, LongSupplier measured) {
        long limit = (long) (SHARE * allowed);
        long before = measured.getAsLong();
        trial(task, 1, views);
        long peak = measured.getAsLong();
        require(peak, "a single crop at a time", "crop.size", allowed);
        int chunk = 1;
        long perView = peak - before; // the gradients too, so this is more than a second view will add
        while (chunk < views) {
            int next = Math.min(2 * chunk, views);
            if (peak + perView * (next - chunk) > limit) {
                return chunk;
            }
            trial(task, next, views);
            long now = measured.getAsLong();
            if (now > limit) {
                return chunk;
            }
            perView = (now - peak) / (next - chunk);
            peak = now;
            chunk = next;
        }
        return chunk;
    }

    private static void trial(Chunked task, int chunk, int views) {
        try (Scope scope = Scope.open()) {
            task.trial(chunk, chunk == views);
        }
    }

    /** The same with more memory. */
    public MemoryPlan withPeak(long bytes) {
        return new MemoryPlan(chunk, ofAll, secondsPerStep, bytes);
    }

    /** One line for the user. */
    public String sentence(int steps) {
        String more = chunk < ofAll ? ", " + chunk + " of " + ofAll + " crops at once" : "";
        return new RunForecast(secondsPerStep, peakBytes).sentence(steps, more);
    }

    public static String words(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
