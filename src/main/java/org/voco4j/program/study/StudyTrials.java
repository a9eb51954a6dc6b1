package org.voco4j.program.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.file.TemporaryFolder;
import org.voco4j.program.fewlabels.Abreast;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.StoredWeights;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.StepClock;
import org.voco4j.run.Usage;

/** A few steps of ways of training, one after another on one thread: what they take. */
record StudyTrials(StudyScans scans, FewLabelTrials.Scoring scoring, Device device, RunLog log) {
    private static final int WARMUP = 30; // steps in which Java compiles what it runs
    private static final int STEPS = WARMUP + 20;

    /**
     * Tries what is not in the plan yet.
     *
     * @throws org.voco4j.recipe.UsageException if an arm cannot be trained, or its weights do not fit its fine-tune
     */
    void measure(List<StudyArm> arms, StudyPlan plan, BooleanSupplier stop) throws IOException, InterruptedException {
        long before = Engine.residentBytes();
        List<Abreast.Job<Boolean>> jobs = new ArrayList<>();
        for (StudyArm arm : arms) {
            jobs.add(halt -> {
                if (arm.isPretrained() && plan.pretraining(arm) == null && !halt.getAsBoolean()) {
                    log.say("Trying " + STEPS + " steps: pre-training of " + arm.name());
                    plan.addPretraining(arm, pretraining(arm, before));
                }
                if (plan.finetuning(arm) == null && !halt.getAsBoolean()) {
                    log.say("Trying " + STEPS + " steps: fine-tuning of " + arm.name());
                    plan.addFinetuning(arm, finetuning(arm, before));
                }
                return true;
            });
        }
        new Abreast(1, stop).all(jobs);
    }

    private StudyPlan.Cost pretraining(StudyArm arm, long before) throws IOException, InterruptedException {
        RecipeTree brief = arm.pretraining(0, STEPS);
        StepClock clock = new StepClock(log, arm.name());
        double began = StepClock.cpuSeconds();
        try (TemporaryFolder place = TemporaryFolder.make("voco-study");
                RunFolder folder = RunFolder.open(place.path().resolve("run"), brief, false)) {
            Pretrain.run(
                    brief.bind(PretrainRecipe.class),
                    scans.unlabelled(arm, 0),
                    null,
                    Resources.of(device),
                    folder,
                    clock,
                    () -> false);
            requireFit(arm, PretrainedWeights.read(folder.path()));
        }
        double step = Usage.median(clock.steps().subList(WARMUP, clock.steps().size()));
        return new StudyPlan.Cost(
                "pre-training of " + arm.name(),
                Math.max(0, StepClock.cpuSeconds() - began - STEPS * step),
                step,
                Math.max(0, Engine.residentBytes() - before));
    }

    private void requireFit(StudyArm arm, PretrainedWeights weights) {
        try {
            new SegmentationTraining(arm.recipe(), scans.labelled(arm), weights, device).close();
        } finally {
            StoredWeights.close(weights);
        }
    }

    private StudyPlan.Cost finetuning(StudyArm arm, long before) throws IOException, InterruptedException {
        FinetuneRecipe recipe = arm.finetuning().with(List.of("steps=" + STEPS)).bind(FinetuneRecipe.class);
        LabelledScans one = scans.labelled(arm).trainedOn(FewLabelTrials.labelled(scans.labelled(), 1, recipe.seed()));
        List<Double> steps = new ArrayList<>();
        try (SegmentationTraining training = new SegmentationTraining(recipe, one, null, device)) {
            for (int i = 0; i < STEPS; i++) {
                double began = StepClock.cpuSeconds();
                training.step();
                if (i >= WARMUP) {
                    steps.add(StepClock.cpuSeconds() - began);
                }
            }
            double scan = 0;
            for (int i = 0; i < 2; i++) { // the second counts: first uses show in the first
                double began = StepClock.cpuSeconds();
                scoring.of(training, scans.tested().subList(0, 1));
                scan = StepClock.cpuSeconds() - began;
            }
            return new StudyPlan.Cost(
                    "fine-tuning of " + arm.name(),
                    scan,
                    Usage.median(steps),
                    Math.max(0, Engine.residentBytes() - before));
        }
    }
}
