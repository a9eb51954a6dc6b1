package org.voco4j.pretext;

/** What became of a pre-training run, in one word. */
public enum Verdict {
    /** Cross-scan retrieval lies above chance and above the best control, its paired interval included. */
    LEARNED,
    /** Not above the best control, and too early to say that it will not be. */
    NOT_YET,
    /** Above the best control by a margin worth having, but the held-out patients are too few or vary too much to be sure of it. */
    UNDECIDED,
    /** Enough steps, but retrieval is not above the best control. */
    NOT_ABOVE_CONTROLS,
    /** Features are all alike: there is nothing left to tell positions apart. */
    COLLAPSED,
    /** The loss did not fall, and retrieval is not above the controls. */
    FLAT_LOSS,
    /** The loss is no longer a finite number. */
    DIVERGED
}
