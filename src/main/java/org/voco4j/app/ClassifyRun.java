package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.classify.ClassificationScores;
import org.voco4j.program.classify.ClassifiedFiles;
import org.voco4j.program.classify.ClassifiedScans;
import org.voco4j.program.classify.Classify;
import org.voco4j.program.classify.ClassifyRecipe;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunState;

/** {@code voco finetune} for classification. */
record ClassifyRun(
        Common common,
        RecipeOptions recipe,
        RunOptions run,
        List<Path> data,
        @Nullable Path weights,
        List<String> fold) {

    /** The exit code. */
    int call() throws IOException, InterruptedException {
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        RecipeTree tree =
                run.apply(recipe.load(ClassifyRecipe.KIND, null, common).with(fold));
        ClassifyRecipe bound = tree.bind(ClassifyRecipe.class);
        Device device = Compute.prepare(common);
        PretrainedWeights begin = weights == null ? null : PretrainedWeights.read(weights);
        try (RunFolder folder = run.open(tree);
                StopSignal stop = new StopSignal(terminal)) {
            ClassifiedScans scans = ClassifiedFiles.open(data, run.groups(), bound, begin, run.cache(log), log);
            Classify.Outcome outcome = Classify.run(bound, scans, begin, device, folder, log, stop);
            if (terminal.json()) {
                terminal.document(document(outcome));
            }
            if (outcome.state() == RunState.STOPPED) {
                return RunEnd.stopped(terminal, outcome.steps());
            }
            ClassificationScores report = outcome.report();
            if (report != null) {
                terminal.print(report.sentence());
            }
            RunEnd.tellWeights(terminal, "Model", run.out(), bound.model());
            return ExitCode.DONE;
        }
    }

    private Map<String, Object> document(Classify.Outcome outcome) {
        Map<String, Object> document = run.document(outcome.state(), outcome.steps(), outcome.seconds());
        LoadReport transferred = outcome.transferred();
        document.put("transferred", transferred == null ? null : transferred.document());
        document.put(
                "validation", outcome.report() == null ? null : outcome.report().toJson());
        return document;
    }
}
