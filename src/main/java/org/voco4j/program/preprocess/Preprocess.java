package org.voco4j.program.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.program.finetune.ClassNames;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.format.Formats;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scans to files on the model's grid, as training would see them before it rounds them, each with the way back.
 *
 * <p>What is there already, whole and made of the same scan by the same steps, is left as it is, so an interrupted run goes
 * on where it was. A scan that cannot be prepared is named with the reason, and the others go on.
 */
public final class Preprocess {
    private static final String NAME = "prepared"; // of the data set that is written

    /** One scan: the files that are read, and how. */
    private record Scan(String id, int channels, List<Path> files, Loader loader) {}

    private interface Loader {
        Preprocessing.Prepared load(int threads) throws IOException;
    }

    /**
     * How it ended.
     *
     * @param written ids of the scans that were prepared now
     * @param kept how many were there already
     * @param failed what went wrong, a sentence per scan
     */
    public record Outcome(List<String> written, int kept, List<String> failed) {

        /** Copies the lists. */
        public Outcome {
            written = List.copyOf(written);
            failed = List.copyOf(failed);
        }
    }

    private final Path out;
    private final int threads;
    private final RunLog log;
    private final Map<String, Object> steps;
    private final @Nullable LabelSchema classes;
    private final List<String> failed = new ArrayList<>();
    private String reason = ""; // why there may be no scan

    private Preprocess(Path out, int threads, RunLog log, Preprocessing preprocessing, @Nullable LabelSchema classes) {
        this.out = out;
        this.threads = threads;
        this.log = log;
        this.steps = steps(preprocessing);
        this.classes = classes;
        if (classes != null) {
            steps.put("labels", classes.values());
            steps.put("ignored", classes.ignored());
        }
    }

    /**
     * Prepares scans for pre-training.
     *
     * @param data as for {@code voco pretrain}
     * @param out a folder apart from the data
     * @throws UsageException if there is no scan, or the folders are not apart
     */
    public static Outcome images(List<Path> data, Path out, PretrainRecipe recipe, int threads, RunLog log)
            throws IOException {
        requireApart(data, out);
        DataSet found = OpenedData.opened(
                () -> DataSet.open(data, null, 1, recipe.model().dims()));
        Preprocessing preprocessing = recipe.preprocessing();
        Preprocess work = new Preprocess(out, threads, log, preprocessing, null);
        work.tell(found.findings());
        List<Scan> scans = new ArrayList<>();
        for (Case scan : found.cases()) {
            scans.add(new Scan(
                    scan.id(), scan.images().channels(), scan.images().files(), own -> {
                        try {
                            return preprocessing.prepare(
                                    scan.images().read(Formats.any(preprocessing.dims())), null, own);
                        } catch (IllegalArgumentException e) {
                            throw new IOException(scan.file() + ": " + e.getMessage(), e);
                        }
                    }));
        }
        return work.run(scans);
    }

    /**
     * Prepares scans with their labels for fine-tuning; what is written is again a labelled data set, with the recipe's
     * classes 1…K and a {@code dataset.json} that names them.
     *
     * @param data as for {@code voco finetune}
     * @param out a folder apart from the data
     * @throws UsageException if there is no labelled scan, its labels have no names, or the folders are not apart
     */
    public static Outcome labelled(List<Path> data, Path out, FinetuneRecipe recipe, int threads, RunLog log)
            throws IOException {
        requireApart(data, out);
        LabelledSet found = OpenedData.opened(() -> LabelledSet.open(data, null));
        LabelSchema schema;
        try {
            schema = LabelSchema.of(recipe.labels(), found.labels());
        } catch (IllegalArgumentException e) {
            throw new UsageException("labels: " + e.getMessage(), e);
        }
        ClassNames.require(recipe, found);
        Preprocessing preprocessing = recipe.data().preprocessing();
        Preprocess work = new Preprocess(out, threads, log, preprocessing, schema);
        work.tell(found.findings());
        List<Scan> scans = new ArrayList<>();
        for (LabelledCase scan : found.cases()) {
            scans.add(new Scan(
                    scan.id(),
                    scan.images().channels(),
                    Stream.concat(scan.images().files().stream(), Stream.of(scan.label()))
                            .toList(),
                    own -> scan.prepare(Formats.any(preprocessing.dims()), preprocessing, schema, own)));
        }
        return work.run(scans);
    }

    /**
     * Brings a result on a prepared grid to the grid of the scan's own file; see {@link PreparedFile#bringBack}.
     *
     * @param result classes or values on the prepared grid
     * @param record the {@code .preprocessing.json} beside the prepared scan
     * @param out the file to write
     * @throws UsageException if they do not fit together
     */
    public static void bringBack(Path result, Path record, Path out) throws IOException {
        PreparedFile.bringBack(result, record, out);
    }

    /** What is written must not be found as a scan next time. */
    public static void requireApart(List<Path> data, Path out) {
        Path to = out.toAbsolutePath().normalize();
        for (Path argument : data) {
            Path from = argument.toAbsolutePath().normalize();
            if (to.startsWith(from) || (Files.isDirectory(from) && from.startsWith(to))) {
                throw new UsageException("the results need a folder of their own: " + out + " and " + argument
                        + " lie one in the other");
            }
        }
    }

