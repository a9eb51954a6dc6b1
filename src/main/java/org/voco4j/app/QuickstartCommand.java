package org.voco4j.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.GateReport;
import org.voco4j.recipe.PretrainRecipe;
import org.voco4j.recipe.Quickstart;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco quickstart}: the whole story on synthetic torsos. */
@Command(
        name = "quickstart",
        description =
                "Pre-trains on synthetic torsos, measures on unseen ones whether it learned, and writes report.html."
                        + " Needs no data.",
        footer = {"", "Exit code 3: it finished, but did not learn."})
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

    @Option(names = "--resume", description = "Continue the run in DIR from its last checkpoint.")
    private boolean resume;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        RecipeTree tree = recipe.load("pretrain", "tiny", common);
        PretrainRecipe bound = tree.bind(PretrainRecipe.class);
        Device device = Compute.prepare(common);
        try (RunFolder folder = RunFolder.open(out, tree, resume);
                StopSignal stop = new StopSignal(terminal)) {
            Quickstart.Story story = Quickstart.run(bound, device, folder, new TerminalLog(terminal), stop);
            GateReport gate = story.gate();
            if (terminal.json() && gate != null) {
                terminal.document(document(gate.numbers(), bound, story.seconds()));
            }
            return RunEnd.tell(terminal, out, bound, story.run());
        }
    }

    private static Map<String, Object> document(Map<String, Double> n, PretrainRecipe recipe, double seconds) {
        Map<String, Object> retrieval = new LinkedHashMap<>();
        for (String control : new String[] {"chance", "histogram", "pixels", "untrained"}) {
            retrieval.put(control, n.get(control));
        }
        retrieval.put("trained", n.get("crossScan"));
        retrieval.put("interval", new Object[] {n.get("crossScan.low"), n.get("crossScan.high")});
        retrieval.put("pairs", Math.round(n.getOrDefault("pairs", 0.0)));
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("untrained", n.get("positionR2.untrained"));
        position.put("trained", n.get("positionR2"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("crossScanTop1", retrieval);
        document.put("positionR2", position);
        document.put("variant", recipe.pretext().variant().name().toLowerCase(Locale.ROOT));
        document.put("seconds", seconds);
        return document;
    }
}
