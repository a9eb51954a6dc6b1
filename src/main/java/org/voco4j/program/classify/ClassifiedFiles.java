package org.voco4j.program.classify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.ClassifiedSet;
import org.voco4j.corpus.Split;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.program.scans.HeldOut;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.format.Formats;

/**
 * Classified scans on disk as training data: found, every one tried before anything is trained, split by patient.
 *
 * <p>A scan that cannot be used is named with the reason and left out; the others go on.
 */
public final class ClassifiedFiles {
    private ClassifiedFiles() {}

    /**
     * Opens data for a recipe.
     *
     * @param data tables, see {@link ClassifiedSet#open}
     * @param groups a CSV that says which files are of one patient, or null
     * @param cache where prepared scans are kept on disk, or null
     * @throws UsageException if no scan is left to train on, or there is but one class
     */
    public static ClassifiedScans open(
            List<Path> data, @Nullable Path groups, ClassifyRecipe recipe, @Nullable DiskCache cache, RunLog log)
            throws IOException, InterruptedException {
        return open(data, groups, recipe, null, cache, log);
    }

    /**
     * The same for a run that begins with weights: what can be told to be impossible without the scans, is refused before
     * they are prepared.
     *
     * @param weights to begin with, or null
     * @throws UsageException also if the weights do not fit the recipe's network, or there is no such fold
     */
    public static ClassifiedScans open(
            List<Path> data,
            @Nullable Path groups,
            ClassifyRecipe recipe,
            @Nullable PretrainedWeights weights,
            @Nullable DiskCache cache,
            RunLog log)
            throws IOException, InterruptedException {
        List<String> named = recipe.classes();
        ClassifiedSet found = OpenedData.opened(() -> ClassifiedSet.open(
                data, groups, named == null ? List.of() : named, recipe.model().dims()));
        if (found.classes().isEmpty() || (found.exclusive() && found.classes().size() < 2)) {
            throw new UsageException("classes: expected at least " + (found.exclusive() ? "2 classes" : "1 label")
                    + " to tell from each other, found " + found.classes());
        }
        int channels =
                OpenedData.channels(found.cases().stream().map(Case::images).toList());
        ClassificationTraining.requireFit(recipe, channels, found.classes().size(), weights);
        HeldOut held = new HeldOut(found.declaredHeldOut(), found.folds(), found.strata());
        held.require(
                found.cases(),
                recipe.data().folding(),
                recipe.seed(),
                recipe.validation().scans());
        OpenedData.tell(found.findings(), log);
        VolumeStore store = VolumeStore.ofFiles(
                found.cases(),
                Formats.any(recipe.model().dims()),
                recipe.data().preprocessing(),
                cache,
                OpenedData.budget(recipe.data().cache()));
        List<Case> usable = OpenedData.usable(
                found.cases(), store::get, Math.max(1, recipe.loader().workers()), log);
        OpenedData.tell(cache, log);
        if (usable.isEmpty()) {
            throw new UsageException("there is no scan to train on in "
                    + String.join(", ", data.stream().map(Path::toString).toList()));
        }
        OpenedData.tellPatients("classified scans", usable, found.grouped(), log);
        Split<Case> split = held.split(usable, recipe.data().folding(), recipe.seed(), log);
        tellClasses(found, split.training(), log);
        return new ClassifiedScans(
                split.training().stream().map(Case::id).toList(),
                split.heldOut().stream().map(Case::id).toList(),
                channels,
                found.classes(),
                found.exclusive(),
                found.truth(),
                name -> store.get(name).toChannels(),
                found.digest(),
                OpenedData.contents(usable));
    }

    /** Says how many scans of each class are trained on. */
    private static void tellClasses(ClassifiedSet found, List<Case> training, RunLog log) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Case scan : training) {
            found.truth().getOrDefault(scan.id(), Set.of()).forEach(name -> counts.merge(name, 1, Integer::sum));
        }
        log.say((found.exclusive() ? "Classes to train on: " : "Labels to train on: ")
                + found.classes().stream()
                        .map(name -> name + " " + counts.getOrDefault(name, 0))
                        .collect(Collectors.joining(", ")));
        List<String> absent = found.classes().stream()
                .filter(name -> !counts.containsKey(name))
                .toList();
        if (!absent.isEmpty()) {
            log.warn("No scan to train on is of " + String.join(", ", absent) + ", so that will not be learned.");
        }
    }
}