    private static Map<String, Object> steps(Preprocessing preprocessing) {
        Map<String, Object> steps = new LinkedHashMap<>();
        Spacing mm = preprocessing.spacing();
        GridSize size = preprocessing.size();
        steps.put("revision", Preprocessing.REVISION);
        steps.put("spacing", mm == null ? null : List.of(mm.x(), mm.y(), mm.z()));
        steps.put("intensity", preprocessing.intensity().toString());
        steps.put("foreground", preprocessing.foregroundThreshold());
        steps.put("cut", preprocessing.cut().name().toLowerCase(Locale.ROOT));
        steps.put("size", size == null ? null : Arrays.asList(size.x(), size.y(), size.z())); // z may be null
        return steps;
    }

    private void tell(List<Finding> findings) {
        OpenedData.tell(findings, log);
        reason = Finding.reason(findings);
        findings.stream().filter(Finding::isFault).forEach(finding -> failed.add(finding.line()));
    }

    private Outcome run(List<Scan> scans) throws IOException {
        if (scans.isEmpty()) {
            throw new UsageException("there is no scan to prepare; voco reads " + Formats.words() + reason);
        }
        requireNoInputReplaced(scans);
        requireOwnList();
        List<String> written = new ArrayList<>();
        List<Map<String, Object>> pairs = new ArrayList<>();
        int kept = 0;
        double spent = 0;
        for (int i = 0; i < scans.size(); i++) {
            Scan scan = scans.get(i);
            long start = System.nanoTime();
            PreparedFile file;
            Map<String, Object> origin;
            Preprocessing.Prepared made = null;
            try {
                file = PreparedFile.of(out, scan.id, scan.channels, classes != null);
                origin = origin(scan);
                if (!file.isMadeOf(origin)) {
                    made = scan.loader.load(threads);
                }
            } catch (IOException | OutOfMemoryError e) {
                String sentence = FileReason.ofScan(scan.files.get(0), e);
                failed.add(sentence);
                log.warn("Left out: " + sentence);
                continue;
            }
            List<String> images = PreparedFile.names("./" + scan.id, scan.channels);
            pairs.add(Map.of(
                    "image", images.size() == 1 ? images.get(0) : images, "label", "./labels/" + scan.id + ".nii.gz"));
            if (made == null) {
                kept++;
                continue;
            }
            file.write(scan.files, origin, made); // a disk that is full is full for the next one too
            written.add(scan.id);
            double seconds = (System.nanoTime() - start) / 1e9;
            spent += seconds;
            log.say(String.format(
                    Locale.ROOT,
                    "%d/%d  %s: %s voxels, %.1f s; at most %s left",
                    i + 1,
                    scans.size(),
                    scan.id,
                    made.image().shape(),
                    seconds,
                    TimeSpan.words(spent / written.size() * (scans.size() - i - 1))));
        }
        if (classes != null) {
            writeList(pairs, classes);
        }
        return new Outcome(written, kept, failed);
    }

    /** A list that is not of prepared scans, or names other classes, is somebody's. */
    private void requireOwnList() throws IOException {
        Path list = out.resolve("dataset.json");
        if (classes == null || !Files.exists(list)) {
            return;
        }
        JsonMapper json = JsonMapper.shared();
        JsonNode root = json.missingNode();
        try {
            root = json.readTree(Files.readAllBytes(list));
        } catch (JacksonException noJson) {
            // it is somebody's all the same
        }
        if (!root.path("name").asString("").equals(NAME)
                || !root.path("labels").equals(json.readTree(json.writeValueAsString(labels(classes))))) {
            throw new UsageException(
                    "-o: " + list + " is of other scans or classes, and would be replaced; name another" + " folder");
        }
    }

    private void requireNoInputReplaced(List<Scan> scans) throws IOException {
        Set<Path> inputs = new HashSet<>();
        for (Scan scan : scans) {
            for (Path file : scan.files) {
                inputs.add(file.toRealPath());
            }
        }
        for (Scan scan : scans) {
            for (String name : PreparedFile.names(scan.id, scan.channels)) {
                Path image = out.resolve(name);
                if (Files.exists(image) && inputs.contains(image.toRealPath())) {
                    throw new UsageException("the prepared scans need a folder of their own: " + image + " is a scan");
                }
            }
        }
    }

    /** What a prepared scan is made of: changes when the scan's files or the steps do. */
    private Map<String, Object> origin(Scan scan) throws IOException {
        Map<String, Object> origin = new LinkedHashMap<>();
        List<String> contents = new ArrayList<>();
        for (Path file : scan.files) {
            contents.add(ScanFile.content(file));
        }
        origin.put("contents", contents);
        origin.put("steps", steps);
        return origin;
    }

    private static Map<String, String> labels(LabelSchema classes) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("0", "background");
        for (String name : classes.names()) {
            labels.put(String.valueOf(labels.size()), name);
        }
        if (!classes.ignored().isEmpty()) {
            labels.put(String.valueOf(LabelSchema.IGNORE), LabelSchema.IGNORE_NAME);
        }
        return labels;
    }

    /** The list of images and labels in the form of the Medical Segmentation Decathlon. */
    private void writeList(List<Map<String, Object>> pairs, LabelSchema classes) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", NAME);
        document.put("labels", labels(classes));
        document.put("numTraining", pairs.size());
        document.put("training", pairs);
        Files.createDirectories(out);
        AtomicFile.write(
                out.resolve("dataset.json"),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
    }
}
