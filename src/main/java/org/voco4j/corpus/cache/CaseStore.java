package org.voco4j.corpus.cache;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;

/**
 * Prepared cases on demand: read, prepared and rounded when first asked for, then kept up to a number of bytes,
 * those asked for longest ago leaving first.
 *
 * <p>Safe for any number of threads. Threads that ask for the same case at once wait for one of them to load it. What
 * is kept is what was handed out, so the budget never changes a value, only the time.
 *
 * @param <T> what a prepared case is
 */
public final class CaseStore<T> {

    /**
     * Makes a case.
     *
     * @param <T> what a prepared case is
     */
    @FunctionalInterface
    public interface Loader<T> {
        /**
         * The case of an id.
         *
         * @throws IOException if it cannot be read, with the file in the message
         */
        T load(String id) throws IOException;
    }

    private final Loader<T> loader;
    private final ToLongFunction<T> size;
    private final long budget;
    private final Map<String, Entry<T>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long loads;

    /**
     * An empty store.
     *
     * @param size the bytes that a case takes
     * @param budget the bytes that may be kept
     */
    public CaseStore(Loader<T> loader, ToLongFunction<T> size, long budget) {
        this.loader = loader;
        this.size = size;
        this.budget = budget;
    }

    /**
     * The case of an id.
     *
     * @throws IOException if it cannot be read or used, with the file in the message
     * @throws InterruptedException if interrupted while another thread loads it
     */
    public T get(String id) throws IOException, InterruptedException {
        Entry<T> entry;
        boolean first = false;
        synchronized (kept) {
            entry = kept.get(id);
            if (entry == null) {
                entry = new Entry<>();
                kept.put(id, entry);
                loads++;
                first = true;
            }
        }
        if (first) {
            load(id, entry);
        }
        try {
            return entry.made.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        }
    }

    /** How often a case had to be made. */
    public long loads() {
        synchronized (kept) {
            return loads;
        }
    }

    /** The bytes that are kept now. */
    public long keptBytes() {
        synchronized (kept) {
            return bytes;
        }
    }

    private void load(String id, Entry<T> entry) {
        try {
            T made = loader.load(id);
            synchronized (kept) {
                entry.bytes = size.applyAsLong(made);
                bytes += entry.bytes;
                evict();
            }
            entry.made.complete(made);
        } catch (IOException | RuntimeException | Error e) {
            synchronized (kept) {
                kept.remove(id); // the next one to ask tries again
            }
            entry.made.completeExceptionally(e);
        }
    }

    /** Lets go of what does not fit, asked for longest ago first; what is still being loaded stays. */
    private void evict() {
        var eldest = kept.values().iterator();
        while (bytes > budget && eldest.hasNext()) {
            long freed = eldest.next().bytes;
            if (freed > 0) {
                bytes -= freed;
                eldest.remove();
            }
        }
    }

    private static final class Entry<T> {
        final CompletableFuture<T> made = new CompletableFuture<>();
        long bytes; // 0 until loaded; guarded by kept
    }
}
