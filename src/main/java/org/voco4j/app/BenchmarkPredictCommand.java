package org.voco4j.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.program.benchmark.NetworkChoice;
import org.voco4j.program.benchmark.PredictBenchmark;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.volume.Shape3;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code voco benchmark predict}: what segmenting a scan costs. */
@Command(
        name = "predict",
        description = "Times segmenting a synthetic scan, from the voxels to the labels on the scan's own grid. The"
                + " network is a tiny U-Net with random weights unless --set, --recipe or --weights says which.",
        footer = {
            "",
            "--set model.encoder=swin-unetr --set model.featureSize=12, for example, times",
            "that network. --weights alone times a model of voco finetune as it is; weights",
            "of other programs need the settings too. The first repeat is slower: Java",
            "compiles what it runs. Memory above the idle program is peak_rss_mb less",
            "idle_rss_mb."
        })
final class BenchmarkPredictCommand implements Callable<Integer> {
    private static final List<String> TINY = List.of("model.encoder=unet", "model.channels=[8, 16, 32]");

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final MemoryOption.OfSegmenting memory = new MemoryOption.OfSegmenting();

    @Mixin
    private final BenchmarkCommand.ProfileOption profile = new BenchmarkCommand.ProfileOption();

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "A run folder of voco finetune, or a .safetensors, .pt or .pth file.")
    private @Nullable Path weights;

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
            converter = SizeReader.class,
            description = "Voxels of a window (default: what the recipe or the weights say; 96,96,96 without either).")
    private @Nullable Shape3 window;

    @Option(
            names = "--classes",
            paramLabel = "K",
            description = "The background among them, where neither recipe nor weights name them (default: 14).")
    private @Nullable Integer classes;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "fp32",
            description = "What the network computes in, fp32 or bf16; voco predict computes in fp32 (default:"
                    + " ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FP32;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        PredictBenchmark.Plan plan =
                new PredictBenchmark.Plan(size, precision, memory.bytes(), common.threads(), repeats, profile.on);
        FinetuneRecipe stated = weights != null && !recipe.given()
                ? null
                : recipe.load("finetune", null, recipe.named() ? List.of() : TINY, common)
                        .bind(FinetuneRecipe.class);
        Device device = LibtorchSetup.prepare(common);
        return BenchmarkCommand.tell(
                terminal, PredictBenchmark.run(new NetworkChoice(stated, weights, classes, window), plan, device));
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
