package org.voco4j.program.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.TemporaryFolder;
import org.voco4j.program.phantom.WritePhantoms;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunLog;
import org.voco4j.run.Usage;

/**
 * How long the program takes to be of use, each time as a process of its own: {@code --help}, {@code info}, and a
 * pre-training until it says what its first step's loss was.
 *
 * <p>That pre-training is the recipe {@code tiny} on synthetic torsos in a temporary folder. The first start prepares the
 * scans; all later ones find them in the cache. The process is ended as soon as the line about step 1 has been read, so the time
 * is that from the start until then: Java, opening the data, trying what memory a step takes, and the step.
 */
public final class StartBenchmark {
    private static final int TORSOS = 4;
    private static final String FIRST_STEP = "step 1/";

    private final Program program;
    private final int repeats;
    private final int threads;
    private final RunLog log;
    private volatile @Nullable Process current;

    /** How the program is started. */
    @FunctionalInterface
    public interface Program {
        /**
         * The command line of a process.
         *
         * @param words for the program
         */
        List<String> command(List<String> words);
    }

    private StartBenchmark(Program program, int repeats, int threads, RunLog log) {
        this.program = program;
        this.repeats = repeats;
        this.threads = threads;
        this.log = log;
    }

    /**
     * Measures.
     *
     * @param repeats how often each is started
     * @param threads for computing
     * @throws UsageException if there are no repeats
     * @throws IOException if a process cannot be started, or ends otherwise than it should
     */
    public static BenchmarkResult run(Program program, int repeats, int threads, RunLog log)
            throws IOException, InterruptedException {
        if (repeats < 1) {
            throw new UsageException("--repeats must be at least 1, not " + repeats);
        }
        StartBenchmark benchmark = new StartBenchmark(program, repeats, threads, log);
        Thread ending = new Thread(benchmark::endCurrent, "voco-start-end"); // a training would go on without us
        Runtime.getRuntime().addShutdownHook(ending);
        BenchmarkResult result = benchmark.run();
        Runtime.getRuntime().removeShutdownHook(ending);
        return result;
    }

    private void endCurrent() {
        Process process = current;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Seconds on the wall and of the processor; the latter NaN where the system does not tell. */
    private record Start(double seconds, double cpuSeconds) {}

    private BenchmarkResult run() throws IOException, InterruptedException {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", RunEnvironment.version());
        document.put("task", "start");
        document.put("repeats", repeats);
        document.put("threads", threads);
        List<String> sentences = new ArrayList<>();
        List<Start> help = new ArrayList<>();
        List<Start> info = new ArrayList<>();
        List<Start> step = new ArrayList<>();
        Start cold;
        try (TemporaryFolder folder = TemporaryFolder.make("voco-start")) {
            Path scans = folder.path().resolve("scans");
            WritePhantoms.run(scans, TORSOS, false, 0, sentence -> {});
            cold = firstStep(folder.path(), 0);
            for (int i = 1; i <= repeats; i++) { // in turns, so that other load on the machine meets all alike
                log.say("Start " + i + " of " + repeats + " of each");
                help.add(whole(List.of("--help")));
                info.add(whole(List.of("info", "--threads", Integer.toString(threads))));
                step.add(firstStep(folder.path(), i));
            }
        }
        tell("help", "--help", help, document, sentences);
        tell("info", "info", info, document, sentences);
        tell("first_step", "the first step of pretrain --recipe tiny, its cache warm", step, document, sentences);
        document.put("first_step_cold_s", Figures.rounded(cold.seconds, 3));
        sentences.add(String.format(Locale.ROOT, "%.2f s with an empty cache", cold.seconds));
        document.put("environment", RunEnvironment.facts(Device.CPU));
        return new BenchmarkResult(sentences, document);
    }

    private static void tell(
            String name,
            String words,
            List<Start> starts,
            Map<String, @Nullable Object> document,
            List<String> sentences) {
        double seconds = Usage.median(starts.stream().map(Start::seconds).toList());
        double cpu = Usage.median(starts.stream().map(Start::cpuSeconds).toList());
        document.put(name + "_s", Figures.rounded(seconds, 3));
        document.put(name + "_cpu_s", Double.isNaN(cpu) ? null : Figures.rounded(cpu, 3));
        sentences.add(String.format(
                Locale.ROOT,
                "%.2f s%s to %s",
                seconds,
                Double.isNaN(cpu) ? "" : String.format(Locale.ROOT, " (CPU %.2f s)", cpu),
                words));
    }

    /** A process until its end. */
    private Start whole(List<String> words) throws IOException, InterruptedException {
        return start(words, null);
    }

    /** A pre-training until its first step. */
    private Start firstStep(Path folder, int number) throws IOException, InterruptedException {
        return start(
                List.of(
                        "pretrain",
                        "--recipe",
                        "tiny",
                        "--data",
                        folder.resolve("scans").toString(),
                        "--cache",
                        folder.resolve("cache").toString(),
                        "--out",
                        folder.resolve("run-" + number).toString(),
                        "--set",
                        "log.every=1",
                        "--device",
                        "cpu",
                        "--threads",
                        Integer.toString(threads)),
                FIRST_STEP);
    }

    /**
     * Starts a process.
     *
     * @param until how the line begins that it is ended after; null: it ends by itself
     */
    private Start start(List<String> words, @Nullable String until) throws IOException, InterruptedException {
        double cpu = Usage.cpuSecondsOfChildren();
        long began = System.nanoTime();
        Process process = new ProcessBuilder(program.command(words))
                .redirectErrorStream(true)
                .start();
        current = process;
        try (BufferedReader lines = process.inputReader()) {
            String last = "nothing was said";
            boolean reached = false;
            String line = lines.readLine();
            while (line != null && !reached) {
                last = line;
                reached = until != null && line.startsWith(until);
                line = reached ? null : lines.readLine();
            }
            if (!reached) {
                int code = process.waitFor();
                if (until != null || code != 0) {
                    throw new IOException(String.join(" ", words) + " ended with code " + code + ": " + last);
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            process.destroyForcibly().waitFor();
            return new Start(seconds, Usage.cpuSecondsOfChildren() - cpu);
        } finally {
            process.destroyForcibly();
        }
    }
}
