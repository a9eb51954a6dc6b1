package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.program.archive.DicomWeb;
import org.voco4j.program.archive.FetchSeries;
import org.voco4j.run.RunLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco fetch-series}: series of an archive to files. */
@Command(
        name = "fetch-series",
        description = "Fetches a study, or one series of it, from an archive by DICOMweb (QIDO-RS, WADO-RS).",
        footer = {
            "",
            "DIR gets a folder for each series, SERIES-UID/INSTANCE-UID.dcm, when all of it is",
            "there. After an interruption the same command fetches only what is missing.",
            "The login comes from the environment: VOCO_DICOMWEB_TOKEN (bearer), or",
            "VOCO_DICOMWEB_USER and VOCO_DICOMWEB_PASSWORD (basic)."
        })
final class FetchSeriesCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--dicomweb",
            required = true,
            paramLabel = "URL",
            description = "The archive's DICOMweb service, such as https://pacs.example/dicom-web.")
    private String url = "";

    @Option(names = "--study", required = true, paramLabel = "UID", description = "The study's UID.")
    private String study = "";

    @Option(names = "--series", paramLabel = "UID", description = "Only the series of this UID.")
    private @Nullable String series;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "The folder to write to.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        OutFolder.require("-o", out, "");
        Terminal terminal = common.terminal();
        RunLog log = new TerminalLog(terminal);
        DicomWeb archive = DicomWeb.at(url, System.getenv(), log);
        List<DicomWeb.Series> wanted =
                series == null ? archive.seriesOf(study) : List.of(archive.series(study, series));
        FetchSeries.Outcome outcome = FetchSeries.run(archive, wanted, out, log);
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", out.toString());
            List<Map<String, Object>> all = new ArrayList<>();
            for (FetchSeries.Fetched one : outcome.series()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("series", one.series().uid());
                entry.put("modality", one.series().modality());
                entry.put("folder", one.folder().toString());
                entry.put("instances", one.instances());
                all.add(entry);
            }
            document.put("series", all);
            document.put("fetched", outcome.fetched());
            document.put("kept", outcome.kept());
            document.put("bytes", outcome.bytes());
            terminal.document(document);
        }
        for (FetchSeries.Fetched one : outcome.series()) {
            terminal.print(one.series().modality() + " series of " + one.instances()
                    + (one.instances() == 1 ? " object: " : " objects: ") + one.folder());
        }
        terminal.print(String.format(
                Locale.ROOT,
                "%d fetched (%,d bytes), %d were there",
                outcome.fetched(),
                outcome.bytes(),
                outcome.kept()));
        return ExitCode.DONE;
    }
}
