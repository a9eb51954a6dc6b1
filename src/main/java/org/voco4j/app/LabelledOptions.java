package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.pretext.GateReport;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.GridScores;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.semisupervised.SemiSupervision;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;
import picocli.CommandLine.Option;

/** Labelled scans beside the unlabelled ones of {@code voco pretrain}: then a whole segmentation network comes out. */
final class LabelledOptions {
    private static final String CONFIG = "labelled.yaml";

    @Option(
            names = "--labelled",
            paramLabel = "DATA",
            description =
                    "Labelled scans as voco finetune takes them: then a segmentation network learns from them, from pretext.task"
                            + " on the scans of --data, and from its own labels of those (labelled.*). Repeatable.")
    private List<Path> labelled = List.of();

    @Option(
            names = "--labelled-recipe",
            paramLabel = "R",
            defaultValue = "tiny",
            description =
                    "With --labelled: the recipe of voco finetune for them (default: ${DEFAULT-VALUE}); its steps and"
                            + " seed are the other recipe's.")
    private String recipe = "tiny";

    @Option(
            names = "--labelled-set",
            paramLabel = "KEY=VALUE",
            description = "As --set, for --labelled-recipe. Repeatable.")
    private List<String> settings = new ArrayList<>();

    boolean given() {
        return !labelled.isEmpty();
    }

    int train(List<Path> data, RecipeTree tree, RunOptions run, Device device, Terminal terminal) throws Exception {
        TerminalLog log = new TerminalLog(terminal);
        PretrainRecipe bound = tree.bind(PretrainRecipe.class);
        RecipeTree second = RecipeTree.load("finetune", recipe, settings)
                .with(List.of("steps=" + bound.steps(), "seed=" + bound.seed()));
        FinetuneRecipe tuning = second.bind(FinetuneRecipe.class);
        try (RunFolder folder = run.open(tree);
                StopSignal stop = new StopSignal(terminal)) {
            UnlabelledScans scans = UnlabelledFiles.open(data, run.groups(), bound, run.cache(log), log);
            LabelledScans references = LabelledFiles.open(labelled, run.groups(), tuning, null, run.cache(log), log)
                    .digestedWith(scans.digest() + "\n" + second.toYaml());
            SemiSupervision unlabelled = new SemiSupervision(bound, tuning, scans, references, device, log);
            try (SegmentationTraining training =
                    new SegmentationTraining(SemiSupervision.KIND, tuning, references, device, unlabelled)) {
                Finetune.Outcome<GridScores> outcome = Finetune.run(training, null, folder, log, stop);
                AtomicFile.write(folder.file(CONFIG), second.toYaml());
                GateReport gate = outcome.state() == RunState.STOPPED ? null : unlabelled.gate();
                if (terminal.json()) {
                    terminal.document(document(run, outcome, gate));
                }
                return tell(terminal, run.out(), bound, outcome, gate);
            }
        }
    }

    private static int tell(
            Terminal terminal,
            Path out,
            PretrainRecipe bound,
            Finetune.Outcome<GridScores> outcome,
            @Nullable GateReport gate) {
        if (outcome.state() == RunState.STOPPED) {
            return RunEnd.stopped(terminal, outcome.steps());
        }
        if (gate != null) {
            terminal.print("The encoder: " + gate.finding());
        }
        if (outcome.report() != null) {
            terminal.print(outcome.report().sentence());
        }
        RunEnd.tellWeights(terminal, "Model", out, bound.model());
        return ExitCode.DONE;
    }

    private static Map<String, Object> document(
            RunOptions run, Finetune.Outcome<GridScores> outcome, @Nullable GateReport gate) {
        Map<String, Object> document = run.document(outcome.state(), outcome.steps(), outcome.seconds());
        GridScores report = outcome.report();
        document.put("validation", report == null ? null : report.toJson());
        document.put("verdict", gate == null ? null : gate.verdict().name().toLowerCase(Locale.ROOT));
        document.put("gate", gate == null ? null : PretrainCommand.numbers(gate));
        return document;
    }
}
