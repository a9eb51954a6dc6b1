package org.voco4j.program.archive;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An archive that did not do what it was asked to: one sentence, and whether asking again may help. */
final class ArchiveFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean passing;
    private final @Nullable Duration after;

    private ArchiveFailure(String sentence, @Nullable Throwable cause, boolean passing, @Nullable Duration after) {
        super(sentence, cause);
        this.passing = passing;
        this.after = after;
    }

    /** One that stays. */
    static ArchiveFailure lasting(String sentence) {
        return new ArchiveFailure(sentence, null, false, null);
    }

    static ArchiveFailure lasting(String sentence, Throwable cause) {
        return new ArchiveFailure(sentence, cause, false, null);
    }

    /** One that may pass: a broken connection, an archive that is busy. */
    static ArchiveFailure passing(String sentence, @Nullable Throwable cause) {
        return new ArchiveFailure(sentence, cause, true, null);
    }

    /** The same of an archive that may say how long it will be. */
    static ArchiveFailure busy(String sentence, @Nullable Duration after) {
        return new ArchiveFailure(sentence, null, true, after);
    }

    boolean isPassing() {
        return passing;
    }

    /** When the archive wants to be asked again; null if it does not say. */
    @Nullable
    Duration after() {
        return after;
    }
}
