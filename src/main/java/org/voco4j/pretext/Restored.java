package org.voco4j.pretext;

import org.voco4j.volume.Volume;

/**
 * A held-out crop that a network restored, values in [0, 1].
 *
 * @param given what the network saw
 * @param found what it made of it
 * @param truth the crop as it was
 */
public record Restored(Volume given, Volume found, Volume truth) {}
