package org.voco4j.app;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.process.UserFolders;
import org.voco4j.app.process.Utf8Child;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.KernelVerdicts;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code voco}: one class per subcommand, listed here.
 *
 * <p>A subcommand is a {@code Callable<Integer>} whose value is an {@link ExitCode}; it takes {@link CommonOptions} as a mixin,
 * and {@link RecipeOptions} if it reads a recipe. It throws {@link UsageException} for what the user can put right.
 */
@Command(
        name = "voco",
        subcommands = {
            QuickstartCommand.class,
            PhantomCommand.class,
            VerifyCommand.class,
            PretrainCommand.class,
            LocateCommand.class,
            PlanCommand.class,
            FinetuneCommand.class,
            PredictCommand.class,
            EvaluateCommand.class,
            StudyCommand.class,
            PreprocessCommand.class,
            FetchSeriesCommand.class,
            WeightsCommand.class,
            BenchmarkCommand.class,
            InfoCommand.class
        },
        versionProvider = Version.class,
        description =
                "Pre-trains 3D medical-image networks on unlabelled scans by volume contrast (VoCo) and fine-tunes them.",
        footer = {
            "",
            "voco COMMAND --help describes a command.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the run did not learn,",
            "130 and 143 stopped by a signal with the state saved.",
            "Research software, not a medical device."
        })
public final class Main implements Runnable {
    private static final String LOGBACK = "logback.configurationFile";

    private static double started;

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        started = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        Integer elsewhere = Utf8Child.run(Main.class, args);
        if (elsewhere != null) {
            System.exit(elsewhere);
        }
        UserFolders.settle();
        KernelVerdicts.keepIn(UserFolders.here().cache());
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        if (System.getProperty(LOGBACK)
                == null) { // not a logback.xml, which would be that of every program around the library
            System.setProperty(LOGBACK, "org/voco4j/app/logback.xml");
        }
        StandardOutput output = StandardOutput.install();
        // Signals and errors end the program while other threads compute, and so may its end: pools of daemon threads.
        Runtime.getRuntime().addShutdownHook(new Thread(Engine::ending, "voco-end"));
        int code = commandLine().execute(Utf8Child.arguments(args));
        System.exit(output.checked(code, System.err));
    }

    /** Seconds that the program took until it began with its command; 0 where it is part of another. */
    static double started() {
        return started;
    }

    /** The whole command line, as {@link #main} runs it. */
    static CommandLine commandLine() {
        CommandLine voco = new CommandLine(new Main());
        helpful(voco);
        voco.setCaseInsensitiveEnumValuesAllowed(true);
        voco.setUsageHelpAutoWidth(true);
        voco.setParameterExceptionHandler(Main::wrongArguments);
        voco.setExecutionExceptionHandler(Main::failed);
        voco.setExecutionStrategy(Main::configured);
        return voco;
    }

    /** Gives a command and all below it {@code --help} and {@code --version}. */
    private static void helpful(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getSubcommands().values().forEach(Main::helpful);
    }

    /** {@code voco} alone shows what there is. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Sets the level of log messages before the first logger exists, then runs the command. */
    private static int configured(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.hasMatchedOption("--verbose")) {
            System.setProperty("voco.log", "DEBUG");
        } else if (last.hasMatchedOption("--quiet")) {
            System.setProperty("voco.log", "ERROR");
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) { // a full heap, a library that does not link: picocli handles only exceptions
            throw new ExecutionException(last.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static int wrongArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(Terminal.printable(sentence(e)));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        Throwable fault = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        PrintWriter err = command.getErr();
        err.println(Terminal.printable(sentence(fault)));
        if (fault instanceof OutOfMemoryError) {
            err.println("VOCO_JAVA_OPTS=-Xmx16g, for example, gives the Java heap 16 GB.");
        }
        if (command.getParseResult().hasMatchedOption("--verbose")) {
            fault.printStackTrace(err);
        }
        return fault instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** The first line of the message nearest to the top: native exceptions append their own stack below it. */
    private static String sentence(Throwable fault) {
        Throwable speaking = fault;
        while (speaking.getCause() != null && isBlank(speaking.getMessage())) {
            speaking = speaking.getCause();
        }
        String message = speaking.getMessage();
        if (message == null || message.isBlank()) {
            return "voco: " + speaking.getClass().getSimpleName() + "; --verbose shows where";
        }
        message = FileReason.of(speaking);
        String first = message.strip().lines().findFirst().orElse(message);
        return "voco: " + (fault instanceof Error ? speaking.getClass().getSimpleName() + ": " : "") + first;
    }

    private static boolean isBlank(@Nullable String message) {
        return message == null || message.isBlank();
    }
}
