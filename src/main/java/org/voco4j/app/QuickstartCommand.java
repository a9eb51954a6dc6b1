package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.quickstart.Quickstart;
import org.voco4j.program.quickstart.QuickstartPlan;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco quickstart}: the whole story on synthetic torsos. */
@Command(
        name = "quickstart",
        description =
                "Pre-trains on synthetic torsos, fine-tunes with few labels from scratch and from what was learned,"
                        + " measures both on unseen torsos, and writes report.html. Needs no data.",
        footer = {
            "",
            "Exit code 3: the pre-training finished, but did not learn. It is fine-tuned all the",
            "same where a frozen probe tells its features from an untrained network's."
        })
final class QuickstartCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "quickstart",
            description = "The run folder (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("quickstart");

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "6",
            description =
                    "About how long it takes on 2 cores (default: ${DEFAULT-VALUE}): sets the numbers of steps and"
                            + " seeds; a recipe that is named has its own steps. From 20 on there are 1, 2 and 4 labelled"
                            + " torsos, not 2 alone, and each way of training chooses its learning rate.")
    private int minutes;

    @Option(
            names = "--finetune-set",
            paramLabel = "KEY=VALUE",
            description = "As --set, for the recipe finetune/tiny. Repeatable.")
    private List<String> finetuneSettings = new ArrayList<>();

    @Option(names = "--resume", description = "Continue the run in DIR: its last checkpoint, its finished fine-tunes.")
    private boolean resume;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        QuickstartPlan plan = QuickstartPlan.of(minutes);
        List<String> steps = recipe.named() ? List.of() : List.of("steps=" + plan.pretrainSteps());
        RecipeTree tree = recipe.load("pretrain", "tiny", steps, common);
        PretrainRecipe pretraining = tree.bind(PretrainRecipe.class);
        List<String> settings = new ArrayList<>(finetuneSettings);
        if (common.seed() != null) {
            settings.add("seed=" + common.seed());
        }
        RecipeTree finetuning = plan.finetuning(tree, settings);
        Device device = LibtorchSetup.prepare(common);
        try (RunFolder folder = RunFolder.open(out, tree, resume);
                StopSignal stop = new StopSignal(terminal)) {
            TerminalLog log = new TerminalLog(terminal);
            AtomicInteger code = new AtomicInteger();
            new Quickstart(plan, pretraining, finetuning, device, folder, log, stop)
                    .run(story -> code.set(tell(terminal, pretraining, story)));
            return code.get();
        }
    }

    /** What came of it, before its report is drawn; the exit code. */
    private int tell(Terminal terminal, PretrainRecipe pretraining, Quickstart.Story story) {
        if (terminal.json() && story.isTold()) {
            terminal.document(story.document(pretraining));
        }
        int code = RunEnd.tell(terminal, out, pretraining, story.run());
        if (story.benefit() != null) {
            terminal.print(story.benefit().finding());
        }
        return story.stoppedFinetuning() ? RunEnd.stoppedFinetuning(terminal) : code;
    }
}
