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
 * view adds what the views before it added, so a chunk that is too large is not tried, and those that would leave half of what is
 * free are passed over. What the process then held at most is what the run will: the largest chunk is tried
 * twice, on top of gradients, as a step has it: first uses of kernels and of Java's compilers do not show in the second time, and
 * the holes that the first leaves in the process's memory do.
 *
 * @param chunk views at once
 * @param ofAll views of a step
 * @param secondsPerStep from the last trial
 * @param peakBytes of memory
 */
public record MemoryPlan(int chunk, int ofAll, double secondsPerStep, long peakBytes) {
    private static final double SHARE =
            0.8; // of the limit; steps took up to 0.16 more than trials, looks and the Java heap among it

    /** A chunk, and the seconds that its trial took. */
    private record Tried(int chunk, double seconds) {}

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
        Engine.releaseUnused();
        Engine.forgetPeak(); // of preparing scans, and of what else the process did before
        return of(task, views, fixed, resources, clear, Engine::peakResidentBytes);
    }

    /** The same with {@code peak} telling what the process held at most. */
    public static MemoryPlan of(
            Chunked task, int views, @Nullable Integer fixed, Resources resources, Runnable clear, LongSupplier peak) {
        Tried tried;
        if (fixed == null && task.takesChunks() && resources.device().isCpu()) { // a card's memory is not the process's
            tried = largest(task, views, resources.limit(), peak);
        } else {
            tried = trial(task, fixed == null ? views : Math.min(fixed, views), views);
            if (fixed == null && resources.device().isCpu()) {
                require(peak.getAsLong(), "a step, which goes through as a whole,", "batch.volumes", resources.limit());
            }
        }
        int chunk = tried.chunk;
        double seconds = trial(task, chunk, views).seconds * views / chunk;
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

    private static Tried largest(Chunked task, int views, long allowed, LongSupplier measured) {
        long limit = (long) (SHARE * allowed);
        long before = measured.getAsLong();
        Tried tried = trial(task, 1, views);
        long peak = measured.getAsLong();
        require(peak, "a single crop at a time", "crop.size", allowed);
        long perView = peak - before; // the gradients too, so this is more than a second view will add
        while (tried.chunk < views) {
            int next = next(tried.chunk, views, limit - peak, perView);
            if (next == tried.chunk) {
                return tried;
            }
            Tried larger = trial(task, next, views);
            long now = measured.getAsLong();
            if (now > limit) {
                return tried;
            }
            perView = (now - peak) / (next - tried.chunk);
            peak = now;
            tried = larger;
        }
        return tried;
    }

    /** The largest chunk that would leave half of what is free; else twice this one, or this one where that is too much. */
    private static int next(int chunk, int views, long free, long perView) {
        int next = chunk;
        int candidate = Math.min(2 * chunk, views);
        long share = free;
        while (candidate > next && perView * (candidate - chunk) <= share) {
            next = candidate;
            candidate = Math.min(2 * candidate, views);
            share = free / 2;
        }
        return next;
    }

    private static Tried trial(Chunked task, int chunk, int views) {
        long began = System.nanoTime();
        try (Scope scope = Scope.open()) {
            task.trial(chunk, chunk == views);
        }
        return new Tried(chunk, (System.nanoTime() - began) / 1e9);
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
