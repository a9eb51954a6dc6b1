package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.file.FileReason;
import org.voco4j.measure.segmentation.SegmentationScore;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Label maps against the true ones: one case after the other, or as many at once as threads and memory allow.
 *
 * <p>A case that cannot be compared is a problem with its reason, and the others go on.
 */
public final class Evaluate {
    /** Bytes that comparing takes for each voxel: a volume as stored, maps before and after turning, surfaces. */
    private static final long BYTES_PER_VOXEL = 16;

    private static final double SILENT = 2; // seconds between lines of progress

    /** On which grid label maps are compared. */
    public enum Grid {
        /** That of truth, as a clinician sees it; predictions have to lie on it. */
        NATIVE,
        /** That of the model, as training validates. */
        MODEL
    }

    /**
     * What is to be compared.
     *
     * @param predictions what each is called → a folder or file
     * @param truth a folder of label maps, a labelled data set, or a file
     * @param labels the classes, see {@link EvaluatedClasses}; null for those that the data name
     * @param toleranceMm how far a surface may lie from the true one and still count as right
     * @param model the model whose grid is compared on; null for truth's own
     * @param images a folder with the scans, where truth's list does not name them; null if none is needed
     * @param threads cases compared at once, at most
     */
    public record Request(
            Map<String, Path> predictions,
            Path truth,
            @Nullable String labels,
            double toleranceMm,
            @Nullable Path model,
            @Nullable Path images,
            int threads) {

        /** On which grid. */
        Grid grid() {
            return model == null ? Grid.NATIVE : Grid.MODEL;
        }
    }

    /**
     * What came out.
     *
     * @param predictions where they lie
     * @param report the scores
     * @param problems what could not be compared, a sentence each
     * @param notes what else to know, a sentence each
     */
    public record Result(Path predictions, SegmentationScores report, List<String> problems, List<String> notes) {

        /** Copies the lists. */
        public Result {
            problems = List.copyOf(problems);
            notes = List.copyOf(notes);
        }
    }

    private final Request request;
    private final RunLog log;
    private final VolumeFormat format = Formats.any(2);
    private final @Nullable Preprocessing preprocessing;

    private Evaluate(Request request, RunLog log) {
        this.request = request;
        this.log = log;
        this.preprocessing = request.model == null ? null : card(request.model).preprocessing();
    }

