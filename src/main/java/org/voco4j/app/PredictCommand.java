package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.option.ArchiveOptions;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.archive.DicomWeb;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.predict.ChallengeLayout;
import org.voco4j.program.predict.Predict;
import org.voco4j.program.predict.PredictClasses;
import org.voco4j.program.predict.ResultFormat;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco predict}: scans in, label maps on their own grids out; of a classification, a table. */
@Command(
        name = "predict",
        description = "Segments scans with a model of voco finetune: overlapping windows, and the labels on each scan's"
                + " own grid. With a model for classification: a .csv with each scan's class and probabilities.",
        footer = {
            "",
            "OUT gets ID.nii.gz for each scan, ID.prediction.json (what it was made of) and",
            "labels.json (what the values mean). What is there already, whole and of the same",
            "scan, model and options, is kept, so an interrupted run goes on when it is",
            "started again; broken scans are named and passed over (exit code 1).",
            "Files NAME_0000, NAME_0001, … are the channels of one scan where the model takes",
            "several. A model file of voco finetune says all that is needed; for weights of",
            "other programs name a recipe for finetune whose labels are their classes.",
            "A series of an archive is fetched to IN and segmented from there. The login comes",
            "from the environment: VOCO_DICOMWEB_TOKEN, or VOCO_DICOMWEB_USER and",
            "VOCO_DICOMWEB_PASSWORD."
        })
