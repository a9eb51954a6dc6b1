package org.voco4j.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.app.option.PatientOption;
import org.voco4j.corpus.ScanFile;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.program.plan.FinetunePlan;
import org.voco4j.program.plan.Fingerprint;
import org.voco4j.program.plan.PlanForecast;
import org.voco4j.program.plan.PretrainPlan;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code voco plan}: what these scans are like, and a recipe for them and this machine. */
@Command(
        name = "plan",
        description =
                "Looks at scans and writes a pre-training recipe for them and this machine, with the time and memory"
                        + " that it will take; a few steps are tried for that. With labelled scans, a fine-tuning recipe too.")
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final PatientOption patients = new PatientOption();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    @Mixin
    private final MemoryOption memory = new MemoryOption();

    @Parameters(arity = "1..*", paramLabel = "DATA", description = "Folders of scans, Decathlon json lists or files.")
    private List<Path> data = List.of();

    @Option(
            names = "--labelled",
            paramLabel = "DATA",
            description = "Labelled scans to fine-tune on afterwards, as voco finetune takes them. Repeatable.")
    private List<Path> labelled = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = "plan.yaml",
            description =
                    "The recipe to write (default: ${DEFAULT-VALUE}); that for fine-tuning has -finetune in its name.")
    private Path out = Path.of("");

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "What pre-training may take on this machine, and all folds of fine-tuning together (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--force", description = "Replace FILE if it exists.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        for (Path file : labelled.isEmpty() ? List.of(out) : List.of(out, finetuneFile())) {
            if (Files.exists(file) && !force) {
                throw new UsageException("--out: " + file + " exists; --force replaces it");
            }
        }
        if (!(minutes > 0 && minutes < 1e6)) {
            throw new UsageException("--minutes must be above 0, not " + minutes);
        }
        Device device = LibtorchSetup.prepare(common);
        double started = Main.started();
        Fingerprint fingerprint = Fingerprint.of(data, patients.groups(), log);
        terminal.say("Data: " + fingerprint.sentence());
        PretrainPlan plan =
                PretrainPlan.of(data, patients.groups(), fingerprint, minutes, started, memory.resources(device), log);
        AtomicFile.write(out, plan.toFile(comment(), about(fingerprint, plan.forecast(), command())));
        terminal.print("Predicted: " + words(plan.forecast()));
        terminal.print("Recipe: " + out + "; train with: " + command());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("recipe", out.toString());
        document.put("fingerprint", fingerprint);
        document.put("predictedSeconds", plan.forecast().seconds());
        document.put("predictedBytes", plan.forecast().peakBytes());
        document.put("forecast", plan.forecast());
        if (!labelled.isEmpty()) {
            FinetunePlan tuning = FinetunePlan.of(
                    labelled, patients.groups(), plan, minutes / FinetunePlan.FOLDS, started, device, log);
            Path file = finetuneFile();
            AtomicFile.write(file, tuning.toFile(comment(), about(fingerprint, tuning.forecast(), finetuneCommand())));
            terminal.print("Predicted for each fold: " + words(tuning.forecast()));
            terminal.print("Recipe: " + file + "; train each fold F of 0 to " + (FinetunePlan.FOLDS - 1) + " with: "
                    + finetuneCommand());
            document.put("finetune", Map.of("recipe", file.toString(), "forecast", tuning.forecast()));
        }
        if (terminal.json()) {
            terminal.document(document);
        }
        return ExitCode.DONE;
    }

    private static String words(PlanForecast forecast) {
        return forecast.timeWords() + ", " + forecast.memoryWords() + " of memory.";
    }

    private Path finetuneFile() {
        String name = ScanFile.name(out);
        int dot = name.lastIndexOf('.');
        return out.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + "-finetune.yaml");
    }

    private String comment() {
        return "Proposed by voco plan, " + LocalDate.now(ZoneOffset.UTC)
                + ". Edit what you like: the predictions hold for it as it is.";
    }

    private Map<String, String> about(Fingerprint fingerprint, PlanForecast forecast, String command) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("name", "plan");
        about.put("command", command);
        about.put(
                "hardware",
                String.format(
                        Locale.ROOT,
                        "%d threads, %s %s",
                        common.threads(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch")));
        about.put("time", "predicted: " + forecast.timeWords());
        about.put("memory", "predicted: " + forecast.memoryWords());
        about.put("score", "not measured");
        about.put("source", "voco plan, for " + fingerprint.sentence());
        return about;
    }

    private String command() {
        return "voco pretrain" + options(data) + " --recipe " + quoted(out) + " --out RUN";
    }

    private String finetuneCommand() {
        return "voco finetune" + options(labelled) + " --weights RUN --recipe " + quoted(finetuneFile())
                + " --set data.folds=" + FinetunePlan.FOLDS + " --set data.fold=F --out FOLD_F";
    }

    private String options(List<Path> paths) {
        StringBuilder options = new StringBuilder();
        paths.forEach(path -> options.append(" --data ").append(quoted(path)));
        return options + (patients.groups() == null ? "" : " --groups " + quoted(patients.groups()));
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./@:+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
