package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.file.FileReason;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code voco weights}: looks into files of weights, converts and compares them. */
@Command(
        name = "weights",
        subcommands = {WeightsInspectCommand.class, WeightsConvertCommand.class, WeightsDiffCommand.class},
        description = "Looks into files of weights (.safetensors, .pt, .pth), converts and compares them.")
final class WeightsCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    /** {@code voco weights} alone shows what there is. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Does something with a file of weights. */
    interface Use<T> {
        T with(WeightFile file) throws IOException;
    }

    /**
     * Opens a file of weights, or that of a run's folder.
     *
     * @throws UsageException if there is none, or it is damaged, of another format or made to do harm
     */
    static <T> T read(Path path, Use<T> use) {
        try (WeightFile file = WeightFile.open(PretrainedWeights.file(path))) {
            return use.with(file);
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
    }
}
