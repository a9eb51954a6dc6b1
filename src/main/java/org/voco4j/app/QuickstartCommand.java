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
import org.voco4j.pretext.GateReport;
import org.voco4j.recipe.Benefit;
import org.voco4j.recipe.PretrainRecipe;
import org.voco4j.recipe.Quickstart;
import org.voco4j.recipe.QuickstartPlan;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco quickstart}: the whole story on synthetic torsos. */
@Command(
        name = "quickstart",
        description =
                "Pre-trains on synthetic torsos, fine-tunes with few labels from scratch and from what was learned,"
                        + " measures both on unseen torsos, and writes report.html. Needs no data.",
        footer = {"", "Exit code 3: the pre-training finished, but did not learn; nothing is fine-tuned then."})
final class QuickstartCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common();

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
            defaultValue = "10",
            description =
                    "About how long it takes on 2 cores (default: ${DEFAULT-VALUE}): sets the numbers of steps and"
                            + " seeds. From 20 on each way of training also chooses its learning rate.")
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
        RecipeTree tree = recipe.load("pretrain", "tiny", List.of("steps=" + plan.pretrainSteps()), common);
        PretrainRecipe pretraining = tree.bind(PretrainRecipe.class);
        RecipeTree finetuning = RecipeTree.load("finetune", "tiny", finetuneSettings(plan, pretraining));
        Device device = Compute.prepare(common);
        try (RunFolder folder = RunFolder.open(out, tree, resume);
                StopSignal stop = new StopSignal(terminal)) {
            Quickstart.Story story =
                    Quickstart.run(plan, pretraining, finetuning, device, folder, new TerminalLog(terminal), stop);
            GateReport gate = story.gate();
            boolean stopped = story.stoppedFinetuning(pretraining);
            if (terminal.json() && gate != null && !stopped) {
                terminal.document(document(gate, story.benefit(), pretraining, story.seconds()));
            }
            int code = RunEnd.tell(terminal, out, pretraining, story.run());
            if (story.benefit() != null) {
                terminal.print(story.benefit().finding());
            }
            return stopped ? RunEnd.stoppedFinetuning(terminal) : code;
        }
    }

    /** The network is the pre-trained encoder's, however long the story and whatever the recipe says. */
    private List<String> finetuneSettings(QuickstartPlan plan, PretrainRecipe pretraining) {
        List<String> settings = new ArrayList<>();
        settings.add("model.channels=" + pretraining.model().channels());
        settings.add("steps=" + plan.finetuneSteps());
        settings.addAll(finetuneSettings);
        if (common.seed() != null) {
            settings.add("seed=" + common.seed());
        }
        return settings;
    }

    private static Map<String, Object> document(
            GateReport gate, @Nullable Benefit benefit, PretrainRecipe recipe, double seconds) {
        Map<String, Double> n = gate.numbers();
        Map<String, Object> retrieval = new LinkedHashMap<>();
        for (String control : new String[] {"chance", "histogram", "pixels", "untrained"}) {
            retrieval.put(control, n.get(control));
        }
        retrieval.put("trained", n.get("crossScan"));
        retrieval.put("interval", new Object[] {n.get("crossScan.low"), n.get("crossScan.high")});
        retrieval.put("pairs", Math.round(n.getOrDefault("pairs", 0.0)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("crossScanTop1", retrieval);
        document.put("positionR2", pair(n.get("positionR2.untrained"), n.get("positionR2")));
        if (benefit != null) {
            document.put(
                    "organR2",
                    pair(benefit.organs().untrained(), benefit.organs().trained()));
            document.put("dice", benefit.dice());
            document.put("gain", benefit.gain());
        }
        document.put("finding", benefit == null ? gate.finding() : benefit.finding());
        document.put("variant", recipe.pretext().variant().name().toLowerCase(Locale.ROOT));
        document.put("seconds", seconds);
        return document;
    }

    private static Map<String, Object> pair(@Nullable Double untrained, @Nullable Double trained) {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("untrained", untrained);
        pair.put("trained", trained);
        return pair;
    }
}
