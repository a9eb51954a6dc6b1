package org.voco4j.program.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.file.AtomicFile;
import org.voco4j.network.Backbone;
import org.voco4j.phantom.Organ;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.gate.ProbeScores;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.fewlabels.StoredWeights;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.phantom.TorsoScans;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.program.pretrain.TrainedEncoder;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.Drawing;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunState;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Nifti;

/**
 * The whole story on synthetic torsos: make them, pre-train, see whether it learned, fine-tune with few labels from
 * scratch and from what was learned, and write {@code report.html}.
 *
 * @param pretraining the recipe with the plan's steps
 * @param finetuning a recipe for fine-tuning; its steps and network are replaced
 * @param device where to compute
 * @param folder an open run folder; fine-tunes that are finished there are not done again
 * @param stop asked after every step, by several threads; once true, what is finished is kept and there is no report
 */
public record Quickstart(
        QuickstartPlan plan,
        PretrainRecipe pretraining,
        RecipeTree finetuning,
        Device device,
        RunFolder folder,
        RunLog log,
        BooleanSupplier stop) {
    /** Where the fine-tuning leaves its files, in the run's folder. */
    static final String FINETUNE = "finetune";

    private static final long SWEEP = 1000; // from here on the seeds of a sweep, apart from those that are reported

    /**
     * What came of it.
     *
     * @param run the pre-training
     * @param organs how well the share of each organ in a crop is read from frozen features; null if stopped before
     * @param benefit what it was worth; null if nothing was fine-tuned, or it was stopped before that was known
     * @param leftOut why nothing was fine-tuned; null if something was, or was to be
     * @param seconds of everything since this start, making torsos included
     */
    public record Story(
            Pretrain.Outcome run,
            @Nullable ProbeScores organs,
            @Nullable PretrainingGain benefit,
            @Nullable String leftOut,
            double seconds) {
        /** Whether the story has its end, which may be that nothing was to be fine-tuned. */
        public boolean isTold() {
            return run.state() == RunState.FINISHED && !stoppedFinetuning();
        }

        /** Whether it was stopped while fine-tuning. */
        public boolean stoppedFinetuning() {
            return run.state() == RunState.FINISHED && benefit == null && leftOut == null;
        }

        /** The measured numbers by name, for JSON: maps, lists, numbers and strings. */
        public Map<String, Object> document(PretrainRecipe recipe) {
            return QuickstartDocument.of(this, recipe);
        }
    }

    /**
     * Tells it.
     *
     * @param told takes the story before its report is drawn, which may fail (a Java without fonts, a full disk)
     * @throws UsageException if what was asked for cannot be done
     * @throws IOException if results cannot be written; what is finished stays
     */
    public Story run(Consumer<Story> told) throws IOException, InterruptedException {
        if (pretraining.pretext().chosen().cutsWindows()) {
            throw new UsageException(
                    "the quick start looks at whole torsos: --set pretext.window=whole; voco pretrain cuts windows");
        }
        long began = System.nanoTime();
        log.say("Making " + plan.training() + " synthetic torsos to train on and " + plan.heldOut()
                + " unseen ones to measure on.");
        TorsoScans torsos = torsos(pretraining.data().preprocessing());
        UnlabelledScans scans = torsos.images(plan.unseen());
        Pretrain.Outcome outcome = Pretrain.run(pretraining, scans, null, Resources.of(device), folder, log, stop);
        GateReport gate = outcome.gate();
        if (outcome.state() == RunState.STOPPED || gate == null) {
            return told(new Story(outcome, null, null, null, seconds(began)), told);
        }
        PretrainedModel model = PretrainedModel.read(folder.path());
        TrainedEncoder encoder = new TrainedEncoder(model, scans.heldOut(), device);
        ProbeScores organs = organs(encoder, torsos.organsOfHeldOut());
        String leftOut = leftOut(outcome);
        PretrainingGain benefit = null;
        if (leftOut == null) {
            benefit = finetune(torsos);
        } else {
            log.warn("Nothing was fine-tuned: " + leftOut);
        }
        Story story = told(new Story(outcome, organs, benefit, leftOut, seconds(began)), told);
        if (story.stoppedFinetuning()) {
            return story;
        }
        QuickstartPage report = new QuickstartPage(folder, scans, model, story);
        String why = Drawing.attempt(() -> report.write(pretraining, device, outcome, gate));
        if (why == null) {
            log.say("Report: " + folder.file("report.html"));
        } else {
            log.warn("report.html could not be drawn: " + why);
        }
        return story;
    }

    /** Why nothing is fine-tuned from what came of the pre-training; null if something is. */
    private @Nullable String leftOut(Pretrain.Outcome outcome) {
        if (outcome.isWorthless(pretraining.gate().minimumSteps())) {
            return "weights that learned nothing have nothing to give.";
        }
        Backbone.Name encoder = pretraining.model().encoder();
        return encoder == Backbone.Name.UNET
                ? null
                : "the quick start's segmenter is a U-Net, and the encoder is " + encoder
                        + "; voco finetune takes others, on scans that they fit.";
    }

    private static Story told(Story story, Consumer<Story> told) {
        told.accept(story);
        return story;
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private TorsoScans torsos(Preprocessing preprocessing) {
        return TorsoScans.make(preprocessing, plan.training(), plan.heldOut(), pretraining.seed());
    }

    /** All fine-tunes; null if stopped. */
    private @Nullable PretrainingGain finetune(TorsoScans scans) throws IOException, InterruptedException {
        FinetuneRecipe bound = finetuning.bind(FinetuneRecipe.class);
        Preprocessing own = bound.data().preprocessing();
        LabelledScans torsos = (own.equals(pretraining.data().preprocessing()) ? scans : torsos(own)).labelled();
        Path place = folder.file(FINETUNE);
        Files.createDirectories(place);
        AtomicFile.write(place.resolve("config.yaml"), finetuning.toYaml());
        FewLabelTrials study =
                new FewLabelTrials(torsos, FewLabelTrials.Scoring.PLAIN, device, Engine.threads(), place, log, stop);
        StoredWeights weights = StoredWeights.of(folder.path());
        Arm scratch = Arm.scratch(bound);
        String method = pretraining.pretext().task();
        Arm pretrained = Arm.pretrained(bound, method);
        List<FewLabelsResult> sweep = List.of();
        if (plan.sweeps()) {
            log.say("Choosing the learning rate of each way of training, on torsos that are not reported.");
            List<String> validation = torsos.heldOut().subList(plan.unseen(), plan.heldOut());
            sweep = study.run(
                    "learning rates", sweep(torsos, List.of(scratch, pretrained), weights, bound.seed()), validation);
            if (sweep == null) {
                return null;
            }
            scratch = scratch.at(FewLabelsResult.best(sweep, Arm.SCRATCH, PretrainingGain.RATES));
            pretrained = pretrained.at(FewLabelsResult.best(sweep, method, PretrainingGain.RATES));
        }
        List<FewLabelTrials.Task> tasks = tasks(torsos, scratch, pretrained, weights, bound);
        log.say(String.format(
                Locale.ROOT,
                "Fine-tuning with few labels: %d fine-tunes of %d steps, measured on %d unseen torsos.",
                tasks.size(),
                bound.steps(),
                plan.tested()));
        List<FewLabelsResult> results =
                study.run("fine-tune", tasks, torsos.heldOut().subList(0, plan.tested()));
        if (results == null) {
            return null;
        }
        writeScan(torsos, place);
        return new PretrainingGain(method, torsos.classes(), results, sweep);
    }

    private List<FewLabelTrials.Task> sweep(LabelledScans torsos, List<Arm> arms, StoredWeights weights, long seed) {
        List<FewLabelTrials.Task> tasks = new ArrayList<>();
        for (long s = 0; s < PretrainingGain.SWEEP_SEEDS; s++) {
            for (Arm.Rates rates : PretrainingGain.RATES) {
                for (Arm arm : arms) {
                    tasks.add(task(torsos, arm.at(rates), weights, PretrainingGain.FEW, seed + SWEEP + s, false));
                }
            }
        }
        return tasks;
    }

    private FewLabelTrials.Task task(
            LabelledScans torsos, Arm arm, StoredWeights weights, int labels, long seed, boolean pictured) {
        return new FewLabelTrials.Task(
                arm, finetuning, torsos, arm.pretrained() ? weights : null, labels, seed, pictured);
    }

    private List<FewLabelTrials.Task> tasks(
            LabelledScans torsos, Arm scratch, Arm pretrained, StoredWeights weights, FinetuneRecipe bound) {
        List<FewLabelTrials.Task> tasks = new ArrayList<>();
        for (long seed :
                LongStream.range(bound.seed(), bound.seed() + plan.seeds()).toArray()) {
            for (int labels : plan.labels()) {
                boolean pictured = seed == bound.seed() && labels == PretrainingGain.FEW;
                tasks.add(task(torsos, scratch, weights, labels, seed, pictured));
                tasks.add(task(torsos, pretrained, weights, labels, seed, pictured));
            }
            if (seed < bound.seed() + plan.frozen()) {
                tasks.add(task(torsos, Arm.frozenUntrained(bound), weights, PretrainingGain.FEW, seed, false));
                tasks.add(
                        task(torsos, Arm.frozen(bound, pretrained.name()), weights, PretrainingGain.FEW, seed, false));
            }
        }
        return tasks;
    }

    /** The first unseen torso and its organs, beside what was predicted. */
    private static void writeScan(LabelledScans torsos, Path place) throws IOException, InterruptedException {
        LabelledVolume first = torsos.source().scan(torsos.heldOut().get(0));
        new Nifti().write(first.image().single(), place.resolve("scan.nii.gz"));
        new Nifti().write(first.labels().toVolume(), place.resolve("truth.nii.gz"), Nifti.Stored.UINT8);
    }

    /** How well the share of each organ in a crop is read from frozen features. */
    private static ProbeScores organs(TrainedEncoder encoder, List<LabelMap> truth) {
        return encoder.probe((scan, crop) -> {
            double[] shares = truth.get(scan).shares(crop, Organ.values().length + 1);
            return Arrays.copyOfRange(shares, 1, shares.length); // the background is what they leave
        });
    }
}
