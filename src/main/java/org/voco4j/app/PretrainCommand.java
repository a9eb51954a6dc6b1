package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.catalogue.MethodList;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.GridScores;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.semisupervised.SemiSupervision;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco pretrain}: scans in, weights out, and a judgement whether they learned anything. */
@Command(
        name = "pretrain",
        description =
                "Pre-trains an encoder on unlabelled scans by volume contrast (VoCo), or another method (pretext.task).",
        footer = {
            "",
            "The run folder holds config.yaml, run.json, metrics.jsonl, TensorBoard events,",
            "progress.png, the latest and best checkpoint, and at the end model.safetensors.",
            "Exit code 3: the run finished, but the held-out scans say that it did not learn.",
            "With --labelled the gate is told and changes no exit code."
        })
final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final MemoryOption memory = new MemoryOption();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description =
                    "A folder of scans (searched recursively), a .json or .csv list (docs/reference/data-layouts.md), or a file. Repeatable.")
    private List<Path> data = List.of();

    @Option(
            names = "--init",
            paramLabel = "W",
            description =
                    "Begin with the weights of an earlier pre-training, as far as there are such (an encoder of other sizes is"
                            + " refused): the folder of a finished run, or a .safetensors, .pt or .pth file. With --resume give"
                            + " the same again.")
    private @Nullable Path init;

    @Mixin
    private final LabelledOptions labelled = new LabelledOptions();

    @Option(
            names = "--list-methods",
            help = true,
            description = "List what pretext.task may be, and end (docs/reference/methods.md).")
    private boolean list;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        if (list) {
            if (terminal.json()) {
                terminal.document(Map.of("methods", MethodList.documents()));
            } else {
                MethodList.lines().forEach(terminal::print);
            }
            return ExitCode.DONE;
        }
        TerminalLog log = new TerminalLog(terminal);
        RecipeTree tree = run.apply(recipe.load("pretrain", "tiny", common));
        PretrainRecipe bound = tree.bind(PretrainRecipe.class);
        Device device = LibtorchSetup.prepare(common);
        if (labelled.given()) {
            if (init != null || memory.given()) {
                throw new UsageException("--labelled trains from scratch and knows batch.chunk instead of --max-memory:"
                        + " leave --init and --max-memory out");
            }
            return labelled.train(data, tree, run, device, terminal);
        }
        PretrainedWeights begin = init == null ? null : PretrainedWeights.read(init);
        if (begin != null) {
            Pretrain.requireFit(bound, begin);
        }
        try (RunFolder folder = run.open(tree)) {
            UnlabelledScans scans = UnlabelledFiles.open(data, run.groups(), bound, run.cache(log), log);
            try (StopSignal stop = new StopSignal(terminal)) { // before, a signal has nothing to wait for
                Pretrain.Outcome outcome =
                        Pretrain.run(bound, scans, begin, memory.resources(device), folder, log, stop);
                if (terminal.json()) {
                    terminal.document(document(outcome));
                }
                return RunEnd.tell(terminal, run.out(), bound, outcome);
            }
        }
    }

    private Map<String, Object> document(Pretrain.Outcome outcome) {
        GateReport gate = outcome.gate();
        Map<String, Object> document = run.document(outcome.state(), outcome.steps(), outcome.seconds());
        document.put("verdict", gate == null ? null : gate.verdict().name().toLowerCase(Locale.ROOT));
        document.put("gate", gate == null ? null : numbers(gate));
        return document;
    }

    /** JSON has no NaN. */
    static Map<String, @Nullable Double> numbers(GateReport gate) {
        Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
        gate.numbers().forEach((name, value) -> numbers.put(name, Double.isFinite(value) ? value : null));
        return numbers;
    }

    /** Labelled scans beside the unlabelled ones of {@code voco pretrain}: then a whole segmentation network comes out. */
    static final class LabelledOptions {
        private static final String CONFIG = "labelled.yaml";

        @Option(
                names = "--labelled",
                paramLabel = "DATA",
                description =
                        "Labelled scans as voco finetune takes them: then a segmentation network learns from them, from pretext.task"
                                + " on the scans of --data, and from its own labels of those (labelled.*). Repeatable; from scratch,"
                                + " so without --init, and with batch.chunk in place of --max-memory.")
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
            try (RunFolder folder = run.open(tree)) {
                UnlabelledScans scans = UnlabelledFiles.open(data, run.groups(), bound, run.cache(log), log);
                LabelledScans references = LabelledFiles.open(labelled, run.groups(), tuning, null, run.cache(log), log)
                        .digestedWith(
                                scans.digest() + "\n" + RunFolder.configuration(second, key -> !key.equals("steps")));
                SemiSupervision unlabelled = new SemiSupervision(bound, tuning, scans, references, device, log);
                try (SegmentationTraining training =
                                new SegmentationTraining(SemiSupervision.KIND, tuning, references, device, unlabelled);
                        StopSignal stop = new StopSignal(terminal)) {
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
            document.put("gate", gate == null ? null : numbers(gate));
            return document;
        }
    }
}
