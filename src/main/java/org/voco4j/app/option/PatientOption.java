package org.voco4j.app.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose the scans are; a command adds it with {@code @Mixin}. */
public final class PatientOption {
    @Option(
            names = "--groups",
            paramLabel = "CSV",
            description = "Which files are of one patient: columns file_or_folder and patient, paths relative to it."
                    + " Without it every scan counts as a patient of its own.")
    private @Nullable Path groups;

    /** The list that says it; null if none is given. */
    public @Nullable Path groups() {
        return groups;
    }
}
