package org.voco4j.app;

import org.jspecify.annotations.Nullable;
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
}
