package org.voco4j.pretext.voco;

/** What a momentum teacher is a second one of. */
public enum Teacher {
    /** There is none. */
    NONE,
    /** The whole network, as the CVPR paper's code has it: crops go through two encoders. */
    NETWORK,
    /** The projector, as TPAMI's code has it: one pass through the encoder serves both. */
    PROJECTOR
}