    /**
     * What a model says about itself.
     *
     * @throws UsageException if it is none of voco finetune
     */
    static ModelCard card(Path model) {
        try {
            return ModelFile.card(model);
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
    }

    /**
     * Compares.
     *
     * @return the results under the names of the predictions, in their order
     * @throws UsageException if there is nothing to compare, or the classes of predictions and truth do not go together
     */
    public static Map<String, Result> run(Request request, RunLog log) throws InterruptedException {
        Evaluate evaluate = new Evaluate(request, log);
        Map<String, ResultPairs> found = new LinkedHashMap<>();
        request.predictions.forEach((name, path) ->
                found.put(name, OpenedData.opened(() -> ResultPairs.of(path, request.truth, request.images))));
        if (request.model != null
                && found.values().stream()
                        .flatMap(pairs -> pairs.pairs().stream())
                        .allMatch(pair -> pair.images() == null)) {
            throw new UsageException(
                    "--images: the model's grid covers the foreground of scans, and no scan has the name of"
                            + " a label map in " + request.truth);
        }
        Map<String, EvaluatedClasses> classes = new LinkedHashMap<>();
        found.forEach((name, pairs) -> classes.put(
                name, OpenedData.opened(() -> EvaluatedClasses.of(request.labels, pairs, evaluate.format))));
        requireSameNames(classes);
        Map<String, Result> results = new LinkedHashMap<>();
        for (Map.Entry<String, Path> prediction : request.predictions.entrySet()) {
            String name = prediction.getKey();
            ResultPairs pairs = found.get(name);
            EvaluatedClasses own = classes.get(name);
            if (pairs != null && own != null) {
                results.put(name, evaluate.compare(prediction.getValue(), pairs, own));
            }
        }
        return results;
    }

    private static void requireSameNames(Map<String, EvaluatedClasses> classes) {
        List<String> first = null;
        for (Map.Entry<String, EvaluatedClasses> entry : classes.entrySet()) {
            List<String> own = entry.getValue().truth().names();
            if (first != null && !first.equals(own)) {
                throw new UsageException("--pred: " + entry.getKey() + " has the classes " + own + ", others have "
                        + first + "; --labels says which are compared");
            }
            first = own;
        }
    }

    private Result compare(Path predictions, ResultPairs pairs, EvaluatedClasses classes) throws InterruptedException {
        List<String> problems = new ArrayList<>(pairs.problems());
        problems.forEach(log::warn);
        List<SegmentationScores.Case> cases = new ArrayList<>();
        SortedMap<Integer, Integer> inTruth = new TreeMap<>();
        SortedMap<Integer, Integer> inPrediction = new TreeMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(atOnce(pairs.pairs()), work -> {
            Thread thread = new Thread(work, "voco-evaluate");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Compared>> working = new ArrayList<>();
            for (ResultPair pair : pairs.pairs()) {
                working.add(pool.submit(() -> compare(pair, classes)));
            }
            long began = System.nanoTime();
            double said = 0;
            for (int i = 0; i < working.size(); i++) {
                ResultPair pair = pairs.pairs().get(i);
                try {
                    Compared compared = working.get(i).get();
                    cases.add(new SegmentationScores.Case(pair.id(), compared.score));
                    compared.unnamedInTruth.forEach(value -> inTruth.merge(value, 1, Integer::sum));
                    compared.unnamedInPrediction.forEach(value -> inPrediction.merge(value, 1, Integer::sum));
                } catch (ExecutionException e) {
                    String sentence = sentence(pair, e.getCause());
                    problems.add(sentence);
                    log.warn(sentence);
                }
                double seconds = (System.nanoTime() - began) * 1e-9;
                if (seconds - said >= SILENT) {
                    said = seconds;
                    double left = seconds / (i + 1) * (working.size() - i - 1);
                    log.say("Compared " + (i + 1) + " of " + working.size() + " cases, about " + TimeSpan.words(left)
                            + " left");
                }
            }
        } finally {
            pool.shutdownNow();
        }
        List<String> notes = new ArrayList<>();
        note("truth", inTruth, notes);
        note("predictions", inPrediction, notes);
        notes.forEach(log::warn);
        return new Result(predictions, new SegmentationScores(classes.truth().names(), cases), problems, notes);
    }

    /** What a file may cause; everything else is a fault of the program. */
    private static String sentence(ResultPair pair, @Nullable Throwable fault) {
        if (fault instanceof IOException || fault instanceof OutOfMemoryError) {
            return FileReason.ofScan(pair.truth(), fault);
        }
        throw new IllegalStateException("case " + pair.id(), fault);
    }

    private static void note(String where, SortedMap<Integer, Integer> unnamed, List<String> notes) {
        if (!unnamed.isEmpty()) {
            int most =
                    unnamed.values().stream().mapToInt(Integer::intValue).max().orElse(0);
            notes.add("In " + where + " these values are no class here and count as background: "
                    + OpenedData.names(
                            unnamed.keySet().stream().map(String::valueOf).toList())
                    + (most == 1 ? " (in 1 case)." : " (in up to " + most + " cases)."));
        }
    }

    private record Compared(
            SegmentationScore score, SortedSet<Integer> unnamedInTruth, SortedSet<Integer> unnamedInPrediction) {}

    private Compared compare(ResultPair pair, EvaluatedClasses classes) throws IOException {
        ResultPair.Maps maps = preprocessing == null
                ? pair.onOwnGrid(format, classes.prediction(), classes.truth())
                : pair.prepared(format, preprocessing, classes.prediction(), classes.truth());
        LabelMap truth = maps.truth().get(0);
        Spacing mm = truth.affine().spacing();
        SegmentationScore score = classes.truth().overlaps()
                ? SegmentationScore.ofRegions(maps.prediction(), maps.truth(), mm, request.toleranceMm)
                : SegmentationScore.of(
                        maps.prediction().get(0), truth, classes.truth().names().size() + 1, mm, request.toleranceMm);
        return new Compared(score, maps.unnamedInTruth(), maps.unnamedInPrediction());
    }

    /** As many cases as threads, and as fit in half of the Java heap; the largest says what one takes. */
    private int atOnce(List<ResultPair> pairs) {
        long largest = 1;
        for (ResultPair pair : pairs) {
            try {
                largest = Math.max(largest, format.header(pair.truth()).shape().voxels());
            } catch (IOException unreadable) {
                // it is a problem where it is compared
            }
        }
        long fit = Runtime.getRuntime().maxMemory() / 2 / (BYTES_PER_VOXEL * largest);
        return (int) Math.max(1, Math.min(Math.min(request.threads, pairs.size()), fit));
    }
}
