package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.ComparedCases;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.fewlabels.StoredWeights;

/**
 * What has to be trained for an arm: its pre-trainings, the fine-tunes of its sweep, and those that are reported; and what of it is
 * done.
 */
record StudyCells(
        StudyRecipe recipe, StudyScans scans, StudyPlan plan, Pretrainings pretrainings, FewLabelTrials trials) {

    /** The pre-trainings of an arm, those that are reported and that of the sweep; none from scratch. */
    List<Pretrainings.Job> pretrainings(StudyArm arm) throws IOException {
        List<Pretrainings.Job> jobs = new ArrayList<>();
        if (arm.isPretrained()) {
            for (long seed : seeds()) {
                jobs.add(pretraining(arm, seed));
            }
        }
        return jobs;
    }

    private Pretrainings.Job pretraining(StudyArm arm, long seed) throws IOException {
        StudyPlan.Cost cost = plan.pretraining(arm);
        int steps = plan.steps(arm);
        StudyArm after = arm.after();
        return new Pretrainings.Job(
                arm.name() + ", seed " + seed,
                arm.pretraining(seed, steps),
                scans.unlabelled(arm, seed),
                after == null ? null : pretraining(after, seed),
                cost == null ? 0 : cost.around() + steps * cost.step());
    }

    /**
     * Decides how many steps the time of an arm holds, by pre-trainings that are there: those of arms that differ from it in nothing but the
     * length.
     */
    void settle(StudyArm timed) throws IOException {
        List<Path> runs = new ArrayList<>();
        for (StudyArm arm : recipe.all()) {
            if (arm.cpuSeconds() == null && arm.pretrainingKey().equals(timed.pretrainingKey())) {
                for (Pretrainings.Job job : pretrainings(arm)) {
                    runs.add(pretrainings.place(job));
                }
            }
        }
        plan.settle(timed, runs);
    }

    /** The seeds of pre-trainings. */
    List<Long> seeds() {
        List<Long> seeds = new ArrayList<>(recipe.swept().isEmpty() ? List.of() : List.of(sweptSeed()));
        seeds.addAll(recipe.reported());
        return seeds;
    }

    private long sweptSeed() {
        return recipe.swept().get(0);
    }

    /** Why an arm cannot be compared: one of its pre-trainings diverged. Null if none did. */
    @Nullable
    String failure(StudyArm arm) throws IOException {
        String before = arm.after() == null ? null : failure(arm.after());
        if (before != null) {
            return before;
        }
        for (Pretrainings.Job job : pretrainings(arm)) {
            Pretrainings.Trained trained = pretrainings.find(job);
            if (trained != null && trained.failure() != null) {
                return "its pre-training diverged (" + job.words() + "): " + trained.failure();
            }
        }
        return null;
    }

    /** The pre-training of an arm with a seed that is reported. */
    Pretrainings.@Nullable Trained trained(StudyArm arm, long seed) throws IOException {
        return arm.isPretrained() ? pretrainings.find(pretraining(arm, seed)) : null;
    }

    /** How many fine-tunes an arm needs. */
    int finetunes() {
        return recipe.swept().size() * recipe.sweep().rates().size()
                + recipe.seeds() * recipe.labels().size();
    }

    /** The fine-tunes that choose an arm's learning rates; null before it is pre-trained. */
    @Nullable
    List<FewLabelTrials.Task> sweep(StudyArm arm) throws IOException {
        List<FewLabelTrials.Task> tasks = new ArrayList<>();
        for (long seed : recipe.swept()) {
            for (Arm.Rates rates : recipe.sweep().pairs()) {
                FewLabelTrials.Task task = task(arm, rates, recipe.sweep().labels(), seed, sweptSeed(), false);
                if (task == null) {
                    return null;
                }
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** The fine-tunes of an arm that are reported; null before it is pre-trained. */
    @Nullable
    List<FewLabelTrials.Task> reported(StudyArm arm, Arm.Rates rates) throws IOException {
        List<FewLabelTrials.Task> tasks = new ArrayList<>();
        for (long seed : recipe.reported()) {
            for (int labels : recipe.labels()) {
                boolean pictured = seed == recipe.seed() && labels == recipe.mostLabels();
                FewLabelTrials.Task task = task(arm, rates, labels, seed, seed, pictured);
                if (task == null) {
                    return null;
                }
                tasks.add(task);
            }
        }
        return tasks;
    }

    private FewLabelTrials.@Nullable Task task(
            StudyArm arm, Arm.Rates rates, int labels, long seed, long pretrained, boolean pictured)
            throws IOException {
        Pretrainings.Trained trained = trained(arm, pretrained);
        StoredWeights weights = trained == null ? null : trained.weights();
        return arm.isPretrained() && weights == null
                ? null
                : new FewLabelTrials.Task(
                        arm.arm(rates), arm.finetuning(), scans.labelled(arm), weights, labels, seed, pictured);
    }

    /** The learning rates with which an arm's sweep was best on the mean; its recipe's without a sweep. */
    Arm.Rates chosen(StudyArm arm, List<FewLabelsResult> sweep) {
        return sweep.isEmpty()
                ? arm.rates()
                : FewLabelsResult.best(sweep, arm.name(), recipe.sweep().pairs());
    }

    /**
     * What came of an arm that is done.
     *
     * @return null if something of it is not
     */
    StudyFindings.@Nullable Entry found(StudyArm arm) throws IOException, InterruptedException {
        if (arm.isPretrained() && plan.steps(arm) == 0) {
            return null;
        }
        List<FewLabelTrials.Task> sweep = sweep(arm);
        List<FewLabelsResult> swept = sweep == null ? null : trials.find(sweep, scans.swept());
        if (swept == null) {
            return null;
        }
        Arm.Rates rates = chosen(arm, swept);
        List<FewLabelTrials.Task> reported = reported(arm, rates);
        List<FewLabelsResult> results = reported == null ? null : trials.find(reported, scans.tested());
        if (results == null) {
            return null;
        }
        List<Map<String, Double>> gates = new ArrayList<>();
        for (long seed : recipe.reported()) {
            Pretrainings.Trained trained = trained(arm, seed);
            gates.add(trained == null ? Map.of() : trained.gate());
        }
        ComparedCases cases = ComparedCases.each(scans.tested().size());
        return new StudyFindings.Entry(arm, plan.steps(arm), rates, swept, results, gates, cases);
    }
}
