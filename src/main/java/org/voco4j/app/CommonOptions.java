package org.voco4j.app;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options every command has; a command takes them with {@code @Mixin}. */
final class CommonOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--json",
            description = "Print one JSON document on standard output, everything else on standard error.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, only results, warnings and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "More messages, and stack traces with errors.")
    private boolean verbose;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "cpu, cuda, cuda:N or auto (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads for computing (default: the cores of this machine).")
    private @Nullable Integer threads;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of every random draw.")
    private @Nullable Long seed;

    boolean verbose() {
        return verbose;
    }

    /** The device asked for; loads libtorch. */
    Device device() {
        try {
            return Device.parse(device);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--device: " + e.getMessage(), e);
        }
    }

    /** Threads for computing, the number of cores unless set. */
    int threads() {
        int cores = Runtime.getRuntime().availableProcessors();
        if (threads == null) {
            return cores;
        }
        if (threads < 1 || threads > 1024) {
            throw new UsageException("--threads must be from 1 to 1024, not " + threads);
        }
        return threads;
    }

    /** The seed, or null if none was given. */
    @Nullable
    Long seed() {
        return seed;
    }

    /** Where the command writes. */
    Terminal terminal() {
        if (command == null) {
            throw new IllegalStateException("the options belong to no command yet");
        }
        return new Terminal(
                command.commandLine().getOut(), command.commandLine().getErr(), json, quiet);
    }
}
