package org.voco4j.app;

/** How the program ends: one number per outcome, for scripts. */
final class ExitCode {

    /** Everything asked for is done. */
    static final int DONE = 0;

    /** The program failed. */
    static final int FAILED = 1;

    /** The files compared differ; the same number as for a failure, as {@code diff} has it. */
    static final int DIFFERENT = 1;

    /** The command, an option, a recipe or the data do not allow what was asked. */
    static final int USAGE = 2;

    /** The run finished, but the gate found that it did not learn. */
    static final int NOT_LEARNED = 3;

    /** Stopped by Ctrl-C with the state saved: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    /** Stopped by SIGTERM with the state saved: 128 + SIGTERM. */
    static final int TERMINATED = 143;

    private ExitCode() {}
}
