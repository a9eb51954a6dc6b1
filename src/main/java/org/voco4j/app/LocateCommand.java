package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.app.option.SeriesOption;
import org.voco4j.app.option.VoxelReader;
import org.voco4j.corpus.ScanFile;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.locate.Locate;
import org.voco4j.program.locate.LocateReport;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.Drawing;
import org.voco4j.volume.Voxel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco locate}: where pre-trained weights see a crop of a scan, beside where it lies. */
@Command(
        name = "locate",
        description = "Shows where pre-trained weights see crops of a scan among its bases, or those of another scan,"
                + " and where they lie: a table and a picture (the paper's Fig. 4).",
        footer = {
            "",
            "Scans are prepared as the weights were trained. The crop asked for joins 16",
            "others that are the same every time, because a feature depends on its batch.",
            "Along an axis with one base (z in most recipes) a crop spans the scan, wherever",
            "its centre is."
        })
final class LocateCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "W",
            description = "The folder of a finished pre-training run, or its model.safetensors.")
    private Path weights = Path.of("");

    @Mixin
    private final SeriesOption series = new SeriesOption();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    @Option(
            names = {"-i", "--in"},
            required = true,
            paramLabel = "VOLUME",
            description = "The scan that crops are taken from.")
    private Path scan = Path.of("");

    @Option(
            names = "--against",
            paramLabel = "VOLUME",
            description = "The scan with the bases, best of another patient (default: the same scan).")
    private @Nullable Path against;

    @Option(
            names = "--crop",
            paramLabel = "X,Y,Z",
            converter = VoxelReader.class,
            description = "The centre of a crop, as voxel of the file counted from 0. Without it the one of 16 is"
                    + " drawn whose largest share is nearest to one half.")
    private @Nullable Voxel crop;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "PNG",
            description = "The picture (default: the scan's name with _locate.png, here).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = common.terminal();
        Path picture = picture();
        if (against != null && Files.exists(scan) && Files.exists(against) && Files.isSameFile(scan, against)) {
            throw new UsageException("--against is the scan itself, which is compared with itself without --against");
        }
        PretrainedModel model = PretrainedModel.read(weights);
        Device device = LibtorchSetup.prepare(common);
        Locate.Outcome outcome = Locate.run(model, series.of(List.of(scan)).get(0), against, crop, device);
        String moved = LocateReport.moved(outcome);
        if (moved != null) {
            terminal.warn(moved);
        }
        LocateReport.lines(outcome).forEach(terminal::print); // first: the picture may fail
        String why = Drawing.attempt(() -> LocateReport.picture(outcome).write(picture));
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>(LocateReport.document(outcome));
            document.put("weights", weights.toString());
            document.put("picture", why == null ? picture.toString() : null);
            terminal.document(document);
        }
        if (why == null) {
            terminal.print("Picture: " + picture);
        } else {
            terminal.warn("warning: " + picture + " could not be drawn: " + why);
        }
        return ExitCode.DONE;
    }

    /** Where the picture goes; by its name it can be neither a scan nor weights. */
    private Path picture() {
        Path file = out == null ? Path.of(ScanFile.name(scan) + "_locate.png") : out;
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new UsageException("-o: the picture is a PNG file and needs a name that ends with .png, not " + file);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw new UsageException("-o: there is no folder for a file " + file);
        }
        return file;
    }
}
