package org.voco4j.program.fewlabels;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;

/**
 * Jobs that are done some at a time, each on a thread of its own that computes on that one alone.
 *
 * @param runs how many at a time
 * @param stop asked by the jobs; once true, they end without a result
 */
public record Abreast(int runs, BooleanSupplier stop) {

    /**
     * One job.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Job<T> {
        /**
         * Does it.
         *
         * @param halt asked after every step; once true, it is to end
         * @return null if it was stopped
         */
        @Nullable
        T run(BooleanSupplier halt) throws IOException, InterruptedException;
    }

    /**
     * Does jobs in their order; once one fails the others are stopped, and its failure is thrown.
     *
     * @return what came of each, in their order; null for one that was stopped
     */
    public <T> List<@Nullable T> all(List<? extends Job<T>> jobs) throws IOException, InterruptedException {
        int threads = Engine.threads();
        AtomicBoolean failed = new AtomicBoolean();
        BooleanSupplier halt = () -> stop.getAsBoolean() || failed.get();
        ExecutorService workers = Executors.newFixedThreadPool(runs);
        try {
            List<Future<@Nullable T>> all = new ArrayList<>();
            for (Job<T> job : jobs) {
                all.add(workers.submit(() -> {
                    Engine.threads(1);
                    try {
                        return job.run(halt);
                    } catch (Exception | Error e) {
                        failed.set(true);
                        throw e;
                    }
                }));
            }
            List<@Nullable T> results = new ArrayList<>();
            ExecutionException failure = null;
            for (Future<@Nullable T> one : all) {
                try {
                    results.add(one.get());
                } catch (ExecutionException e) {
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw unwrapped(failure);
            }
            return results;
        } finally {
            workers.shutdownNow();
            Engine.threads(threads); // what a worker sets would hold for threads to come
        }
    }

    private static IOException unwrapped(ExecutionException failure) throws InterruptedException {
        Throwable cause = failure.getCause();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }
}
