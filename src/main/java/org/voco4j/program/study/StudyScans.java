package org.voco4j.program.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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
 * The scans of a study: all arms are pre-trained and fine-tuned on the same, and measured on the same others.
 *
 * @param sources what pre-trainings learn from, by what arms call it ({@link StudyArm#data})
 * @param labelled what fine-tunes choose their labelled scans from
 * @param tested unseen scans that are reported
 * @param swept unseen scans that learning rates are chosen on; none of them is tested
 */
record StudyScans(Map<List<String>, Source> sources, LabelledScans labelled, List<String> tested, List<String> swept) {

    /** Scans to pre-train on. */
    @FunctionalInterface
    interface Source {
        /** Those that pre-trainings of a seed have: where nothing says who is held out, each seed holds out others. */
        UnlabelledScans of(long seed) throws IOException;
    }

    /** What a pre-training of an arm learns from. */
    UnlabelledScans unlabelled(StudyArm arm, long seed) throws IOException {
        return unlabelled(arm.data(), seed);
    }

    /** The same by what arms call it. */
    UnlabelledScans unlabelled(List<String> data, long seed) throws IOException {
        return Objects.requireNonNull(sources.get(data)).of(seed);
    }

    /**
     * Makes torsos, or opens a folder.
     *
     * @throws UsageException if arms need different scans, or there are too few
     */
    static StudyScans open(StudyRecipe recipe, List<StudyArm> arms, RunLog log)
            throws IOException, InterruptedException {
        RecipeTree shared = recipe.pretraining(null, List.of());
        PretrainRecipe pretraining = shared.bind(PretrainRecipe.class);
        RecipeTree tuning = recipe.finetuning(shared, List.of());
        FinetuneRecipe finetuning = tuning.bind(FinetuneRecipe.class);
        requireSame(arms, pretraining, finetuning);
        LabelledScans labelled;
        UnlabelledScans own;
        if (recipe.data().equals(StudyRecipe.TORSOS)) {
            StudyRecipe.Torsos torsos = recipe.torsos();
            log.say("Making " + torsos.training() + " synthetic torsos to train on and " + recipe.heldOut()
                    + " unseen ones to measure on.");
            TorsoScans seen = torsos(recipe, pretraining.data().preprocessing());
            Preprocessing other = finetuning.data().preprocessing();
            boolean same = other.equals(pretraining.data().preprocessing());
            labelled = (same ? seen : torsos(recipe, other)).labelled();
            own = seen.images(torsos.unseen());
        } else {
            labelled = open(recipe, tuning, log);
            boolean same =
                    finetuning.data().preprocessing().equals(pretraining.data().preprocessing());
            LabelledScans prepared = same ? labelled : open(recipe, preparedAs(shared, tuning), log);
            own = images(prepared, recipe, pretraining.gate().scans());
        }
        List<String> unseen = labelled.heldOut();
        if (unseen.size() < recipe.heldOut()) {
            throw new UsageException("tested: " + recipe.tested() + " unseen scans, and sweep.scans on which rates are"
                    + " chosen, are " + recipe.heldOut() + " together, and " + unseen.size()
                    + " are held out: a larger data.heldOut (finetune.set) holds out more");
        }
        Map<List<String>, Source> sources = new HashMap<>();
        sources.put(List.of(), seed -> own);
        for (StudyArm arm : arms) {
            if (!sources.containsKey(arm.data())) {
                sources.put(arm.data(), source(arm.data(), recipe, pretraining, labelled, log));
            }
        }
        return new StudyScans(
                sources,
                labelled,
                unseen.subList(0, recipe.tested()),
                unseen.subList(
                        unseen.size()
                                - (recipe.swept().isEmpty() ? 0 : recipe.sweep().scans()),
                        unseen.size()));
    }

    /** Opens what arms are pre-trained on. */
    private static Source source(
            List<String> data, StudyRecipe recipe, PretrainRecipe pretraining, LabelledScans labelled, RunLog log)
            throws IOException, InterruptedException {
        if (data.equals(List.of(StudyRecipe.TORSOS))) {
            log.say("Making " + recipe.torsos().training() + " synthetic torsos to pre-train on.");
            UnlabelledScans torsos = TorsoScans.make(
                            pretraining.data().preprocessing(),
                            recipe.torsos().training(),
                            recipe.torsos().unseen(),
                            recipe.torsos().seed(),
                            recipe.torsos().height())
                    .images(recipe.torsos().unseen());
            return seed -> torsos;
        }
        String groups = recipe.groups();
        UnlabelledFiles files = UnlabelledFiles.read(
                data.stream().map(Path::of).toList(), groups == null ? null : Path.of(groups), pretraining, null, log);
        Map<Long, UnlabelledScans> bySeed = new ConcurrentHashMap<>();
        return seed -> {
            UnlabelledScans made = bySeed.get(seed);
            if (made == null) {
                log.say("Pre-trainings of seed " + seed + ":");
                made = files.split(seed, log);
                requireUnseen(made.split(), labelled, data);
                bySeed.put(seed, made);
            }
            return made;
        };
    }

    private static void requireUnseen(@Nullable ScanSplit split, LabelledScans labelled, List<String> data) {
        List<String> seen = split == null ? List.of() : split.holding(labelled.heldOut(), labelled.contents());
        if (!seen.isEmpty()) {
            throw new UsageException("pretrain.data: " + String.join(", ", data) + " has scans that are measured on, "
                    + OpenedData.names(seen) + ": a study pre-trains on others");
        }
    }

    /** Refuses arms that change what scans are. */
    static void requireSame(List<StudyArm> arms, PretrainRecipe pretraining, FinetuneRecipe finetuning) {
        for (StudyArm arm : arms) {
            PretrainRecipe own = arm.pretrainRecipe();
            if (own != null && own.pretext().chosen().cutsWindows()) {
                throw new UsageException(
                        "arm " + arm.name() + ": a study pre-trains on whole scans:" + " pretext.window=whole");
            }
            if (own != null
                    && !own.data().preprocessing().equals(pretraining.data().preprocessing())) {
                throw new UsageException("arm " + arm.name() + ": all arms are pre-trained on scans that are prepared"
                        + " alike; " + own.data().preprocessing() + " is not "
                        + pretraining.data().preprocessing());
            }
            if (!arm.recipe().data().equals(finetuning.data())) {
                throw new UsageException("arm " + arm.name() + ": all arms are fine-tuned on scans that are prepared"
                        + " alike; what is in data belongs into finetune.set");
            }
        }
    }

    private static TorsoScans torsos(StudyRecipe recipe, Preprocessing preprocessing) {
        return TorsoScans.make(
                preprocessing,
                recipe.torsos().training(),
                recipe.heldOut(),
                recipe.torsos().seed(),
                recipe.torsos().height());
    }

    /** The recipe for fine-tuning with scans prepared as for pre-training; who is held out stays. */
    private static RecipeTree preparedAs(RecipeTree pretraining, RecipeTree finetuning) {
        return finetuning.taking(
                pretraining,
                "data.spacing",
                "data.intensity",
                "data.window",
                "data.percentiles",
                "data.foreground",
                "data.cut",
                "data.size");
    }

    private static LabelledScans open(StudyRecipe recipe, RecipeTree finetuning, RunLog log)
            throws IOException, InterruptedException {
        String groups = recipe.groups();
        LabelledScans scans = LabelledFiles.open(
                List.of(Path.of(recipe.data())),
                groups == null ? null : Path.of(groups),
                finetuning.bind(FinetuneRecipe.class),
                null,
                null,
                log);
        if (scans.channels() != 1) {
            throw new UsageException("data: a study pre-trains on scans of one channel, those of " + recipe.data()
                    + " have " + scans.channels());
        }
        return scans;
    }

    /** The images of labelled scans; the gate looks at as many unseen ones as it takes, none of which is swept. */
    private static UnlabelledScans images(LabelledScans scans, StudyRecipe recipe, int most) {
        int seen = scans.heldOut().size() - recipe.heldOut() + recipe.tested();
        List<HeldOutScan> heldOut = scans.heldOut().subList(0, Math.max(0, Math.min(most, seen))).stream()
                .map(name -> new HeldOutScan(name, name, () -> image(scans, name)))
                .toList();
        return new UnlabelledScans(
                scans.training(),
                heldOut,
                name -> scans.source().scan(name).image().single(),
                "images of " + scans.digest());
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
