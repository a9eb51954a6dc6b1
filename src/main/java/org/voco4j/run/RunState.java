package org.voco4j.run;

/** How a run ended. */
public enum RunState {
    /** All steps were taken. */
    FINISHED,
    /** It was asked to stop, and saved. */
    STOPPED
}
