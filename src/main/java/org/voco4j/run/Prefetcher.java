package org.voco4j.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items for step = from, from + 1, … made ahead of time by worker threads and handed out in order.
 *
 * <p>An item is a function of its step alone, so neither the number of workers nor the depth can change what comes out.
 * At most {@code depth} items are made or waiting at a time. A failure surfaces at the {@link #next()} whose item
 * failed, as it was thrown. One thread takes; workers are daemon threads that {@link #close()} ends.
 *
 * @param <T> what an item is
 */
public final class Prefetcher<T> implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2000; // to wait for a worker that does not heed its interrupt

    /**
     * Makes the item of a step; called from several threads.
     *
     * @param <T> what an item is
     */
    @FunctionalInterface
    public interface Source<T> {
        /**
         * The item of a step.
         *
         * @throws IOException if data cannot be read
         * @throws InterruptedException if the prefetcher was closed meanwhile
         */
        T make(long step) throws IOException, InterruptedException;
    }

    private record Made<T>(@Nullable T item, @Nullable Throwable failure) {}

    private final Source<T> source;
    private final int depth;
    private final List<Thread> workers = new ArrayList<>();
    private final Object lock = new Object();
    private final Map<Long, Made<T>> made = new HashMap<>(); // the fields from here on are guarded by lock
    private long toMake;
    private long toTake;
    private boolean closed;

    /**
     * Starts making items.
     *
     * @param source makes an item; must not depend on anything but the step
     * @param from the first step
     * @param workers the number of threads; 0 makes each item when it is asked for, on the asking thread
     * @param depth how many items may be ahead, at least 1
     */
    public Prefetcher(Source<T> source, long from, int workers, int depth) {
        if (workers < 0 || depth < 1) {
            throw new IllegalArgumentException(
                    "expected 0 or more workers and a depth of at least 1, not " + workers + " and " + depth);
        }
        this.source = source;
        this.depth = depth;
        toMake = from;
        toTake = from;
        for (int i = 0; i < workers; i++) {
            Thread worker = new Thread(this::work, "voco-loader-" + i);
            worker.setDaemon(true);
            this.workers.add(worker);
        }
        this.workers.forEach(Thread::start);
    }

    /**
     * The item of the next step, waiting for it if it is not ready.
     *
     * @throws IOException as the source threw it; so are unchecked exceptions and errors
     * @throws IllegalStateException if closed
     */
    public T next() throws IOException, InterruptedException {
        Made<T> next;
        long step;
        synchronized (lock) {
            requireOpen();
            if (!workers.isEmpty()) {
                while (!made.containsKey(toTake)) {
                    lock.wait();
                    requireOpen();
                }
            }
            next = made.remove(toTake);
            step = toTake++;
            lock.notifyAll();
        }
        if (next == null) {
            return source.make(step);
        }
        if (next.item != null) {
            return next.item;
        }
        if (next.failure instanceof IOException io) {
            throw io;
        }
        if (next.failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (next.failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) next.failure;
    }

    /** Stops the workers, interrupting what they are doing. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            made.clear();
            lock.notifyAll();
        }
        workers.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
        for (Thread worker : workers) {
            try {
                worker.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this prefetcher is closed");
        }
    }

    private void work() {
        while (true) {
            long step;
            synchronized (lock) {
                try {
                    while (!closed && toMake >= toTake + depth) {
                        lock.wait();
                    }
                } catch (InterruptedException e) {
                    return;
                }
                if (closed) {
                    return;
                }
                step = toMake++;
            }
            Made<T> result = make(step);
            synchronized (lock) {
                if (closed) {
                    return;
                }
                made.put(step, result);
                lock.notifyAll();
            }
        }
    }

    private Made<T> make(long step) {
        try {
            return new Made<>(source.make(step), null);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            return new Made<>(null, e);
        }
    }
}
