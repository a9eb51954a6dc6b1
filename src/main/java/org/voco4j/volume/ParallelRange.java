package org.voco4j.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Work on the numbers 0 … n − 1 that some threads share: each takes the next piece when it is done with the last. What is
 * done with a number must not depend on who does it.
 */
public final class ParallelRange {
    private static final int PIECES = 8; // per thread, so that none waits long for the slowest

    private ParallelRange() {}

    /** One number after the other. */
    public static void each(int count, int threads, Supplier<IntConsumer> worker) {
        run(count, 1, threads, worker);
    }

    /** In blocks of neighbours, for work that goes on from the number before. */
    static void blocks(int count, int threads, Supplier<IntConsumer> worker) {
        run(count, threads == 1 ? count : Math.max(1, count / (PIECES * threads)), threads, worker);
    }

    /**
     * The work itself; returns when all of it is done.
     *
     * @param worker makes what one thread works with
     */
    private static void run(int count, int block, int threads, Supplier<IntConsumer> worker) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable work = () -> {
            try {
                IntConsumer own = worker.get();
                for (int from = next.getAndAdd(block); from < count; from = next.getAndAdd(block)) {
                    for (int i = from; i < Math.min(from + block, count); i++) {
                        own.accept(i);
                    }
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(count);
            }
        };
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, count); i++) {
            Thread thread = new Thread(work, "voco-planes");
            thread.setDaemon(true);
            thread.start();
            others.add(thread);
        }
        work.run();
        others.forEach(ParallelRange::await);
        if (failure.get() instanceof Error error) {
            throw error;
        }
        if (failure.get() instanceof RuntimeException unchecked) {
            throw unchecked;
        }
    }

    /** The others write into the same arrays, so an interruption has to wait for them. */
    private static void await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
