package org.voco4j.pretext;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Volume;

/**
 * A scan that is measured on and never trained on.
 *
 * @param name for tables
 * @param patient whose scan it is
 * @param stratum what it counts as, such as a part of the body; null where the data do not say
 * @param volume loads it, values in [0, 1]
 */
public record HeldOutScan(
        String name, String patient, @Nullable String stratum, Supplier<Volume> volume) {

    /** A scan of which the data do not say what it counts as. */
    public HeldOutScan(String name, String patient, Supplier<Volume> volume) {
        this(name, patient, null, volume);
    }

    /** How many patients scans are of. */
    public static int patients(List<HeldOutScan> scans) {
        return (int) scans.stream().map(HeldOutScan::patient).distinct().count();
    }
}
