package org.voco4j.recipe;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;

/**
 * What a run may use.
 *
 * @param device where it computes
 * @param maxMemory bytes that the process may take; null: three quarters of the machine's
 */
public record Resources(Device device, @Nullable Long maxMemory) {

    /** A device, and as much memory as a run takes when nothing is said. */
    public static Resources of(Device device) {
        return new Resources(device, null);
    }
}
