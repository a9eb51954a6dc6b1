package org.voco4j.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.benchmark.FinetuneBenchmark;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco benchmark finetune}: what a step of fine-tuning costs. */
@Command(
        name = "finetune",
        description = "Times steps of fine-tuning a segmentation network (forward, loss, backward, AdamW) on patches of"
                + " noise with random labels that are in memory. The recipe is tiny unless another is named.",
        footer = {
            "",
            "Patches are cut as in a run, on a loader thread while the step before computes:",
            "CPU seconds have that in them."
        })
final class BenchmarkFinetuneCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final BenchmarkCommand.StepsOptions steps = new BenchmarkCommand.StepsOptions();

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "What to begin with, as of voco finetune: a run folder, or a .safetensors, .pt or .pth file.")
    private @Nullable Path weights;

    @Option(
            names = "--classes",
            paramLabel = "K",
            description = "The background among them, where the recipe names none (default: 14).")
    private @Nullable Integer classes;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        if (recipe.isClassification()) {
            throw new UsageException("--recipe is for classification, and segmentation is what is timed");
        }
        FinetuneRecipe bound = recipe.load("finetune", "tiny", common).bind(FinetuneRecipe.class);
        Device device = LibtorchSetup.prepare(common);
        FinetuneBenchmark.Plan plan = new FinetuneBenchmark.Plan(
                weights == null ? null : PretrainedWeights.read(weights), classes, steps.timed());
        return BenchmarkCommand.tell(terminal, FinetuneBenchmark.run(bound, plan, device, new TerminalLog(terminal)));
    }
}
