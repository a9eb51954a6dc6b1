package org.voco4j.app.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.Formats;
import picocli.CommandLine.Option;

/** Which series of a folder of DICOM files is meant; a command adds it with {@code @Mixin}. */
public final class SeriesOption {
    @Option(
            names = "--series",
            paramLabel = "UID",
            description = "Of a folder with several DICOM series, the one of this Series Instance UID or of this number"
                    + " in the list that a refusal of the folder gives.")
    private @Nullable String series;

    /**
     * What the scans given are, with the series chosen.
     *
     * @throws UsageException if there is no such series, or no folder to choose it in
     */
    public List<Path> of(List<Path> given) {
        return chosen(given, series);
    }

    /** The same for a series; null for the scans as given. */
    static List<Path> chosen(List<Path> given, @Nullable String wanted) {
        if (wanted == null) {
            return given;
        }
        if (given.size() != 1 || !Files.isDirectory(given.get(0))) {
            throw new UsageException("--series chooses in one folder of DICOM files");
        }
        try {
            return List.of(Formats.series(given.get(0), wanted));
        } catch (IOException e) {
            throw new UsageException("--series: " + FileReason.of(e), e);
        }
    }
}
