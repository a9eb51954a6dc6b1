package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.classify.ClassificationTraining;
import org.voco4j.program.classify.ClassifiedFiles;
import org.voco4j.program.classify.ClassifyRecipe;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.Scores;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.finetune.Training;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code voco finetune}: labelled scans and perhaps pre-trained weights in, a segmentation network out, or one for
 * classification where the recipe is for that.
 */
@Command(
        name = "finetune",
        description = "Trains a segmentation network on labelled scans, from pre-trained weights or from scratch; a"
                + " classification network where the recipe says task: classification.",
        footer = {
            "",
            "The run folder holds config.yaml, run.json, metrics.jsonl, TensorBoard events,",
            "progress.png, the latest and best checkpoint, model_best.safetensors, and at the end",
            "model.safetensors, summary.json (Dice, NSD and HD95 per class and scan; of a classification",
            "accuracy, AUC per class and confusion) and, of a segmentation, report.html with pictures",
            "of the worst, the median and the best scan."
        })
final class FinetuneCommand implements Callable<Integer> {
    private static final Pattern FOLD = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description =
                    "A Decathlon dataset.json, a .csv, a folder with imagesTr and labelsTr, or a folder of scans with"
                            + " their label maps beside them or in labels/; for classification a .csv with classes"
                            + " (docs/reference/data-layouts.md). Repeatable.")
    private List<Path> data = List.of();

    @Option(
            names = "--weights",
            paramLabel = "W",
            description =
                    "What to begin with: the folder of a finished pre-training run, or a .safetensors, .pt or .pth"
                            + " file. What is taken over is said. Without it training begins from scratch.")
    private @Nullable Path weights;

    @Option(
            names = "--fold",
            paramLabel = "k/K",
            description =
                    "Holds out fold k of K, from 0: of the data's own folds, else of K that the patients are dealt"
                            + " into (data.fold, data.folds). K runs hold out every scan once.")
    private @Nullable String fold;

    /** Opens scans and readies a network for them. */
    @FunctionalInterface
    private interface Opening<S extends Scores> {
        Training<?, S> open(@Nullable PretrainedWeights begin, Device device, RunLog log)
                throws IOException, InterruptedException;
    }

    @Override
    public Integer call() throws Exception {
        if (recipe.isClassification()) {
            RecipeTree tree =
                    run.apply(recipe.load(RecipeTree.CLASSIFY, null, common).with(fold()));
            ClassifyRecipe bound = tree.bind(ClassifyRecipe.class);
            return train(
                    tree,
                    (begin, device, log) -> new ClassificationTraining(
                            bound,
                            ClassifiedFiles.open(data, run.groups(), bound, begin, run.cache(log), log),
                            begin,
                            device));
        }
        RecipeTree tree = run.apply(recipe.load("finetune", "tiny", common).with(fold()));
        FinetuneRecipe bound = tree.bind(FinetuneRecipe.class);
        return train(
                tree,
                (begin, device, log) -> new SegmentationTraining(
                        bound,
                        LabelledFiles.open(data, run.groups(), bound, begin, run.cache(log), log),
                        begin,
                        device));
    }

    private <S extends Scores> int train(RecipeTree tree, Opening<S> opening) throws Exception {
        Terminal terminal = common.terminal();
        TerminalLog log = new TerminalLog(terminal);
        Device device = LibtorchSetup.prepare(common);
        PretrainedWeights begin = weights == null ? null : PretrainedWeights.read(weights);
        try (RunFolder folder = run.open(tree);
                Training<?, S> training = opening.open(begin, device, log);
                StopSignal stop = new StopSignal(terminal)) { // before, a signal has nothing to wait for
            Finetune.Outcome<S> outcome = Finetune.run(training, begin, folder, log, stop);
            if (terminal.json()) {
                terminal.document(document(outcome));
            }
            if (outcome.state() == RunState.STOPPED) {
                return RunEnd.stopped(terminal, outcome.steps());
            }
            S report = outcome.report();
            if (report != null) {
                terminal.print(report.sentence());
            }
            RunEnd.tellWeights(terminal, "Model", run.out(), training.recipe().model());
            return ExitCode.DONE;
        }
    }

    /** What {@code --fold} says, as settings of the recipe. */
    private List<String> fold() {
        if (fold == null) {
            return List.of();
        }
        Matcher parts = FOLD.matcher(fold);
        if (!parts.matches()) {
            throw new UsageException("--fold is k/K such as 0/5, not " + fold);
        }
        return List.of("data.fold=" + parts.group(1), "data.folds=" + parts.group(2));
    }

    private Map<String, Object> document(Finetune.Outcome<?> outcome) {
        Map<String, Object> document = run.document(outcome.state(), outcome.steps(), outcome.seconds());
        LoadReport transferred = outcome.transferred();
        Scores report = outcome.report();
        document.put("transferred", transferred == null ? null : transferred.document());
        document.put("validation", report == null ? null : report.toJson());
        return document;
    }
}
