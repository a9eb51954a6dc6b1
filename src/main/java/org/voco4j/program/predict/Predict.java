package org.voco4j.program.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.downstream.model.CardFacts;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.Progress;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.preprocess.Preprocess;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;
import org.voco4j.volume.Channels;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.dicom.SegmentationObject;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scans to label maps on their own grids, with one model for all of them.
 *
 * <p>What is there already, whole and made of the same scan by the same model and options, is left as it is, so an
 * interrupted run goes on where it was; what another model made is made again. A scan that cannot be segmented is named
 * with the reason, and the others go on. {@code labels.json} beside the results says what their values mean.
 */
public final class Predict {
    private static final double BETWEEN = 10; // seconds between two lines about one scan

    /**
     * What to do.
     *
     * @param in folders, lists or files, see {@link DataSet#open}
     * @param out a folder apart from the scans, or, for a single scan, the file to write
     * @param format the ending of the results without its dot, or {@code dicom-seg} or {@code dicom-labelmap}, unless {@code
     *     out} is a file
     * @param layout of a challenge, by which results are named; null: as their scans
     * @param options how each scan is segmented
     */
    public record Task(
            List<Path> in,
            Path out,
            String format,
            @Nullable ChallengeLayout layout,
            SegmenterOptions options) {}

    /**
     * How it ended.
     *
     * @param written ids of the scans that were segmented now
     * @param kept how many were there already
     * @param failed what went wrong, a sentence per scan
     * @param results the label maps that are there now, in the order of their scans
     */
    public record Outcome(List<String> written, int kept, List<String> failed, List<Path> results) {

        /** Copies the lists. */
        public Outcome {
            written = List.copyOf(written);
            failed = List.copyOf(failed);
            results = List.copyOf(results);
        }
    }

    private final Segmenter segmenter;
    private final ResultFormat format;
    private final Map<String, Object> settings;
    private final @Nullable SegmentationObject object;
    private final Task task;
    private final RunLog log;
    private final List<String> written = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<Path> results = new ArrayList<>();
    private int kept;
    private double spent;

    private Predict(Segmenter segmenter, Task task, RunLog log) {
        this.format = ResultFormat.of(task.out, task.format);
        this.segmenter = format.coded(segmenter);
        this.settings = settings(this.segmenter, task.options, format);
        this.object = format.object(this.segmenter);
        this.task = task;
        this.log = log;
    }

    /**
     * Loads a model.
     *
     * @param weights runs' folders or files; of several the logits are averaged
     * @param recipe what the weights are for, where their files do not say; null: as they say
     * @throws UsageException if there are none, or they do not say, or do not fit, what is needed
     */
    public static Segmenter load(List<Path> weights, @Nullable FinetuneRecipe recipe, Device device) {
        try {
            List<ModelFile> files = new ArrayList<>();
            for (Path path : weights) {
                files.add(ModelFile.read(path));
            }
            ModelCard stated = recipe == null ? null : recipe.card(files.get(0).inputChannels());
            return Segmenter.load(files, stated, device);
        } catch (IOException e) {
            throw new UsageException(
                    "--weights: " + e.getMessage()
                            + (e.getCause() instanceof CardFacts.Unsaid
                                    ? "; --recipe says it for weights of other programs"
                                    : ""),
                    e);
        }
    }

