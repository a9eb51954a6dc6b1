package org.voco4j.engine.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Work in numbered parts, done by some threads; which thread does which part is open. */
final class Shares {
    private static final ExecutorService HELPERS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "voco-kernels");
        thread.setDaemon(true);
        return thread;
    });

    private Shares() {}

    /**
     * Does all parts and returns when they are done; this thread helps.
     *
     * @param worker what does a part, with memory of its own; asked for once by each thread
     * @throws RuntimeException if a part failed: what it threw, or a wrapper of it where another thread did that part
     */
    static void run(int parts, int threads, Supplier<IntConsumer> worker) {
        AtomicInteger next = new AtomicInteger();
        Runnable work = () -> {
            IntConsumer part = worker.get();
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                part.accept(i);
            }
        };
        List<CompletableFuture<Void>> helpers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(threads, parts); i++) {
                helpers.add(CompletableFuture.runAsync(work, HELPERS));
            }
            work.run();
        } finally {
            helpers.forEach(helper -> helper.handle((done, failure) -> done).join()); // nobody uses the memory any more
        }
        helpers.forEach(CompletableFuture::join);
    }
}
