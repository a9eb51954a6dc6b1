package org.voco4j.run;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;

/**
 * What a run may use.
 *
 * @param device where it computes
 * @param maxMemory bytes that the process may take; null: half of the machine's
 */
public record Resources(Device device, @Nullable Long maxMemory) {
    private static final double DEFAULT_SHARE = 0.5;

    /** A device, and as much memory as a run takes when nothing is said. */
    public static Resources of(Device device) {
        return new Resources(device, null);
    }

    /** The bytes that the process may take. */
    public long limit() {
        if (maxMemory != null) {
            return maxMemory;
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? (long) (DEFAULT_SHARE * machine.getTotalMemorySize())
                : Long.MAX_VALUE;
    }
}
