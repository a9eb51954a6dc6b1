package org.voco4j.downstream.segment;

/** Follows a prediction. */
@FunctionalInterface
public interface Progress {
    /** Told on the predicting thread after every window; what it throws ends the prediction. */
    void windows(int done, int of);
}
