package org.voco4j.pretext;

import java.util.function.Supplier;
import org.voco4j.volume.Volume;

/**
 * A scan that is measured on and never trained on.
 *
 * @param name for tables
 * @param volume loads it, values in [0, 1]
 */
public record HeldOutScan(String name, Supplier<Volume> volume) {}
