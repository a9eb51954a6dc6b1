package org.voco4j.program.fewlabels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.Draws;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.ScanOrder;
import org.voco4j.volume.format.Nifti;

/**
 * Many short fine-tunes with few labelled scans, some at a time, each on one thread: what an arm is worth.
 *
 * <p>A fine-tune depends on its recipe, its labelled scans, its weights and its seed, not on what runs beside it. Arms
 * with the same seed are a pair: they have the same labelled scans, all of which show every class, the same patches in
 * the same order, and decoders that begin with the same weights unless theirs were handed on. With one seed the labelled scans are nested: two of them
 * are the one and another.
 *
 * @param scans by which labelled ones are chosen
 * @param scoring how Dice is counted
 * @param abreast how many at a time
 * @param folder where results are kept
 * @param stop asked after every step, by several threads
 */
public record FewLabelTrials(
        LabelledScans scans,
        Scoring scoring,
        Device device,
        int abreast,
        Path folder,
        RunLog log,
        BooleanSupplier stop) {
    /** The file with a line for every result. */
    public static final String RESULTS = "results.jsonl";

    /** How the name of a segmentation by a pictured task ends. */
    public static final String PICTURE = ".nii.gz";

    private static final int LABELLED = 3; // a branch of the draws that the patches do not use
    private static final int LOSSES = 100; // points of the loss that are kept

    /**
     * How Dice is counted.
     *
     * @param partlyLabelled whether scans show classes that their label maps lack: those are not counted there
     * @param onOwnGrids whether on the voxels that scans came with, as it has to be where tasks prepare them in different ways; otherwise
     *     on the grid of the model
     */
    public record Scoring(boolean partlyLabelled, boolean onOwnGrids) {
        /** On the model's grid, all classes. */
        public static final Scoring PLAIN = new Scoring(false, false);

        /** The scores of a trained network. */
        public SegmentationScores of(SegmentationTraining training, List<String> names)
                throws IOException, InterruptedException {
            return onOwnGrids ? training.measureOnOwnGrids(names) : training.measure(names, false);
        }
    }

    /**
     * A fine-tune to be done.
     *
     * @param arm the way of training
     * @param recipe without what the arm and the seed say
     * @param scans prepared as that says
     * @param weights of the arm's encoder; null where it is not pre-trained
     * @param labels how many labelled scans
     * @param seed of everything drawn
     * @param pictured whether its segmentation of the first scan is kept as a file
     */
    public record Task(
            Arm arm,
            RecipeTree recipe,
            LabelledScans scans,
            @Nullable StoredWeights weights,
            int labels,
            long seed,
            boolean pictured) {

        private FinetuneRecipe own() {
            List<String> settings = new ArrayList<>(arm.settings());
            settings.add("seed=" + seed);
            return recipe.with(settings).bind(FinetuneRecipe.class);
        }

        private String weightsDigest() {
            return weights == null ? "none" : weights.digest();
        }
    }

    /**
     * The first scans of a permutation that the seed draws, those left out that lack a class: whoever labels one scan
     * takes one that shows every organ.
     *
     * @throws IllegalArgumentException if too few scans show every class
     */
    public static List<String> labelled(LabelledScans scans, int count, long seed)
            throws IOException, InterruptedException {
        ScanOrder order =
                new ScanOrder(Draws.of(seed).at(LABELLED), scans.training().size());
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < scans.training().size() && chosen.size() < count; i++) {
            String name = scans.training().get(order.at(i));
            if (scans.source().scan(name).labels().showsAll(scans.classes().size())) {
                chosen.add(name);
            }
        }
        if (chosen.size() < count) {
            throw new IllegalArgumentException("only " + chosen.size() + " of "
                    + scans.training().size() + " scans show every class, " + count + " are to be labelled");
        }
        return chosen;
    }

    /** Where the segmentation of the first scan lies by a task that was pictured; its name tells it from that of any other task. */
    public static Path picture(Path folder, FewLabelsResult result) {
        return picture(folder, result.arm(), result.identity());
    }

    /** What files cannot be called in an arm's name is replaced. */
    private static Path picture(Path folder, String arm, String identity) {
        return folder.resolve(arm.replaceAll("[^\\w.+ -]", "_") + "-" + identity.substring(0, 8) + PICTURE);
    }

    /**
     * Does what is not done yet; what several tasks have in common is done once.
     *
     * @param what for the log: what these are
     * @param measured the scans that every one is measured on
     * @return the results in the order of the tasks; null if it was stopped before the last
     * @throws UsageException if the weights do not fit the network
     */
    public @Nullable List<FewLabelsResult> run(String what, List<Task> tasks, List<String> measured)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (FewLabelsFile file = FewLabelsFile.open(folder.resolve(RESULTS))) {
            Map<Task, String> identities = identities(tasks, measured);
            Set<String> distinct = new LinkedHashSet<>(identities.values());
            FewLabelsProgress progress =
                    new FewLabelsProgress(what, distinct.size(), Math.min(abreast, distinct.size()));
            List<Abreast.Job<FewLabelsResult>> jobs = new ArrayList<>();
            for (Map.Entry<Task, String> entry : identities.entrySet()) {
                Task task = entry.getKey();
                if (distinct.remove(entry.getValue()) || task.pictured) {
                    jobs.add(halt -> done(task, entry.getValue(), measured, file, progress, halt));
                }
            }
            new Abreast(abreast, stop).all(jobs);
            return found(tasks, identities, file.results());
        }
    }

    /**
     * The results of tasks that were done before.
     *
     * @return in the order of the tasks; null if one is not done
     */
    public @Nullable List<FewLabelsResult> find(List<Task> tasks, List<String> measured)
            throws IOException, InterruptedException {
        Map<String, FewLabelsResult> before = FewLabelsFile.read(folder.resolve(RESULTS));
        return found(tasks, identities(tasks, measured), before);
    }

    private static @Nullable List<FewLabelsResult> found(
            List<Task> tasks, Map<Task, String> identities, Map<String, FewLabelsResult> done) {
        List<FewLabelsResult> results = new ArrayList<>();
        for (Task task : tasks) {
            FewLabelsResult result = done.get(Objects.requireNonNull(identities.get(task)));
            if (result == null) {
                return null;
            }
            results.add(result.of(task.arm.name()));
        }
        return results;
    }

    private Map<Task, String> identities(List<Task> tasks, List<String> measured)
            throws IOException, InterruptedException {
        Map<Task, String> identities = new LinkedHashMap<>();
        for (Task task : tasks) {
            LabelledScans some = some(task);
            identities.put(task, identity(task.own(), some, task.weightsDigest(), measured));
        }
        return identities;
    }

    /** The scans of a task, of which it trains on its labelled ones. */
    private LabelledScans some(Task task) throws IOException, InterruptedException {
        return task.scans.trainedOn(labelled(scans, task.labels, task.seed));
    }

    /** The result, from the file or by doing it; null if stopped. */
    private @Nullable FewLabelsResult done(
            Task task,
            String identity,
            List<String> measured,
            FewLabelsFile file,
            FewLabelsProgress progress,
            BooleanSupplier halt)
            throws IOException, InterruptedException {
        FewLabelsResult before = file.find(identity);
        if (before != null && (!task.pictured || Files.exists(picture(folder, task.arm.name(), identity)))) {
            progress.skip();
            return before;
        }
        if (halt.getAsBoolean()) {
            return null;
        }
        FinetuneRecipe own = task.own();
        LabelledScans some = some(task);
        long began = System.nanoTime();
        try (SegmentationTraining training = training(own, some, task)) {
            double[] losses = train(training, own.steps(), task, halt);
            List<List<Double>> dice = losses == null ? null : dice(training, own.steps(), measured, halt);
            if (losses == null || dice == null) {
                return null;
            }
            if (task.pictured) {
                LabelledVolume scan = task.scans.source().scan(measured.get(0));
                new Nifti()
                        .write(
                                training.segment(scan.image()).toVolume(),
                                picture(folder, task.arm.name(), identity),
                                Nifti.Stored.UINT8);
            }
            int[] ends = ends(own.steps());
            FewLabelsResult result = new FewLabelsResult(
                    identity,
                    task.arm.name(),
                    task.arm.rates(),
                    some.training(),
                    task.seed,
                    measured,
                    dice,
                    Arrays.stream(ends).mapToObj(Double::valueOf).toList(),
                    means(losses, ends),
                    (System.nanoTime() - began) / 1e9);
            file.append(result);
            progress.tell(log, words(task, result), result.seconds());
            return result;
        }
    }

    private static String words(Task task, FewLabelsResult result) {
        return String.format(
                Locale.ROOT,
                "%s, %d %s, seed %d: Dice %.2f",
                task.arm.name(),
                task.labels,
                task.labels == 1 ? "label" : "labels",
                task.seed,
                result.mean());
    }

    private SegmentationTraining training(FinetuneRecipe own, LabelledScans some, Task task) {
        PretrainedWeights begin = task.weights == null ? null : task.weights.read();
        try {
            return new SegmentationTraining(own, some, begin, device);
        } finally {
            if (begin != null) {
                StoredWeights.close(begin); // the network has copies
            }
        }
    }

    /** The loss of every step, NaN from where it is no longer a finite number; null if stopped. */
    private double @Nullable [] train(SegmentationTraining training, int steps, Task task, BooleanSupplier halt)
            throws IOException, InterruptedException {
        double[] losses = new double[steps];
        while (training.steps() < steps) {
            int step = training.steps();
            try {
                losses[step] = training.step().getOrDefault("loss", Double.NaN);
            } catch (ArithmeticException diverged) {
                log.warn(task.arm.name() + ", learning rate " + task.arm.rates() + ", seed " + task.seed
                        + " diverged and counts as Dice 0: " + diverged.getMessage());
                Arrays.fill(losses, step, steps, Double.NaN);
                return losses;
            }
            if (halt.getAsBoolean()) {
                return null;
            }
        }
        return losses;
    }

    /** Dice of every class of every scan, 0 throughout after a training that diverged; null if stopped. */
    private @Nullable List<List<Double>> dice(
            SegmentationTraining training, int steps, List<String> measured, BooleanSupplier halt)
            throws IOException, InterruptedException {
        if (training.steps() < steps) {
            List<Double> none = Collections.nCopies(scans.classes().size(), 0.0);
            return Collections.nCopies(measured.size(), none);
        }
        List<SegmentationScores.Case> cases = new ArrayList<>();
        for (String scan : measured) {
            cases.addAll(scoring.of(training, List.of(scan)).cases());
            if (halt.getAsBoolean()) {
                return null;
            }
        }
        return FewLabelsResult.dice(cases, scoring.partlyLabelled);
    }

    /** The steps at which a loss is noted, the last one among them. */
    private static int[] ends(int steps) {
        int points = Math.min(LOSSES, steps);
        return IntStream.rangeClosed(1, points).map(i -> i * steps / points).toArray();
    }

    private static List<Double> means(double[] losses, int[] ends) {
        return IntStream.range(0, ends.length)
                .mapToObj(i -> Arrays.stream(losses, i == 0 ? 0 : ends[i - 1], ends[i])
                        .average()
                        .orElseThrow())
                .toList();
    }

    /** A digest of everything that the result depends on. */
    private String identity(FinetuneRecipe own, LabelledScans some, String weights, List<String> measured) {
        DataDigest digest = new DataDigest();
        for (Object part : List.of(own, some.digest(), measured, weights)) {
            digest.word(part.toString());
        }
        if (scoring.partlyLabelled) {
            digest.word("partly labelled");
        }
        if (scoring.onOwnGrids) {
            digest.word("on their own grids");
        }
        return digest.hex().substring(0, 32);
    }
}
