package org.voco4j.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.Split;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

/**
 * Scans on disk as training data: found, every one tried before anything is trained, split by patient.
 *
 * <p>A scan that cannot be used is named with the reason and left out; the others go on.
 */
public final class FileScans {
    private FileScans() {}

    /**
     * Opens data for a recipe.
     *
     * @param data folders, Decathlon lists or files
     * @param groups a CSV that says which files are of one patient, or null
     * @throws UsageException if no scan is left to train on
     */
    public static TrainingScans open(List<Path> data, @Nullable Path groups, PretrainRecipe recipe, RunLog log)
            throws IOException, InterruptedException {
        DataSet found;
        try {
            found = DataSet.open(data, groups);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        tell(found, log);
        // Kept volumes live on the Java heap, so the recipe's wish is bounded by half of it.
        long budget = Math.min(
                recipe.data().cache() * (1L << 20), Runtime.getRuntime().maxMemory() / 2);
        VolumeStore store =
                VolumeStore.ofFiles(found.cases(), new Nifti(), recipe.data().preprocessing(), budget);
        List<Case> usable =
                usable(found.cases(), store, Math.max(1, recipe.loader().workers()), log);
        if (usable.isEmpty()) {
            throw new UsageException("there is no scan to train on in "
                    + String.join(", ", data.stream().map(Path::toString).toList())
                    + "; voco reads NIfTI files (.nii, .nii.gz, .hdr with .img)");
        }
        boolean grouped = found.grouped();
        long patients = usable.stream().map(Case::patient).distinct().count();
        log.say(usable.size() + " scans of " + patients + " patients"
                + (grouped ? "." : ": without --groups every scan counts as a patient of its own."));
        Split<Case> split = split(usable, found.declaredHeldOut(), recipe);
        List<HeldOutScan> heldOut = split.heldOut().stream()
                .limit(recipe.gate().scans())
                .map(scan -> new HeldOutScan(scan.id(), () -> volume(store, scan.id())))
                .toList();
        log.say("Training on " + split.training().size() + ", holding out "
                + split.heldOut().size() + " scans: "
                + String.join(", ", split.heldOut().stream().map(Case::id).toList()));
        if (heldOut.size() < 2) {
            log.warn("Fewer than 2 scans are held out, so nothing will tell learning from guessing; more patients or a"
                    + " larger data.heldOut would.");
        }
        List<String> training = split.training().stream().map(Case::id).toList();
        return new TrainingScans(training, heldOut, id -> store.get(id).toVolume(), found.digest());
    }

    private static Split<Case> split(List<Case> usable, Set<String> declared, PretrainRecipe recipe) {
        if (recipe.data().heldOut() == 0) {
            return new Split<>(usable, List.of());
        }
        try {
            return Split.heldOut(usable, declared, recipe.data().heldOut(), recipe.seed());
        } catch (IllegalArgumentException nothingLeft) {
            throw new UsageException(String.valueOf(nothingLeft.getMessage()), nothingLeft);
        }
    }

    private static void tell(DataSet found, RunLog log) {
        long labels = found.findings().stream()
                .filter(finding -> finding.kind() == Finding.Kind.LABEL_MAP)
                .count();
        for (Finding finding : found.findings()) {
            String line = finding.path() + ": " + finding.message();
            if (finding.kind() == Finding.Kind.LABEL_MAP || finding.kind() == Finding.Kind.NOTE) {
                log.say(line);
            } else {
                log.warn(line);
            }
        }
        if (labels > 0) {
            log.say(labels + " label maps are left out of pre-training.");
        }
    }

    /** Reads and prepares every scan once, several at a time. */
    private static List<Case> usable(List<Case> cases, VolumeStore store, int workers, RunLog log)
            throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(workers, work -> {
            Thread thread = new Thread(work, "voco-prepare");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> tries = new ArrayList<>();
            for (Case scan : cases) {
                tries.add(pool.submit((Callable<Object>) () -> store.get(scan.id())));
            }
            List<Case> usable = new ArrayList<>();
            for (int i = 0; i < tries.size(); i++) {
                try {
                    tries.get(i).get();
                    usable.add(cases.get(i));
                } catch (ExecutionException failed) {
                    Throwable cause = failed.getCause();
                    log.warn("Left out: " + (cause == null ? failed.getMessage() : cause.getMessage()));
                }
                if ((i + 1) % 10 == 0 || i + 1 == tries.size()) {
                    log.say("Prepared " + (i + 1) + " of " + tries.size() + " scans");
                }
            }
            return usable;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Volume volume(VolumeStore store, String id) {
        try {
            return store.get(id).toVolume();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + id, e);
        }
    }
}
