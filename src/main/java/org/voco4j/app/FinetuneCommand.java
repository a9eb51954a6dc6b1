package org.voco4j.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.recipe.Finetune;
import org.voco4j.recipe.FinetuneRecipe;
import org.voco4j.recipe.LabelledFiles;
import org.voco4j.recipe.LabelledScans;
import org.voco4j.recipe.Pretrain;
import org.voco4j.recipe.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.RunFolder;
import org.voco4j.recipe.SegmentationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco finetune}: labelled scans and perhaps pre-trained weights in, a segmentation network out. */
@Command(
        name = "finetune",
        description = "Trains a segmentation network on labelled scans, from pre-trained weights or from scratch.",
        footer = {
            "",
            "The run folder holds config.yaml, run.json, metrics.jsonl, TensorBoard events,",
            "progress.png, the latest and best checkpoint, and at the end model.safetensors",
            "and summary.json (Dice, NSD and HD95 per class and scan)."
        })
final class FinetuneCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "A Decathlon dataset.json, a folder with imagesTr and labelsTr, or a folder of scans with"
                    + " their label maps in labels/ under the same names. Repeatable.")
    private List<Path> data = List.of();

    @Option(
            names = "--groups",
            paramLabel = "CSV",
            description = "Which files are of one patient: columns file_or_folder and patient, paths relative to it."
                    + " Without it every scan counts as a patient of its own.")
    private @Nullable Path groups;

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "What to begin with: the folder of a finished pre-training run, or a .safetensors file."
                    + " Without it training begins from scratch.")
    private @Nullable Path weights;

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
        RecipeTree tree = recipe.load("finetune", "tiny", common);
        if (steps != null) {
            tree = tree.with(List.of("steps=" + steps));
        }
        FinetuneRecipe bound = tree.bind(FinetuneRecipe.class);
        Device device = Compute.prepare(common);
        PretrainedWeights begin = weights == null ? null : PretrainedWeights.read(weights);
        try (RunFolder folder = RunFolder.open(out, tree, resume);
                StopSignal stop = new StopSignal(terminal)) {
            LabelledScans scans = LabelledFiles.open(data, groups, bound, log);
            Finetune.Outcome outcome = Finetune.run(bound, scans, begin, device, folder, log, stop);
            if (terminal.json()) {
                terminal.document(document(outcome));
            }
            if (outcome.state() == Pretrain.State.STOPPED) {
                return RunEnd.stopped(terminal, outcome.steps());
            }
            SegmentationReport report = outcome.report();
            if (report != null) {
                terminal.print(report.sentence());
            }
            terminal.print("Model: " + out.resolve("model.safetensors"));
            return ExitCode.DONE;
        }
    }

    private Map<String, Object> document(Finetune.Outcome outcome) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", out.toString());
        document.put("state", outcome.state().name().toLowerCase(Locale.ROOT));
        document.put("steps", outcome.steps());
        document.put("seconds", outcome.seconds());
        document.put(
                "transferred",
                outcome.transferred() == null
                        ? 0
                        : outcome.transferred().loaded().size());
        document.put(
                "validation", outcome.report() == null ? null : outcome.report().toJson());
        return document;
    }
}
