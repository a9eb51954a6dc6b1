package org.voco4j.app;

import java.util.concurrent.Callable;
import org.voco4j.app.process.JavaCommand;
import org.voco4j.program.benchmark.StartBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco benchmark start}: what starting the program costs. */
@Command(
        name = "start",
        description = "Times starting the program, each time as a process of its own as this one was started: --help,"
                + " info, and pretrain --recipe tiny on four synthetic torsos until it prints the line of its first"
                + " step.",
        footer = {"", "The pre-training is started once more before the others, to fill its cache."})
final class BenchmarkStartCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is started; medians are told (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        return BenchmarkCommand.tell(
                terminal,
                StartBenchmark.run(
                        new JavaCommand(Main.class)::launched, repeats, common.threads(), new TerminalLog(terminal)));
    }
}
