package org.voco4j.app;

import org.jspecify.annotations.Nullable;
import org.voco4j.program.benchmark.BenchmarkResult;
import org.voco4j.program.benchmark.TimedSteps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code voco benchmark}: one subcommand per kind of work. */
@Command(
        name = "benchmark",
        subcommands = {
            BenchmarkPretrainCommand.class,
            BenchmarkFinetuneCommand.class,
            BenchmarkPredictCommand.class,
            BenchmarkPreprocessCommand.class,
            BenchmarkStartCommand.class
        },
        description = "Measures time and memory of one kind of work on this machine.")
final class BenchmarkCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    /** {@code voco benchmark} alone shows what there is. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Says what was measured; the exit code. */
    static int tell(Terminal terminal, BenchmarkResult result) {
        if (terminal.json()) {
            terminal.document(result.document());
        }
        result.sentences().forEach(terminal::print);
        return ExitCode.DONE;
    }

    /** How many steps are timed; a command adds it with {@code @Mixin}. */
    static final class StepsOptions {
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

        @Mixin
        private final ProfileOption profile = new ProfileOption();

        TimedSteps timed() {
            return new TimedSteps(steps, warmup, profile.on);
        }
    }

    /** Whether layers are timed; a command adds it with {@code @Mixin}. */
    static final class ProfileOption {
        @Option(
                names = "--profile",
                description = "Say how the time divides among convolutions, attention, norms, linear maps, … (on the"
                        + " CPU).")
        boolean on;
    }
}
