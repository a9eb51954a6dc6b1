package org.voco4j.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.DataSet;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.recipe.Fingerprint;
import org.voco4j.recipe.PretrainPlan;
import org.voco4j.recipe.Resources;
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
                        + " that it will take; a few steps are tried for that.")
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common();

    @Parameters(arity = "1..*", paramLabel = "DATA", description = "Folders of scans, Decathlon json lists or files.")
    private List<Path> data = List.of();

    @Option(
            names = "--groups",
            paramLabel = "CSV",
            description = "Which files are of one patient: columns file_or_folder and patient, paths relative to it.")
    private @Nullable Path groups;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = "plan.yaml",
            description = "The recipe to write (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "60",
            description = "What the training may take on this machine (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "What it may take, such as 12G (default: half of this machine's memory).")
    private @Nullable Long maxMemory;

    @Option(names = "--force", description = "Replace FILE if it exists.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        if (Files.exists(out) && !force) {
            throw new UsageException("--out: " + out + " exists; --force replaces it");
        }
        if (!(minutes > 0 && minutes < 1e6)) {
            throw new UsageException("--minutes must be above 0, not " + minutes);
        }
        Device device = Compute.prepare(common);
        double started = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        Fingerprint fingerprint = Fingerprint.of(open(), log);
        terminal.say("Data: " + fingerprint.sentence());
        PretrainPlan plan =
                PretrainPlan.of(data, groups, fingerprint, minutes, started, new Resources(device, maxMemory), log);
        AtomicFile.write(out, plan.toFile(comment(), about(fingerprint, plan)));
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("recipe", out.toString());
            document.put("fingerprint", fingerprint);
            document.put("predictedSeconds", plan.forecast().seconds());
            document.put("predictedBytes", plan.forecast().peakBytes());
            document.put("forecast", plan.forecast());
            terminal.document(document);
        }
        terminal.print("Predicted: " + plan.forecast().timeWords() + ", "
                + plan.forecast().memoryWords() + " of memory.");
        terminal.print("Recipe: " + out + "; train with: " + command());
        return ExitCode.DONE;
    }

    private DataSet open() {
        try {
            return DataSet.open(data, groups);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private String comment() {
        return "Proposed by voco plan, " + LocalDate.now(ZoneOffset.UTC)
                + ". Edit what you like: the predictions hold for it as it is.";
    }

    private Map<String, String> about(Fingerprint fingerprint, PretrainPlan plan) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("name", "plan");
        about.put("command", command());
        about.put(
                "hardware",
                String.format(
                        Locale.ROOT,
                        "%d threads, %s %s",
                        common.threads(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch")));
        about.put("time", "predicted: " + plan.forecast().timeWords());
        about.put("memory", "predicted: " + plan.forecast().memoryWords());
        about.put("score", "not measured");
        about.put("source", "voco plan, for " + fingerprint.sentence());
        return about;
    }

    private String command() {
        StringBuilder command = new StringBuilder("voco pretrain");
        data.forEach(path -> command.append(" --data ").append(quoted(path)));
        if (groups != null) {
            command.append(" --groups ").append(quoted(groups));
        }
        return command.append(" --recipe ")
                .append(quoted(out))
                .append(" --out RUN")
                .toString();
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./@:+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