    /**
     * A model whose label maps have the values of a challenge.
     *
     * @throws UsageException if the challenge lacks one of its classes
     */
    public static Segmenter coded(Segmenter segmenter, ChallengeLayout layout) {
        ModelLabels own = segmenter.card().labels();
        try {
            if (own.regions()) {
                throw new IllegalArgumentException("the model segments regions that overlap, " + own.names());
            }
            List<Integer> values = layout.values(own.names());
            Map<String, List<Integer>> coded = new LinkedHashMap<>();
            own.names().forEach(name -> coded.put(name, List.of(values.get(coded.size()))));
            return segmenter.relabelled(new ModelLabels(coded, List.of(), own.colours()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--layout: " + e.getMessage(), e);
        }
    }

    /**
     * Segments scans.
     *
     * @throws UsageException if there is no scan, a result would lie in the place of one or of another, or labels.json is
     *     there for other classes
     * @throws IOException if results cannot be written
     * @throws java.util.concurrent.CancellationException if the options say so; what was finished stays
     */
    public static Outcome run(Segmenter segmenter, Task task, RunLog log) throws IOException {
        return new Predict(segmenter, task, log).run();
    }

    /** Whether a path is that of a result, not of a folder. */
    public static boolean isFile(Path path) {
        return ResultFormat.isFile(path);
    }

    private Outcome run() throws IOException {
        DataSet found = OpenedData.opened(() -> DataSet.given(
                task.in,
                segmenter.card().channels(),
                segmenter.card().backbone().dims()));
        failed.addAll(OpenedData.failures(found.findings(), log));
        List<Case> scans = found.cases();
        if (scans.isEmpty() && failed.isEmpty()) {
            throw new UsageException("there is no scan to segment in "
                    + String.join(", ", task.in.stream().map(Path::toString).toList())
                    + Finding.reason(found.findings()));
        }
        boolean single = isFile(task.out);
        if (segmenter.card().backbone().dims() == 3
                && object == null
                && !Formats.any().writes(Path.of("a" + format.ending()))) {
            throw new UsageException(
                    "a result with many slices is no picture: expected .nii.gz, .nii, .nrrd or .mha, not "
                            + format.ending());
        }
        if (single && scans.size() + failed.size() > 1) {
            throw new UsageException("-o: " + task.out + " is one file, but there are " + (scans.size() + failed.size())
                    + " scans; name a folder");
        }
        Path folder = single ? task.out.toAbsolutePath().resolveSibling("") : task.out;
        if (!single) {
            Preprocess.requireApart(task.in.stream().filter(Files::isDirectory).toList(), folder);
        }
        Map<Case, PredictedFile> places = new LinkedHashMap<>();
        for (Case scan : scans) {
            String ending = format.ending();
            String file = single ? task.out.getFileName().toString() : resultName(scan) + ending;
            places.put(scan, PredictedFile.of(folder, file.substring(0, file.length() - ending.length()), ending));
        }
        requireNoInputReplaced(places);
        requireApart(places);
        writeLabels(folder);
        int done = 0;
        for (Map.Entry<Case, PredictedFile> place : places.entrySet()) {
            done++;
            one(place.getKey(), place.getValue(), done, scans.size());
        }
        return new Outcome(written, kept, failed, results);
    }

    /** What a result is called: the scan's id, of several files without the number of the channel. */
    private static String name(Case scan) {
        return scan.images().files().size() > 1 ? scan.id().replaceFirst("_\\d{4}$", "") : scan.id();
    }

    private String resultName(Case scan) {
        String name = name(scan);
        if (task.layout == null) {
            return name;
        }
        try {
            String file = task.layout.fileName(name.substring(name.lastIndexOf('/') + 1));
            return ScanFile.name(Path.of(file));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--layout: " + e.getMessage(), e);
        }
    }

    /** Two results in one file: the second would replace the first. */
    private static void requireApart(Map<Case, PredictedFile> places) {
        Map<Path, Case> taken = new HashMap<>();
        places.forEach((scan, place) -> {
            Case other = taken.putIfAbsent(place.labels().normalize(), scan);
            if (other != null) {
                throw new UsageException("-o: the results of " + other.file() + " and " + scan.file()
                        + " would both be " + place.labels() + "; segment them into two folders");
            }
        });
    }

    /** Says what the values mean; where other results lie, that has to be the same. */
    private void writeLabels(Path folder) throws IOException {
        Path file = folder.resolve("labels.json");
        JsonMapper json = JsonMapper.shared();
        String text = json.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(segmenter.card().labels().document())
                + "\n";
        if (Files.exists(file)) {
            try {
                if (json.readTree(text).equals(json.readTree(Files.readAllBytes(file)))) {
                    return;
                }
            } catch (JacksonException noJson) {
                // it is somebody's all the same
            }
            throw new UsageException("-o: " + file + " says what other label maps mean than those of this model, "
                    + String.join(", ", segmenter.card().labels().names())
                    + "; name another folder, or take that file away if nothing needs it");
        }
        Files.createDirectories(folder);
        AtomicFile.write(file, text);
    }

    private static void requireNoInputReplaced(Map<Case, PredictedFile> places) throws IOException {
        for (PredictedFile place : places.values()) {
            for (Case scan : places.keySet()) {
                for (Path file : scan.images().files()) {
                    if (Files.exists(place.labels()) && Files.isSameFile(place.labels(), file)) {
                        throw new UsageException(
                                "-o: the result would take the place of the scan " + file + "; name another folder");
                    }
                }
            }
        }
    }

    private void one(Case scan, PredictedFile place, int number, int of) throws IOException {
        long start = System.nanoTime();
        Segmenter.Segmentation result;
        Map<String, Object> origin;
        try {
            origin = origin(scan);
            if (place.isMadeOf(origin)) {
                kept++;
                results.add(place.labels());
                return;
            }
            Channels read = scan.images().read(PredictedFile.FORMAT);
            if (object != null) {
                object.require(PredictedFile.FORMAT.files(scan.file()), read.shape(), read.affine());
            }
            result =
                    segmenter.segment(read, task.options.withProgress(progress(number + "/" + of + "  " + name(scan))));
        } catch (IOException | IllegalArgumentException | OutOfMemoryError e) {
            String sentence = FileReason.ofScan(scan.file(), e);
            failed.add(sentence);
            log.warn("Left out: " + sentence);
            return;
        }
        place.write(scan.images().files(), origin, result, object); // a disk that is full is full for the next one too
        written.add(name(scan));
        results.add(place.labels());
        double seconds = (System.nanoTime() - start) / 1e9;
        spent += seconds;
        log.say(String.format(
                Locale.ROOT,
                "%d/%d  %s: %s voxels, %.1f s; at most %s left",
                number,
                of,
                name(scan),
                result.labels().shape(),
                seconds,
                TimeSpan.words(spent / written.size() * (of - number))));
    }

    private Progress progress(String scan) {
        long[] times = {System.nanoTime(), System.nanoTime()}; // begun, last told
        return (done, of) -> {
            long now = System.nanoTime();
            if ((now - times[1]) / 1e9 >= BETWEEN && done < of) {
                times[1] = now;
                double left = (now - times[0]) / 1e9 / done * (of - done);
                log.say(scan + ": window " + done + " of " + of + ", " + TimeSpan.words(left) + " left");
            }
            task.options.progress().windows(done, of);
        };
    }

    /** What a result is made of: changes when the scan's files, the model or the options do. */
    private Map<String, Object> origin(Case scan) throws IOException {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("scan", DataDigest.withHeaders(scan.images().files()));
        origin.putAll(settings);
        return origin;
    }

    private static Map<String, Object> settings(Segmenter segmenter, SegmenterOptions options, ResultFormat format) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("model", segmenter.digest());
        settings.put("card", segmenter.card().facts());
        settings.put("overlap", options.overlap());
        settings.put("blend", options.blend() == null ? null : options.blend().name());
        settings.put("mirror", options.mirror());
        settings.put("probabilities", options.probabilities());
        settings.put("largestComponent", options.largestComponent());
        if (format.dicom() != null) {
            settings.put("dicom", format.dicom().name());
        }
        return settings;
    }
}
