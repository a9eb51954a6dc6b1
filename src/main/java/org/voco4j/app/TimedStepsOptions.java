package org.voco4j.app;

import org.voco4j.program.benchmark.TimedSteps;
import picocli.CommandLine.Option;

/** How many steps a benchmark times; a command adds it with {@code @Mixin}. */
final class TimedStepsOptions {
    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "3",
            description = "Steps that count (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "1",
            description = "Steps before them that do not (default: ${DEFAULT-VALUE}).")
    private int warmup;

    TimedSteps timed() {
        return new TimedSteps(steps, warmup);
    }
}
