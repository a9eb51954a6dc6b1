package org.voco4j.program.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.downstream.classify.ClassifierCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.CsvText;
import org.voco4j.run.RunLog;
import org.voco4j.volume.format.Formats;

/**
 * Scans to a table of what they are of: {@code case}, {@code class} (of labels, those at 0.5 or above, separated by
 * {@code |}), and the probability of each class under its name.
 *
 * <p>A scan that cannot be classified is named with the reason, and the others go on.
 */
public final class PredictClasses {
    private static final double LABEL = 0.5; // probability from which a label is given

    private PredictClasses() {}

    /**
     * How it ended.
     *
     * @param written ids of the scans in the table
     * @param failed what went wrong, a sentence per scan
     * @param stopped whether it was asked to stop before it was through; there is no table then
     */
    public record Outcome(List<String> written, List<String> failed, boolean stopped) {

        /** Copies the lists. */
        public Outcome {
            written = List.copyOf(written);
            failed = List.copyOf(failed);
        }
    }

    /** Whether weights are of a classification, as their file says; false where it cannot be read. */
    public static boolean isFor(Path weights) {
        try (WeightFile file = WeightFile.open(ModelFile.find(weights))) {
            return ClassifierCard.isIn(StateDict.of(file).scalars());
        } catch (IOException unreadable) {
            return false; // whoever loads it says what is wrong
        }
    }

    /**
     * Loads a model.
     *
     * @param weights runs' folders or files; of several the logits are averaged
     * @throws UsageException if there are none, or they do not say, or do not fit, what is needed
     */
    public static Classifier load(List<Path> weights, Device device) {
        try {
            List<ModelFile> files = new ArrayList<>();
            for (Path path : weights) {
                files.add(ModelFile.read(path));
            }
            return Classifier.load(files, device);
        } catch (IOException e) {
            throw new UsageException("--weights: " + e.getMessage(), e);
        }
    }

    /**
     * Classifies scans.
     *
     * @param in folders, lists or files, see {@link DataSet#open}
     * @param out the table to write
     * @param stop asked before every scan
     * @throws UsageException if there is no scan
     * @throws IOException if the table cannot be written
     */
    public static Outcome run(Classifier classifier, List<Path> in, Path out, RunLog log, BooleanSupplier stop)
            throws IOException {
        ClassifierCard card = classifier.card();
        int dims = card.backbone().dims();
        DataSet found = OpenedData.opened(() -> DataSet.given(in, card.channels(), dims));
        List<String> failed = new ArrayList<>(OpenedData.failures(found.findings(), log));
        if (found.cases().isEmpty() && failed.isEmpty()) {
            throw new UsageException("there is no scan to classify in "
                    + String.join(", ", in.stream().map(Path::toString).toList()) + Finding.reason(found.findings()));
        }
        List<String> header = new ArrayList<>(List.of("case", "class"));
        header.addAll(card.classes());
        StringBuilder table = new StringBuilder(CsvText.line(header));
        List<String> written = new ArrayList<>();
        for (Case scan : found.cases()) {
            if (stop.getAsBoolean()) {
                return new Outcome(List.of(), failed, true);
            }
            try {
                double[] probabilities = classifier.probabilities(scan.images().read(Formats.any(dims)));
                table.append(row(scan.id(), card, probabilities));
                written.add(scan.id());
                log.say(written.size() + failed.size() + "/" + found.cases().size() + "  " + scan.id() + ": "
                        + classes(card, probabilities));
            } catch (IOException | IllegalArgumentException | OutOfMemoryError e) {
                String sentence = FileReason.ofScan(scan.file(), e);
                failed.add(sentence);
                log.warn("Left out: " + sentence);
            }
        }
        AtomicFile.write(out, table.toString());
        return new Outcome(written, failed, false);
    }

    private static String row(String id, ClassifierCard card, double[] probabilities) {
        List<String> cells = new ArrayList<>(List.of(id, classes(card, probabilities)));
        for (double probability : probabilities) {
            cells.add(String.format(Locale.ROOT, "%.9g", probability));
        }
        return CsvText.line(cells);
    }

    /** The likeliest class, the first of several; of labels all that are given. */
    private static String classes(ClassifierCard card, double[] probabilities) {
        int likeliest = 0;
        List<String> given = new ArrayList<>();
        for (int k = 0; k < probabilities.length; k++) {
            likeliest = probabilities[k] > probabilities[likeliest] ? k : likeliest;
            if (probabilities[k] >= LABEL) {
                given.add(card.classes().get(k));
            }
        }
        return card.exclusive() ? card.classes().get(likeliest) : String.join("|", given);
    }
}
