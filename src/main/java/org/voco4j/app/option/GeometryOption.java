package org.voco4j.app.option;

import org.voco4j.volume.format.Formats;
import picocli.CommandLine.Option;

/** What becomes of DICOM series whose slices are no grid; a command that reads scans adds it with {@code @Mixin}. */
public final class GeometryOption {
    @Option(
            names = "--fix-geometry",
            defaultValue = "false",
            description = "Resample DICOM series with gaps, uneven distances or a tilted gantry onto an even grid,"
                    + " rather than refuse them.")
    void fix(boolean fix) {
        Formats.fixGeometry(fix);
    }
}
