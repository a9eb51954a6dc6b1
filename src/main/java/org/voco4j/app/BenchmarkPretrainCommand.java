package org.voco4j.app;

import java.util.concurrent.Callable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.benchmark.BenchmarkResult;
import org.voco4j.program.benchmark.PretrainBenchmark;
import org.voco4j.program.pretrain.PretrainRecipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco benchmark pretrain}: what a step of pre-training costs. */
@Command(
        name = "pretrain",
        description = "Times steps of pre-training (forward, teacher, loss, backward, move) on random views that are"
                + " in memory. The recipe is voco-official unless another is named.",
        footer = {
            "",
            "Compare runs under the same allocator settings: the launcher sets",
            "MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ and MALLOC_ARENA_MAX unless",
            "you do; --json says which were in force."
        })
final class BenchmarkPretrainCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final MemoryOption memory = new MemoryOption();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final BenchmarkCommand.StepsOptions steps = new BenchmarkCommand.StepsOptions();

    @Option(
            names = "--loading",
            description = "Measure once more with views that loader threads cut from synthetic torsos meanwhile.")
    private boolean loading;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        PretrainBenchmark.Plan plan = new PretrainBenchmark.Plan(steps.timed(), loading);
        PretrainRecipe bound = recipe.load("pretrain", "voco-official", common).bind(PretrainRecipe.class);
        Device device = LibtorchSetup.prepare(common);
        BenchmarkResult result =
                PretrainBenchmark.run(bound, plan, memory.resources(device), new TerminalLog(terminal));
        return BenchmarkCommand.tell(terminal, result);
    }
}
