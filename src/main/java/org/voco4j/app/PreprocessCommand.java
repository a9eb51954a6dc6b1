package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.app.option.SeriesOption;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.preprocess.Preprocess;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.Formats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco preprocess}: scans to files on the model's grid, and results from there to the scan's own. */
@Command(
        name = "preprocess",
        description =
                "Writes scans as they are trained on (RAS+, spacing, window to 0 … 1, foreground, size) with the way"
                        + " back, or brings a result back to the grid of the scan's own file.",
        footer = {
            "",
            "OUT gets ID.nii.gz and ID.preprocessing.json for each scan; what is there already",
            "and unchanged is kept. With --back the result takes the way in that file:",
            "  voco preprocess --back OUT/ID.preprocessing.json -i RESULT.nii.gz -o OWN_GRID.nii.gz",
            "Whole numbers from 0 to 255 go by nearest neighbours, other values are interpolated."
        })
final class PreprocessCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final SeriesOption series = new SeriesOption();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    @Option(
            names = {"-i", "--in"},
            required = true,
            paramLabel = "IN",
            description = "Scans: a folder, a Decathlon dataset.json or a file, as --data of pretrain; with --labels as"
                    + " that of finetune. Repeatable. With --back one result.")
    private List<Path> in = List.of();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "OUT",
            description = "The folder to write to; with --back the file (.nii.gz, .nrrd, .mha).")
    private Path out = Path.of("");

    @Option(
            names = "--labels",
            description = "Prepare label maps as well, with a recipe for finetune instead of one for pretrain.")
    private boolean labels;

    @Option(names = "--back", paramLabel = "JSON", description = "Bring a result back, by the record of its scan.")
    private @Nullable Path back;

    @Override
    public Integer call() throws IOException {
        return back == null ? prepare() : bringBack(back);
    }

    private int prepare() throws IOException {
        OutFolder.require("-o", out, "");
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        Preprocess.Outcome outcome = labels
                ? Preprocess.labelled(
                        series.of(in),
                        out,
                        recipe.load("finetune", null, common).bind(FinetuneRecipe.class),
                        common.threads(),
                        log)
                : Preprocess.images(
                        series.of(in),
                        out,
                        recipe.load("pretrain", null, common).bind(PretrainRecipe.class),
                        common.threads(),
                        log);
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", out.toString());
            document.put("written", outcome.written());
            document.put("kept", outcome.kept());
            document.put("failed", outcome.failed());
            terminal.document(document);
        }
        terminal.print(outcome.written().size() + " scans prepared in " + out
                + (outcome.kept() > 0 ? ", " + outcome.kept() + " were there" : "")
                + (outcome.failed().isEmpty() ? "" : ", " + outcome.failed().size() + " failed"));
        return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int bringBack(Path record) throws IOException {
        if (labels || in.size() != 1) {
            throw new UsageException("--back takes one result with -i, and no --labels");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (!Formats.any(2).writes(out) || Files.isDirectory(out) || folder == null || !Files.isDirectory(folder)) {
            throw new UsageException(
                    "-o: expected a file .nii.gz, .nii, .nrrd, .mha or (of a 2-D image) .png in a folder that exists, not "
                            + out);
        }
        Preprocess.bringBack(in.get(0), record, out);
        Terminal terminal = common.terminal();
        if (terminal.json()) {
            terminal.document(Map.of("out", out.toString()));
        }
        terminal.print("On the scan's own grid: " + out);
        return ExitCode.DONE;
    }
}
