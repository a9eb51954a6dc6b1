package org.voco4j.app;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.voco4j.engine.tensor.Engine;

/**
 * Ctrl-C and SIGTERM while a run is on: the run is asked to stop, and the process ends only when it has saved.
 *
 * <p>The exit code is then the signal's own, 130 or 143: the virtual machine ends itself after this hook.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean asked;

    /** For a run with a state to save. */
    StopSignal(Terminal terminal) {
        this(terminal, "Stopping after this step; the state is being saved.");
    }

    /** For work that says something else when it is asked to stop. */
    StopSignal(Terminal terminal, String words) {
        hook = new Thread(
                () -> {
                    asked = true;
                    terminal.warn(words);
                    try {
                        saved.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Engine.ending(); // again, after everything that was saved meanwhile
                },
                "voco-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the run is to stop. */
    @Override
    public boolean getAsBoolean() {
        return asked;
    }

    /** The run is over: from now on a signal ends the process at once. */
    @Override
    public void close() {
        saved.countDown();
        if (!asked) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyShuttingDown) {
                saved.countDown();
            }
        }
    }
}
