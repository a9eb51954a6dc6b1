package org.voco4j.program.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.Split;
import org.voco4j.corpus.cache.CaseStore;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.label.UndeclaredLabels;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.program.scans.HeldOut;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Formats;

/**
 * Labelled scans on disk as training data: found, every one tried before anything is trained, split by patient.
 *
 * <p>A scan that cannot be used is named with the reason and left out; the others go on.
 */
public final class LabelledFiles {
    private LabelledFiles() {}

    /**
     * Opens data for a recipe.
     *
     * @param data folders and lists, see {@link LabelledSet#open}
     * @param groups a CSV that says which files are of one patient, or null
     * @param cache where prepared scans are kept on disk, or null
     * @throws UsageException if no scan is left to train on, or no class is in any of them
     */
    public static LabelledScans open(
            List<Path> data, @Nullable Path groups, FinetuneRecipe recipe, @Nullable DiskCache cache, RunLog log)
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
    public static LabelledScans open(
            List<Path> data,
            @Nullable Path groups,
            FinetuneRecipe recipe,
            @Nullable PretrainedWeights weights,
            @Nullable DiskCache cache,
            RunLog log)
            throws IOException, InterruptedException {
        LabelledSet found = OpenedData.opened(
                () -> LabelledSet.open(data, groups, recipe.model().dims()));
        OpenedData.tell(found.findings(), log);
        Regions regions;
        LabelSchema schema;
        try {
            boolean own = recipe.labels().isEmpty() && recipe.regions().isEmpty();
            regions = own ? found.regions() : recipe.overlapping();
            schema = regions == null ? LabelSchema.of(recipe.labels(), found.labels()) : regions.classes();
        } catch (IllegalArgumentException e) {
            throw new UsageException("labels: " + e.getMessage(), e);
        }
        ClassNames.require(recipe, found);
        List<String> names = regions == null ? schema.names() : regions.names();
        List<String> colours = recipe.colours();
        if (colours != null && colours.size() != names.size()) {
            throw new UsageException(
                    "colours: expected one for each of " + String.join(", ", names) + ", found " + colours.size());
        }
        int channels = OpenedData.channels(
                found.cases().stream().map(LabelledCase::images).toList());
        requireKnown(schema, found.labels());
        SegmentationTraining.requireFit(recipe, channels, names.size() + (regions == null ? 1 : 0), weights);
        HeldOut held = new HeldOut(found.declaredHeldOut(), found.folds(), found.strata());
        held.require(
                found.cases(),
                recipe.data().folding(),
                recipe.seed(),
                recipe.validation().scans());
        Map<String, BitSet> present = new ConcurrentHashMap<>();
        Map<String, LabelledCase> byId = new LinkedHashMap<>();
        found.cases().forEach(scan -> byId.put(scan.id(), scan));
        CaseStore<QuantisedCase> store = store(byId, schema, recipe, cache, present);
        UndeclaredLabels undeclared =
                new UndeclaredLabels(schema, found.labels().keySet(), found.regions());
        List<LabelledCase> usable = OpenedData.usable(
                found.cases(),
                id -> {
                    QuantisedCase made = store.get(id); // perhaps of a cache, which keeps classes only
                    undeclared.read(of(byId, id).label(), Formats.any(2));
                    return made;
                },
                Math.max(1, recipe.loader().workers()),
                log);
        undeclared.sentences().forEach(log::warn);
        OpenedData.tell(cache, log);
        if (usable.isEmpty()) {
            throw new UsageException("there is no labelled scan to train on in "
                    + String.join(", ", data.stream().map(Path::toString).toList()));
        }
        OpenedData.tellPatients("labelled scans", usable, found.grouped(), log);
        Split<LabelledCase> split = held.split(usable, recipe.data().folding(), recipe.seed(), log);
        List<String> training = split.training().stream().map(LabelledCase::id).toList();
        List<String> heldOut = split.heldOut().stream().map(LabelledCase::id).toList();
        log.say((regions == null ? "Classes: " : "Regions, which may overlap: ") + String.join(", ", names));
        requireClasses(names, classes(schema, regions), training, present, log);
        return new LabelledScans(
                training,
                heldOut,
                channels,
                regions == null ? schema.values() : regions.values(),
                regions,
                new Source(store, usable, schema),
                found.digest(),
                OpenedData.contents(usable),
                usable.stream().collect(Collectors.toMap(LabelledCase::id, LabelledCase::patient)));
    }