final class PredictCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final MemoryOption.OfSegmenting memory = new MemoryOption.OfSegmenting();

    @Mixin
    private final ArchiveOptions archive = new ArchiveOptions();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    @Option(
            names = {"-i", "--in"},
            required = true,
            paramLabel = "IN",
            description =
                    "Scans: a folder, a list or a file. Repeatable. With --series the folder that it is fetched to.")
    private List<Path> in = List.of();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "OUT",
            description = "The folder to write to; for one scan also a file; with a model for classification a .csv.")
    private Path out = Path.of("");

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "W",
            description = "The folder of a finished run of voco finetune, or a .safetensors, .pt or .pth file. Given"
                    + " several times the logits are averaged, as of the folds of one data set.")
    private List<Path> weights = List.of();

    @Option(
            names = "--overlap",
            paramLabel = "SHARE",
            description = "Of windows, per axis, from 0 to below 1 (default: the model's).")
    private @Nullable Double overlap;

    @Option(
            names = "--blend",
            paramLabel = "B",
            description = "gaussian or constant: what overlapping windows weigh (default: the model's).")
    private @Nullable Blend blend;

    @Option(
            names = "--mirror",
            description = "Take the mean over all 8 reflections of each window. Only for models that were trained with"
                    + " reflections; refused where classes name sides.")
    private boolean mirror;

    @Option(
            names = "--probabilities",
            description = "Write probabilities/ID/000, 001, … too: the background, then each class; or each region.")
    private boolean probabilities;

    @Option(
            names = "--largest-component",
            description = "Keep only the largest connected part of each class (26 neighbours).")
    private boolean largestComponent;

    @Option(
            names = "--format",
            paramLabel = "F",
            description =
                    "Of the results: nii.gz, nii, nrrd, mha, (of 2-D images) png, or dicom-seg: DICOM Segmentation"
                            + " objects in the study of their scans (default: nii.gz; with --store dicom-seg).")
    private @Nullable String format;

    @Option(
            names = "--labelmap",
            description = "With --format dicom-seg: all segments in one frame a slice (Label Map Segmentation Storage,"
                    + " DICOM 2024), not each in frames of its own.")
    private boolean labelMap;

    @Option(
            names = "--layout",
            paramLabel = "CHALLENGE",
            description = "btcv, flare23 or amos22: name and code the results as that challenge's label maps are.")
    private @Nullable ChallengeLayout layout;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = common.terminal();
        RunLog log = new TerminalLog(terminal);
        DicomWeb from = archive.archive(in, log);
        if (recipe.given() && !recipe.named()) {
            throw new UsageException(
                    "--set changes a recipe that --recipe names, and a model says itself how it was made;"
                            + " --overlap, --blend and --mirror say how to predict");
        }
        if (weights.stream().allMatch(PredictClasses::isFor)) {
            return classify(terminal, from);
        }
        String asked = format == null ? archive.store() ? ResultFormat.DICOM_SEG : "nii.gz" : format;
        if (labelMap && !asked.equals(ResultFormat.DICOM_SEG)) {
            throw new UsageException("--labelmap is for --format " + ResultFormat.DICOM_SEG + ", not " + asked);
        }
        String named = labelMap ? ResultFormat.DICOM_LABELMAP : asked;
        boolean dicom = ResultFormat.of(out, named).isDicom();
        if (archive.store() && !dicom) {
            throw new UsageException("--store is for --format " + ResultFormat.DICOM_SEG + ", which archives take");
        }
        if (probabilities && (asked.equals("png") || dicom)) {
            throw new UsageException("--probabilities are no whole numbers, which "
                    + (dicom ? ResultFormat.DICOM_SEG : "a png") + " holds: --format nrrd, for example");
        }
        if (layout != null && dicom) {
            throw new UsageException(
                    "--layout is for label maps, which a challenge takes, not for --format " + ResultFormat.DICOM_SEG);
        }
        if (overlap != null && !(overlap >= 0 && overlap < 1)) {
            throw new UsageException("--overlap must lie in [0, 1), not " + overlap);
        }
        if (!Predict.isFile(out)) {
            OutFolder.require(
                    "-o", out, ", or for one scan a file .nii.gz, .nii, .nrrd, .mha, .dcm or (of a 2-D image) .png");
        }
        Device device = LibtorchSetup.prepare(common);
        FinetuneRecipe stated =
                recipe.named() ? recipe.load("finetune", null, common).bind(FinetuneRecipe.class) : null;
        Predict.Outcome outcome;
        try (Segmenter loaded = Predict.load(weights, stated, device)) {
            if (mirror) {
                try {
                    loaded.requireNoSides();
                } catch (IllegalArgumentException sides) {
                    throw new UsageException("--mirror: " + sides.getMessage(), sides);
                }
            }
            Segmenter segmenter = layout == null ? loaded : Predict.coded(loaded, layout);
            List<Path> scans = archive.scans(from, in, log);
            try (StopSignal stop = new StopSignal(terminal, "Stopping; finished scans stay.")) {
                SegmenterOptions options = new SegmenterOptions(
                        overlap,
                        blend,
                        mirror,
                        probabilities,
                        largestComponent,
                        memory.bytes(),
                        common.threads(),
                        (done, of) -> {},
                        stop);
                outcome = Predict.run(segmenter, new Predict.Task(scans, out, named, layout, options), log);
            }
        } catch (CancellationException stopped) {
            terminal.warn("Stopped; the same command goes on with what is not finished.");
            return ExitCode.TERMINATED; // the signal's own code replaces it
        }
        archive.store(from, outcome.results(), log);
        return tell(terminal, outcome);
    }

    private int classify(Terminal terminal, @Nullable DicomWeb from) throws IOException {
        if (overlap != null
                || blend != null
                || mirror
                || probabilities
                || largestComponent
                || labelMap
                || archive.store()
                || layout != null) {
            throw new UsageException(
                    "--weights are of a classification, which knows none of --overlap, --blend, --mirror,"
                            + " --probabilities, --largest-component, --labelmap, --store, --layout");
        }
        if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".csv") || Files.isDirectory(out)) {
            throw new UsageException("-o: expected the name of a .csv for the classes of the scans, found " + out);
        }
        Device device = LibtorchSetup.prepare(common);
        RunLog log = new TerminalLog(terminal);
        List<Path> scans = archive.scans(from, in, log);
        try (Classifier classifier = PredictClasses.load(weights, device);
                StopSignal stop = new StopSignal(terminal, "Stopping; nothing is written.")) {
            PredictClasses.Outcome outcome = PredictClasses.run(classifier, scans, out, log, stop);
            if (outcome.stopped()) {
                terminal.warn("Stopped; there is no " + out + ".");
                return ExitCode.TERMINATED; // the signal's own code replaces it
            }
            if (terminal.json()) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("out", out.toString());
                document.put("written", outcome.written());
                document.put("failed", outcome.failed());
                terminal.document(document);
            }
            terminal.print(outcome.written().size() + " scans classified in " + out
                    + (outcome.failed().isEmpty() ? "" : ", " + outcome.failed().size() + " failed"));
            return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private int tell(Terminal terminal, Predict.Outcome outcome) {
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", out.toString());
            document.put("written", outcome.written());
            document.put("kept", outcome.kept());
            document.put("failed", outcome.failed());
            document.put("stored", archive.store() ? outcome.results().size() : 0);
            terminal.document(document);
        }
        int count = outcome.written().size();
        terminal.print(count + (count == 1 ? " scan" : " scans") + " segmented: " + out
                + (outcome.kept() > 0 ? ", " + outcome.kept() + " were there" : "")
                + (outcome.failed().isEmpty() ? "" : ", " + outcome.failed().size() + " failed")
                + (archive.store() ? ", " + outcome.results().size() + " in the archive" : ""));
        return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
