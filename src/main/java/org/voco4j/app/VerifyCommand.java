package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.app.option.PatientOption;
import org.voco4j.app.option.SeriesOption;
import org.voco4j.corpus.verify.Check;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.corpus.verify.Verification;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code voco verify}: reads every file of a data set and says what is wrong, before it is trained on. */
@Command(
        name = "verify",
        description = "Reads every file of a data set to the last voxel and says what is wrong with it: file, what was"
                + " expected, what was found, what to do. Nothing is changed.",
        footer = {
            "",
            "A label map belongs to the image that a list names with it; else to the only",
            "image in its folder, or below it, or in the folder above. Of several it is the",
            "one of its name, else the one with most words of it, else the one on its grid.",
            "Exit codes: 0 nothing that breaks training, 1 errors were found, 2 wrong usage."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final double SILENT = 2; // seconds between lines of progress

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final PatientOption patients = new PatientOption();

    @Mixin
    private final SeriesOption series = new SeriesOption();

    @Parameters(
            paramLabel = "DATA",
            arity = "1..*",
            description =
                    "Folders of scans and label maps (searched recursively), Decathlon dataset.json lists, or files,"
                            + " as for --data of pretrain and finetune.")
    private List<Path> data = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = common.terminal();
        long began = System.nanoTime();
        double[] said = {0};
        Verification found;
        try {
            found = Verification.run(series.of(data), patients.groups(), common.threads(), (done, files, left) -> {
                double seconds = (System.nanoTime() - began) * 1e-9;
                if (seconds - said[0] >= SILENT) {
                    said[0] = seconds;
                    terminal.say("Read " + done + " of " + files + " files, about " + TimeSpan.words(left) + " left");
                }
            });
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
        double seconds = (System.nanoTime() - began) * 1e-9;
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("data", data.stream().map(Path::toString).toList());
            document.put("threads", common.threads());
            document.put("seconds", seconds);
            document.putAll(found.document());
            terminal.document(document);
        }
        found.checks().stream().map(Check::line).forEach(terminal::print);
        terminal.print("Read " + found.read() + " in " + TimeSpan.words(seconds) + ": " + found.count(Level.ERROR)
                + " errors, " + found.count(Level.WARNING) + " warnings, " + found.count(Level.NOTE) + " notes.");
        return found.count(Level.ERROR) == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
}