    /** Refuses classes of which the data, where they say what their values are, know none. */
    private static void requireKnown(LabelSchema schema, Map<Integer, String> declared) {
        boolean known = schema.values().values().stream().flatMap(List::stream).anyMatch(declared::containsKey);
        if (!known && declared.keySet().stream().anyMatch(value -> value != 0)) {
            throw new UsageException("labels: the data declare no value of any class, of " + schema.values()
                    + "; they declare " + declared);
        }
    }

    /** Scans that are read when they are asked for. */
    private record Source(CaseStore<QuantisedCase> store, List<LabelledCase> cases, LabelSchema schema)
            implements LabelledScans.Source {

        @Override
        public LabelledVolume scan(String name) throws IOException, InterruptedException {
            return store.get(name).toLabelledVolume();
        }

        @Override
        public LabelMap truth(String name) throws IOException {
            for (LabelledCase scan : cases) {
                if (scan.id().equals(name)) {
                    return scan.classes(Formats.any(2), schema);
                }
            }
            throw new IllegalArgumentException("no case " + name + " among " + cases.size());
        }
    }

    /** For each name the classes of label maps that it stands for. */
    private static List<BitSet> classes(LabelSchema schema, @Nullable Regions regions) {
        int count = schema.names().size();
        List<BitSet> classes = new ArrayList<>();
        for (int name = 0; name < (regions == null ? count : regions.names().size()); name++) {
            BitSet own = new BitSet();
            for (int k = 1; k <= count; k++) {
                own.set(
                        k,
                        regions == null
                                ? k == name + 1
                                : regions.members().get(k - 1).get(name));
            }
            classes.add(own);
        }
        return classes;
    }

    /** Notes which classes are in each scan when it is read. */
    private static CaseStore<QuantisedCase> store(
            Map<String, LabelledCase> byId,
            LabelSchema schema,
            FinetuneRecipe recipe,
            @Nullable DiskCache cache,
            Map<String, BitSet> present) {
        Preprocessing preprocessing = recipe.data().preprocessing();
        CaseStore.Loader<QuantisedCase> loader = id -> {
            LabelledCase scan = of(byId, id);
            QuantisedCase made = scan.prepare(Formats.any(preprocessing.dims()), preprocessing, schema, cache);
            BitSet classes = new BitSet();
            for (byte label : made.labels().classes()) {
                classes.set(Byte.toUnsignedInt(label));
            }
            present.put(id, classes);
            return made;
        };
        return new CaseStore<>(
                loader, QuantisedCase::bytes, OpenedData.budget(recipe.data().cache()));
    }

    private static LabelledCase of(Map<String, LabelledCase> byId, String id) {
        LabelledCase scan = byId.get(id);
        if (scan == null) {
            throw new IllegalArgumentException("no case " + id + " among " + byId.size());
        }
        return scan;
    }

    private static void requireClasses(
            List<String> names, List<BitSet> classes, List<String> training, Map<String, BitSet> present, RunLog log) {
        BitSet seen = new BitSet();
        training.forEach(id -> seen.or(present.getOrDefault(id, new BitSet())));
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.intersects(classes.get(i))) {
                absent.add(names.get(i));
            }
        }
        if (absent.size() == names.size()) {
            throw new UsageException("labels: no scan to train on has a voxel of any class, of "
                    + String.join(", ", names) + "; voco verify says which values there are");
        }
        if (!absent.isEmpty()) {
            log.warn("No scan to train on has a voxel of " + String.join(", ", absent)
                    + ", so that will not be learned.");
        }
    }
}
