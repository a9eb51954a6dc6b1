package org.voco4j.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.voco4j.program.benchmark.BenchmarkResult;
import org.voco4j.program.benchmark.PreprocessBenchmark;
import org.voco4j.program.pretrain.PretrainRecipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco benchmark preprocess}: what reading and preparing a scan costs. */
@Command(
        name = "preprocess",
        description =
                "Times reading and preparing a scan: orientation, spacing, window, foreground, resize. The recipe is"
                        + " voco-paper unless another is named.",
        footer = {
            "",
            "The first repeat is slower: Java compiles what it runs. Memory above the idle",
            "program is peak_rss_mb less idle_rss_mb."
        })
final class BenchmarkPreprocessCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = {"-i", "--in"},
            required = true,
            paramLabel = "FILE",
            description = "The scan.")
    private Path file = Path.of("");

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        PretrainRecipe bound = recipe.load("pretrain", "voco-paper", common).bind(PretrainRecipe.class);
        BenchmarkResult result = PreprocessBenchmark.run(file, bound.data().preprocessing(), common.threads(), repeats);
        return BenchmarkCommand.tell(terminal, result);
    }
}
