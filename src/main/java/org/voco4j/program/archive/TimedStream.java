package org.voco4j.program.archive;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The body of an answer: what breaks it may pass, and so may a silence, which the JDK's client would bear for ever. */
final class TimedStream extends InputStream {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "voco-archive-clock");
        thread.setDaemon(true);
        return thread;
    });

    private final InputStream in;
    private final String from;
    private final Duration silence;
    private final AtomicBoolean silent = new AtomicBoolean();

    /**
     * Wraps a body.
     *
     * @param from whose it is, to begin a sentence with
     */
    TimedStream(InputStream in, String from, Duration silence) {
        this.in = in;
        this.from = from;
        this.silence = silence;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int at, int length) throws IOException {
        ScheduledFuture<?> alarm = CLOCK.schedule(this::giveUp, silence.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int read = in.read(bytes, at, length);
            if (!silent.get()) {
                return read;
            }
        } catch (IOException broken) {
            if (!silent.get()) {
                throw ArchiveFailure.passing(from + ": the transfer broke off, " + broken.getMessage(), broken);
            }
        } finally {
            alarm.cancel(false);
        }
        throw ArchiveFailure.passing(from + ": the transfer stood still for " + silence.toSeconds() + " s", null);
    }

    /** Ends the read that waits. */
    private void giveUp() {
        silent.set(true);
        try {
            in.close();
        } catch (IOException alreadyBroken) {
            // the read says so
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
