package org.voco4j.recipe;

/**
 * What the user asked for cannot be done as asked: a wrong key, a folder without scans, a run that exists already.
 *
 * <p>The message is one sentence that stands alone: what, its value, what is allowed, which file or option. The command
 * line prints it and exits with code 2; every other exception is a failure of the program and exits with 1.
 */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A usage error described by one sentence. */
    public UsageException(String message) {
        super(message);
    }

    /** A usage error that another exception revealed. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
