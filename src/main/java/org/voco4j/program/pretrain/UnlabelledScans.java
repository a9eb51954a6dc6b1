package org.voco4j.program.pretrain;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.scans.ScanSplit;
import org.voco4j.volume.Volume;

/**
 * What a run learns from and is measured on.
 *
 * @param training names of the scans to train on, in a fixed order
 * @param heldOut the scans to measure on
 * @param source makes the prepared volume of a training scan; called from several threads
 * @param digest identifies the data, so that a resume on other data is refused
 * @param split all scans with what tells their files from others; null where there are no files
 */
public record UnlabelledScans(
        List<String> training,
        List<HeldOutScan> heldOut,
        Source source,
        String digest,
        @Nullable ScanSplit split) {

    /** Scans that are no files. */
    public UnlabelledScans(List<String> training, List<HeldOutScan> heldOut, Source source, String digest) {
        this(training, heldOut, source, digest, null);
    }

    /** Names of the scans to measure on. */
    public List<String> heldOutNames() {
        return heldOut.stream().map(HeldOutScan::name).toList();
    }

    /** Makes prepared volumes. */
    @FunctionalInterface
    public interface Source {
        /** The volume of a scan, values in [0, 1]. */
        Volume volume(String scan) throws IOException, InterruptedException;
    }
}
