package org.voco4j.app;

import java.util.concurrent.Callable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.benchmark.BenchmarkResult;
import org.voco4j.program.benchmark.PredictBenchmark;
import org.voco4j.volume.Shape3;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code voco benchmark predict}: what segmenting a scan costs. */
@Command(
        name = "predict",
        description = "Times segmenting a synthetic scan with a tiny network of random weights, from the voxels to the"
                + " labels on the scan's own grid.",
        footer = {"", "Memory above the idle program is peak_rss_mb less idle_rss_mb."})
final class BenchmarkPredictCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final PredictMemoryOption memory = new PredictMemoryOption();

    @Option(
            names = "--size",
            paramLabel = "X,Y,Z",
            defaultValue = "256,256,200",
            converter = SizeReader.class,
            description = "Voxels of the scan (default: ${DEFAULT-VALUE}).")
    private Shape3 size = Shape3.cube(1);

    @Option(
            names = "--window",
            paramLabel = "X,Y,Z",
            defaultValue = "96,96,96",
            converter = SizeReader.class,
            description = "Voxels of a window (default: ${DEFAULT-VALUE}).")
    private Shape3 window = Shape3.cube(1);

    @Option(
            names = "--classes",
            paramLabel = "K",
            defaultValue = "14",
            description = "The background among them (default: ${DEFAULT-VALUE}).")
    private int classes;

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        Device device = LibtorchSetup.prepare(common);
        BenchmarkResult result = PredictBenchmark.run(
                new PredictBenchmark.Plan(size, window, classes, memory.bytes(), common.threads()), device);
        return BenchmarkCommand.tell(terminal, result);
    }

    /** Reads three whole numbers above 0. */
    static final class SizeReader implements ITypeConverter<Shape3> {
        @Override
        public Shape3 convert(String text) {
            String[] parts = text.split(",");
            if (parts.length != 3 || !text.matches("[1-9]\\d{0,4}(,[1-9]\\d{0,4}){2}")) {
                throw new TypeConversionException("'" + text + "' is no size; write X,Y,Z such as 512,512,400");
            }
            return new Shape3(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }
    }
}
