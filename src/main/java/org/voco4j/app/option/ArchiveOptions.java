package org.voco4j.app.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.program.archive.DicomWeb;
import org.voco4j.program.archive.FetchSeries;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import picocli.CommandLine.Option;

/** From which archive a scan comes and results go to; a command adds it with {@code @Mixin}. */
public final class ArchiveOptions {
    @Option(
            names = "--dicomweb",
            paramLabel = "URL",
            description = "An archive's DICOMweb service, such as https://pacs.example/dicom-web, for --series and"
                    + " --store.")
    private @Nullable String url;

    @Option(
            names = "--series",
            paramLabel = "UID",
            description =
                    "The series of this UID: fetched from the archive, or without --dicomweb chosen in a folder with"
                            + " several, also by its number in the list that a refusal of the folder gives.")
    private @Nullable String series;

    @Option(
            names = "--study",
            paramLabel = "UID",
            description = "The series' study, for archives that find no series without it.")
    private @Nullable String study;

    @Option(names = "--store", description = "Store the results in the archive, as DICOM Segmentation objects.")
    private boolean store;

    /** Whether results are to be stored. */
    public boolean store() {
        return store;
    }

    /**
     * The archive; null if none is named.
     *
     * @param in what is named as scans
     * @throws UsageException if the options do not go together
     */
    public @Nullable DicomWeb archive(List<Path> in, RunLog log) {
        if (url == null) {
            if (study != null || store) {
                throw new UsageException("--study and --store are about an archive, which --dicomweb names");
            }
            return null;
        }
        if (series == null && (study != null || !store)) {
            throw new UsageException(
                    "--dicomweb: --series has to say what is fetched, or --store that results go there");
        }
        if (series != null && (in.size() != 1 || Files.isRegularFile(in.get(0)))) {
            throw new UsageException("-i: with --series expected one folder, which it is fetched to, found "
                    + String.join(", ", in.stream().map(Path::toString).toList()));
        }
        return DicomWeb.at(url, System.getenv(), log);
    }

    /**
     * What to segment: the series, fetched as far as it is not there or chosen in a folder, or what is named where none is
     * asked for.
     *
     * @throws IOException if it is not all there afterwards
     */
    public List<Path> scans(@Nullable DicomWeb archive, List<Path> in, RunLog log) throws IOException {
        if (archive == null || series == null) {
            return SeriesOption.chosen(in, series);
        }
        DicomWeb.Series wanted = study == null ? archive.series(series) : archive.series(study, series);
        FetchSeries.Outcome outcome = FetchSeries.run(archive, List.of(wanted), in.get(0), log);
        log.say(outcome.fetched() + " objects fetched, " + outcome.kept() + " were there");
        return List.of(outcome.series().get(0).folder());
    }

    /** Stores results; one that the archive has already stays as it is there. */
    public void store(@Nullable DicomWeb archive, List<Path> results, RunLog log) throws IOException {
        if (archive == null || !store) {
            return;
        }
        for (Path result : results) {
            log.say("Storing " + result);
            String warning = archive.store(result);
            if (!warning.isEmpty()) {
                log.warn("the archive changed " + result + " when it stored it, reason " + warning);
            }
        }
    }
}
