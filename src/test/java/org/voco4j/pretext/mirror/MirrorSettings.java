package org.voco4j.pretext.mirror;

/**
 * The keys of the method.
 *
 * @param crops of a scan
 * @param hidden numbers between pooled features and classes
 */
record MirrorSettings(int crops, int hidden) {
    MirrorSettings {
        if (crops < 1 || hidden < 1) {
            throw new IllegalArgumentException(
                    "pretext.crops and hidden must be at least 1, not " + crops + " and " + hidden);
        }
    }
}
