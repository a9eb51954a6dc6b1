package org.voco4j.program.archive;

import java.time.Duration;

/**
 * How long to wait for an archive.
 *
 * @param connect for a connection
 * @param silence for the first or the next byte of an answer
 * @param pause before the second attempt; twice as long before each further one
 */
record Patience(Duration connect, Duration silence, Duration pause) {
    private static final int ATTEMPTS = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final long SLOWEST = 1 << 15; // bytes a second that a line takes at least

    /** What suits archives in a house and those far away. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofSeconds(1));

    /** Whether there is another attempt after so many. */
    boolean again(int attempts) {
        return attempts < ATTEMPTS;
    }

    /** The pause after so many attempts, unless the archive says another. */
    Duration pause(int attempts, ArchiveFailure failure) {
        Duration said = failure.after();
        Duration wanted = said == null ? pause.multipliedBy(1L << (attempts - 1)) : said;
        return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
    }

    /** Until an answer begins, when so many bytes have to be sent first. */
    Duration answer(long bytes) {
        return silence.plusSeconds(bytes / SLOWEST);
    }
}
