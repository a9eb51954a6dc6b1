package org.voco4j.program.pretrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.Split;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.ScanSplit;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;

/** Unlabelled scans on disk as pre-training takes them: found, every one tried, split by patient. */
public final class UnlabelledFiles {
    private final PretrainRecipe recipe;
    private final DataSet found;
    private final VolumeStore store;
    private final List<Case> usable;

    private UnlabelledFiles(PretrainRecipe recipe, DataSet found, VolumeStore store, List<Case> usable) {
        this.recipe = recipe;
        this.found = found;
        this.store = store;
        this.usable = usable;
    }

    /**
     * Opens data for a recipe and splits them by its seed.
     *
     * @throws UsageException as {@link #read}
     */
    public static UnlabelledScans open(
            List<Path> data, @Nullable Path groups, PretrainRecipe recipe, @Nullable DiskCache cache, RunLog log)
            throws IOException, InterruptedException {
        return read(data, groups, recipe, cache, log).split(recipe.seed(), log);
    }

    /**
     * Opens data for a recipe, whatever its seed.
     *
     * @param data folders, lists or files, see {@link DataSet#open}
     * @param groups a CSV that says which files are of one patient, or null
     * @param cache where prepared scans are kept on disk, or null
     * @throws UsageException if no scan is left to train on
     */
    public static UnlabelledFiles read(
            List<Path> data, @Nullable Path groups, PretrainRecipe recipe, @Nullable DiskCache cache, RunLog log)
            throws IOException, InterruptedException {
        int dims = recipe.model().dims();
        DataSet found = OpenedData.opened(() -> DataSet.open(data, groups, 1, dims));
        OpenedData.requireOneChannel(found.cases().stream().map(Case::images).toList(), "pre-training");
        OpenedData.tell(found.findings(), log);
        OpenedData.chosen(
                found.cases(),
                found.declaredHeldOut(),
                recipe.data().heldOut(),
                recipe.seed(),
                found.strata()); // before hours of preparing
        VolumeStore store = VolumeStore.ofFiles(
                found.cases(),
                Formats.any(dims),
                recipe.preprocessing(),
                cache,
                OpenedData.budget(recipe.data().cache()));
        List<Case> usable = OpenedData.usable(
                found.cases(), store::get, Math.max(1, recipe.loader().workers()), log);
        OpenedData.tell(cache, log);
        if (usable.isEmpty()) {
            throw new UsageException("there is no scan to train on in "
                    + String.join(", ", data.stream().map(Path::toString).toList())
                    + "; voco reads " + Formats.words(dims) + Finding.reason(found.findings()));
        }
        OpenedData.tellPatients("scans", usable, found.grouped(), log);
        return new UnlabelledFiles(recipe, found, store, usable);
    }

    /**
     * Holds patients out.
     *
     * @param seed who they are, where the data do not say
     * @param log is told
     * @throws UsageException if nobody is left to train on
     */
    public UnlabelledScans split(long seed, RunLog log) throws IOException {
        Split<Case> split =
                OpenedData.split(usable, found.declaredHeldOut(), recipe.data().heldOut(), seed, found.strata(), log);
        List<HeldOutScan> heldOut = OpenedData.measured(
                        split.heldOut(), recipe.gate().scans())
                .stream()
                .map(scan -> new HeldOutScan(
                        scan.id(),
                        scan.patient(),
                        found.strata().get(scan.id()),
                        () -> volume(store, scan.id(), recipe.data().size())))
                .toList();
        if (HeldOutScan.patients(heldOut) < 2) {
            log.warn(
                    "Scans of fewer than 2 patients are held out, so nothing will tell learning from guessing; more patients or a"
                            + " larger data.heldOut would.");
        }
        List<String> training = split.training().stream().map(Case::id).toList();
        return new UnlabelledScans(
                training, heldOut, id -> store.get(id).toVolume(), found.digest(), ScanSplit.of(split));
    }

    /** A scan as the gate takes it: of one size, whatever the method samples. */
    private static Volume volume(VolumeStore store, String id, Shape3 size) {
        try {
            Volume scan = store.get(id).toVolume();
            return scan.shape().equals(size) ? scan : Resize.trilinear(scan, size, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + id, e);
        }
    }
}
