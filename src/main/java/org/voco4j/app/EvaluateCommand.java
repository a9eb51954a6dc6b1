package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.program.evaluate.ClassificationEvaluation;
import org.voco4j.program.evaluate.Evaluate;
import org.voco4j.program.evaluate.EvaluationReport;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco evaluate}: how well label maps, or classifications, agree with truth. */
@Command(
        name = "evaluate",
        description =
                "Compares predicted label maps with the true ones: Dice, IoU, surface Dice (NSD), HD95 and volumes"
                        + " per class and case, means with intervals; or classifications in a .csv: accuracy, AUC, confusion.",
        footer = {
            "",
            "A prediction belongs to the truth of its name; words such as image and label do",
            "not count. Classes are called as labels.json beside the predictions or truth's",
            "dataset.json says, else by their values. OUT gets summary.json, cases.csv, table.md.",
            "Classifications: pred.csv has the columns case and one per class with its",
            "probability, truth.csv has case and class, or case and a column of 0 and 1 per class.",
            "Exit codes: 0 everything was compared, 1 something could not be, 2 wrong usage."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    @Option(
            names = "--pred",
            required = true,
            paramLabel = "[NAME=]DIR",
            description = "The predictions: a folder, a file, or a .csv of classifications. Repeatable with names, to"
                    + " compare all with the first.")
    private List<String> predictions = List.of();

    @Option(
            names = "--truth",
            required = true,
            paramLabel = "DIR",
            description = "The truth: a folder of label maps, a labelled data set as for --data of finetune, a file, or"
                    + " a .csv of classes.")
    private Path truth = Path.of("");

    @Option(
            names = "--labels",
            paramLabel = "L",
            description = "The classes in both: spleen=1,kidneys=2+3, a dataset.json, a fine-tuning recipe or a model.")
    private @Nullable String labels;

    @Option(
            names = "--tolerance",
            paramLabel = "MM",
            defaultValue = "2",
            description = "How far a surface may lie from the true one and still count as right, for NSD (default:"
                    + " ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--grid",
            paramLabel = "native|model",
            defaultValue = "native",
            description = "Compare on truth's own grid, or on that of the model (--weights), as training validates"
                    + " (default: ${DEFAULT-VALUE}).")
    private Evaluate.Grid grid = Evaluate.Grid.NATIVE;

    @Option(names = "--weights", paramLabel = "W", description = "The model whose grid is meant by --grid model.")
    private @Nullable Path weights;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "The scans, for --grid model where truth's list does not name them.")
    private @Nullable Path images;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            description = "The folder for summary.json, cases.csv and table.md (default: none is written).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
            throw new UsageException("-o: " + out + " is a file, expected a folder");
        }
        Map<String, Path> named = named();
        if (named.values().stream().anyMatch(EvaluateCommand::isTable)) {
            return classifications(named);
        }
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw new UsageException("--tolerance must be 0 mm or more and finite, not " + tolerance);
        }
        if ((grid == Evaluate.Grid.MODEL) != (weights != null) || (images != null && weights == null)) {
            throw new UsageException("--grid model, --weights and (with it) --images belong together: the model's file"
                    + " says what its grid is");
        }
        Terminal terminal = common.terminal();
        Evaluate.Request request =
                new Evaluate.Request(named, truth, labels, tolerance, weights, images, common.threads());
        EvaluationReport report = new EvaluationReport(request, Evaluate.run(request, new TerminalLog(terminal)));
        if (out != null) {
            report.write(out);
        }
        if (terminal.json()) {
            terminal.document(report.toJson());
        }
        report.lines().forEach(terminal::print);
        terminal.print(EvaluationReport.POLICY);
        return report.problems() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int classifications(Map<String, Path> named) throws IOException {
        if (named.size() > 1 || labels != null || weights != null || images != null) {
            throw new UsageException("--pred: a .csv of classifications is compared alone, with --truth and -o only");
        }
        Terminal terminal = common.terminal();
        ClassificationEvaluation report =
                ClassificationEvaluation.of(named.values().iterator().next(), truth);
        report.problems().forEach(terminal::warn);
        if (out != null) {
            report.write(out);
        }
        if (terminal.json()) {
            terminal.document(report.toJson());
        }
        report.lines().forEach(terminal::print);
        return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static boolean isTable(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    }

    /** What each prediction is called; a path that exists needs no name. */
    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        for (String each : predictions) {
            int at = each.indexOf('=');
            boolean hasName = at > 0 && !Files.exists(Path.of(each));
            String name = hasName ? each.substring(0, at) : each;
            if (named.put(name, Path.of(hasName ? each.substring(at + 1) : each)) != null) {
                throw new UsageException("--pred: '" + name + "' stands there twice; NAME=DIR gives another name");
            }
        }
        return named;
    }
}
