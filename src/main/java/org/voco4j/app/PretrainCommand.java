package org.voco4j.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.GateReport;
import org.voco4j.recipe.FileScans;
import org.voco4j.recipe.Pretrain;
import org.voco4j.recipe.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.RunFolder;
import org.voco4j.recipe.TrainingScans;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco pretrain}: scans in, weights out, and a judgement whether they learned anything. */
@Command(
        name = "pretrain",
        description = "Pre-trains an encoder on unlabelled scans by volume contrast (VoCo).",
        footer = {
            "",
            "The run folder holds config.yaml, run.json, metrics.jsonl, TensorBoard events,",
            "progress.png, the latest and best checkpoint, and at the end model.safetensors.",
            "Exit code 3: the run finished, but the held-out scans say that it did not learn."
        })
final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "A folder of scans (searched recursively), a Decathlon json list, or a file. Repeatable.")
    private List<Path> data = List.of();

    @Option(
            names = "--groups",
            paramLabel = "CSV",
            description = "Which files are of one patient: columns file_or_folder and patient, paths relative to it."
                    + " Without it every scan counts as a patient of its own.")
    private @Nullable Path groups;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "The run folder.")
    private Path out = Path.of("");

    @Option(names = "--steps", paramLabel = "N", description = "Steps in all, instead of the recipe's.")
    private @Nullable Integer steps;

    @Option(names = "--resume", description = "Continue the run in RUN from its last checkpoint.")
    private boolean resume;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        RecipeTree tree = recipe.load("pretrain", "tiny", common);
        if (steps != null) {
            tree = tree.with(List.of("steps=" + steps));
        }
        PretrainRecipe bound = tree.bind(PretrainRecipe.class);
        Device device = Compute.prepare(common);
        try (RunFolder folder = RunFolder.open(out, tree, resume);
                StopSignal stop = new StopSignal(terminal)) {
            TrainingScans scans = FileScans.open(data, groups, bound, log);
            Pretrain.Outcome outcome = Pretrain.run(bound, scans, device, folder, log, stop);
            if (terminal.json()) {
                terminal.document(document(outcome));
            }
            return RunEnd.tell(terminal, out, bound, outcome);
        }
    }

    private Map<String, Object> document(Pretrain.Outcome outcome) {
        GateReport gate = outcome.gate();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", out.toString());
        document.put("state", outcome.state().name().toLowerCase(Locale.ROOT));
        document.put("steps", outcome.steps());
        document.put("seconds", outcome.seconds());
        document.put("verdict", gate == null ? null : gate.verdict().name().toLowerCase(Locale.ROOT));
        document.put("gate", gate == null ? null : gate.numbers());
        return document;
    }
}
