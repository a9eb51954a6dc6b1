package org.voco4j.program.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.phantom.TorsoScans;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.ScanSplit;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Volume;

/**
 * The scans of a study: all arms are fine-tuned with the same and measured on the same others, each prepared as its recipes say.
 *
 * @param sources what pre-trainings learn from
 * @param labelled what fine-tunes choose their labelled scans from, prepared as what arms share says
 * @param prepared the same as the recipes of arms prepare them
 * @param tested unseen scans that are reported
 * @param swept unseen scans that learning rates are chosen on; none of them is tested
 */
record StudyScans(
        Map<Images, Source> sources,
        LabelledScans labelled,
        Map<FinetuneRecipe.Data, LabelledScans> prepared,
        List<String> tested,
        List<String> swept) {

    /** Scans to pre-train on. */
    @FunctionalInterface
    interface Source {
        /** Those that pre-trainings of a seed have: where nothing says who is held out, each seed holds out others. */
        UnlabelledScans of(long seed) throws IOException;
    }

    /**
     * Which scans pre-trainings have.
     *
     * @param data as arms call them ({@link StudyArm#data})
     * @param prepared how, and how many are held out
     */
    record Images(List<String> data, PretrainRecipe.Data prepared) {}

    /** What a pre-training of an arm learns from. */
    UnlabelledScans unlabelled(StudyArm arm, long seed) throws IOException {
        return Objects.requireNonNull(sources.get(images(arm, Objects.requireNonNull(arm.pretrainRecipe()))))
                .of(seed);
    }

    /** What an arm is fine-tuned with and measured on. */
    LabelledScans labelled(StudyArm arm) {
        return Objects.requireNonNull(prepared.get(arm.recipe().data()));
    }

    private static Images images(StudyArm arm, PretrainRecipe pretraining) {
        return new Images(arm.data(), pretraining.data());
    }

    /**
     * Makes torsos, or opens folders.
     *
     * @throws UsageException if arms need different scans, or there are too few
     */
    static StudyScans open(StudyRecipe recipe, List<StudyArm> arms, RunLog log)
            throws IOException, InterruptedException {
        requireWhole(arms);
        RecipeTree tuning = recipe.finetuning(recipe.pretraining(null, List.of()), List.of());
        FinetuneRecipe shared = tuning.bind(FinetuneRecipe.class);
        Opening opening = new Opening(recipe, tuning, log);
        LabelledScans labelled = opening.labelled(tuning);
        List<String> unseen = labelled.heldOut();
        if (unseen.size() < recipe.heldOut()) {
            throw new UsageException("tested: " + recipe.tested() + " unseen scans, and sweep.scans on which rates are"
                    + " chosen, are " + recipe.heldOut() + " together, and " + unseen.size()
                    + " are held out: a larger data.heldOut (finetune.set) holds out more");
        }
        Map<Images, Source> sources = new HashMap<>();
        for (StudyArm arm : arms) {
            requireSame(arm, shared, opening.labelled(arm.finetuning()), labelled);
            PretrainRecipe pretraining = arm.pretrainRecipe();
            if (pretraining != null && !sources.containsKey(images(arm, pretraining))) {
                sources.put(images(arm, pretraining), opening.source(arm, pretraining, labelled));
            }
        }
        List<String> tested = unseen.subList(0, recipe.tested());
        return new StudyScans(sources, labelled, opening.labelled, tested, swept(recipe, labelled, tested));
    }

    /** The last unseen scans of patients of whom none is tested. */
    private static List<String> swept(StudyRecipe recipe, LabelledScans labelled, List<String> tested) {
        int count = recipe.swept().isEmpty() ? 0 : recipe.sweep().scans();
        Set<String> patients = tested.stream().map(labelled::patient).collect(Collectors.toSet());
        List<String> others = labelled.heldOut().stream()
                .filter(name -> !patients.contains(labelled.patient(name)))
                .toList();
        if (others.size() < count) {
            throw new UsageException(
                    "sweep.scans: rates are chosen on " + count + " unseen scans of patients who are not tested, and "
                            + others.size() + " are held out: a larger data.heldOut (finetune.set) holds out more");
        }
        return others.subList(others.size() - count, others.size());
    }

    /** Refuses what a study cannot give: pre-training of whole scans is what it has. */
    static void requireWhole(List<StudyArm> arms) {
        for (StudyArm arm : arms) {
            PretrainRecipe own = arm.pretrainRecipe();
            if (own != null && own.pretext().chosen().cutsWindows()) {
                throw new UsageException(
                        "arm " + arm.name() + ": a study pre-trains on whole scans: pretext.window=whole");
            }
        }
    }

    private static void requireSame(StudyArm arm, FinetuneRecipe recipe, LabelledScans own, LabelledScans shared) {
        if (!arm.recipe().labels().equals(recipe.labels())
                || !arm.recipe().regions().equals(recipe.regions())
                || !own.training().equals(shared.training())
                || !own.heldOut().equals(shared.heldOut())) {
            throw new UsageException(
                    "arm " + arm.name() + ": all arms are fine-tuned with the same scans and classes; how they are"
                            + " chosen (data.heldOut, data.fold, labels, regions) belongs into finetune.set");
        }
    }

    private static void requireUnseen(@Nullable ScanSplit split, LabelledScans labelled, List<String> data) {
        List<String> seen =
                split == null ? List.of() : split.holding(labelled.heldOut(), labelled.contents(), labelled.patients());
        if (!seen.isEmpty()) {
            throw new UsageException("pretrain.data: " + String.join(", ", data)
                    + " has scans that are measured on, or others of their patients, " + OpenedData.names(seen)
                    + ": a study pre-trains on others");
        }
    }

    /** What is opened so far, by how it is prepared. */
    private static final class Opening {
        private final StudyRecipe recipe;
        private final RecipeTree tuning;
        private final RunLog log;
        private final Map<Preprocessing, TorsoScans> torsos = new HashMap<>();
        private final Map<FinetuneRecipe.Data, LabelledScans> labelled = new HashMap<>();

        Opening(StudyRecipe recipe, RecipeTree tuning, RunLog log) {
            this.recipe = recipe;
            this.tuning = tuning;
            this.log = log;
        }

        private boolean isOfTorsos() {
            return recipe.data().equals(StudyRecipe.TORSOS);
        }

        /** The labelled scans, prepared as a recipe for fine-tuning says. */
        LabelledScans labelled(RecipeTree finetuning) throws IOException, InterruptedException {
            FinetuneRecipe.Data data = finetuning.bind(FinetuneRecipe.class).data();
            LabelledScans known = labelled.get(data);
            if (known == null) {
                known = isOfTorsos() ? torsos(data.preprocessing()).labelled() : files(finetuning);
                labelled.put(data, known);
            }
            return known;
        }

        private TorsoScans torsos(Preprocessing preprocessing) {
            StudyRecipe.Torsos keys = recipe.torsos();
            return torsos.computeIfAbsent(preprocessing, own -> {
                int unseen = isOfTorsos() ? recipe.heldOut() : keys.unseen();
                log.say("Making " + keys.training() + " synthetic torsos to train on and " + unseen + " unseen ones.");
                return TorsoScans.make(own, keys.training(), unseen, keys.seed(), keys.height());
            });
        }

        private LabelledScans files(RecipeTree finetuning) throws IOException, InterruptedException {
            LabelledScans scans = LabelledFiles.open(
                    List.of(Path.of(recipe.data())), groups(), finetuning.bind(FinetuneRecipe.class), null, null, log);
            if (scans.channels() != 1) {
                throw new UsageException("data: a study pre-trains on scans of one channel, those of " + recipe.data()
                        + " have " + scans.channels());
            }
            return scans;
        }

        private @Nullable Path groups() {
            String groups = recipe.groups();
            return groups == null ? null : Path.of(groups);
        }

        /** What an arm is pre-trained on. */
        Source source(StudyArm arm, PretrainRecipe pretraining, LabelledScans measured)
                throws IOException, InterruptedException {
            boolean areTorsos = arm.data().isEmpty() ? isOfTorsos() : arm.data().equals(List.of(StudyRecipe.TORSOS));
            if (areTorsos) {
                UnlabelledScans images = torsos(pretraining.data().preprocessing())
                        .images(recipe.torsos().unseen());
                return seed -> images;
            }
            if (arm.data().isEmpty()) {
                UnlabelledScans images = images(
                        labelled(preparedAs(Objects.requireNonNull(arm.pretraining()))),
                        pretraining.gate().scans());
                return seed -> images;
            }
            UnlabelledFiles files =
                    UnlabelledFiles.read(arm.data().stream().map(Path::of).toList(), groups(), pretraining, null, log);
            Map<Long, UnlabelledScans> bySeed = new ConcurrentHashMap<>();
            return seed -> {
                UnlabelledScans made = bySeed.get(seed);
                if (made == null) {
                    log.say("Pre-trainings of seed " + seed + ":");
                    made = files.split(seed, log);
                    requireUnseen(made.split(), measured, arm.data());
                    bySeed.put(seed, made);
                }
                return made;
            };
        }

        /** The recipe for fine-tuning with scans prepared as for a pre-training; who is held out stays. */
        private RecipeTree preparedAs(RecipeTree pretraining) {
            return tuning.taking(
                    pretraining,
                    "data.spacing",
                    "data.intensity",
                    "data.window",
                    "data.percentiles",
                    "data.foreground",
                    "data.cut",
                    "data.size");
        }

        /** The images of labelled scans; the gate looks at as many unseen ones as it takes, none of which is swept. */
        private UnlabelledScans images(LabelledScans scans, int most) {
            List<String> unseen = scans.heldOut();
            List<String> swept = swept(recipe, scans, unseen.subList(0, recipe.tested()));
            List<HeldOutScan> heldOut = unseen.stream()
                    .filter(name -> !swept.contains(name))
                    .limit(most)
                    .map(name -> new HeldOutScan(name, scans.patient(name), () -> image(scans, name)))
                    .toList();
            return new UnlabelledScans(
                    scans.training(),
                    heldOut,
                    name -> scans.source().scan(name).image().single(),
                    "images of " // who is held out is no matter of the files
                            + scans.digestedWith(scans.training() + " " + scans.heldOut())
                                    .digest());
        }
    }

    private static Volume image(LabelledScans scans, String name) {
        try {
            return scans.source().scan(name).image().single();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + name, e);
        }
    }
}
