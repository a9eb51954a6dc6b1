package org.voco4j.volume;

/**
 * An intensity law: what becomes of the values of a scan before a network sees them. Grids stay as they are.
 *
 * <p>CT has a unit, so a fixed window serves every scan ({@link HuWindow}); MR has none, so the law is measured on each
 * scan ({@link ZScore}, {@link Percentiles}).
 */
public sealed interface Intensity permits HuWindow, ZScore, Percentiles {

    /**
     * The scan with new values.
     *
     * @throws IllegalArgumentException if a voxel is NaN or infinite, with their number
     */
    Channels apply(Channels scan);
}
