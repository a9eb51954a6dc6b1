package org.voco4j.pretext;

import java.util.List;
import java.util.function.Supplier;
import org.voco4j.volume.Volume;

/**
 * A scan that is measured on and never trained on.
 *
 * @param name for tables
 * @param patient whose scan it is
 * @param volume loads it, values in [0, 1]
 */
public record HeldOutScan(String name, String patient, Supplier<Volume> volume) {

    /** How many patients scans are of. */
    public static int patients(List<HeldOutScan> scans) {
        return (int) scans.stream().map(HeldOutScan::patient).distinct().count();
    }
}
