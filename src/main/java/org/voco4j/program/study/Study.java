package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.program.fewlabels.Abreast;
import org.voco4j.program.fewlabels.ComparedCases;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;

/**
 * Ways of training beside each other: pre-trained, fine-tuned with few labels, measured on the same unseen scans, with as many seeds as
 * a difference needs.
 *
 * <p>A cell is one arm, number of labels and seed; what it depends on names it, so a study that was stopped is continued, and
 * one that has more arms, labels or seeds than before does what is new. Everything runs on one thread, as many at a time as there are
 * threads and memory, and comes out the same however many that are.
 *
 * @param recipe what is compared
 * @param device where to compute
 * @param folder an open folder: {@code config.yaml}, {@code plan.json}, {@code pretrain/}, {@code results.jsonl}, {@code findings.json} and the report
 * @param stop asked after every step, by several threads; once true, what is finished is kept
 */
public record Study(StudyRecipe recipe, Device device, RunFolder folder, RunLog log, BooleanSupplier stop) {

    /**
     * What came of it.
     *
     * @param forecast what was to be done at the beginning
     * @param done whether all that was asked for is done; of a plan alone nothing is asked
     * @param findings of the whole study; null of a part, of a plan, and where it was stopped
     */
    public record Outcome(
            StudyForecast forecast, boolean done, @Nullable StudyFindings findings) {

        /** The numbers by name, for JSON: maps, lists, numbers and strings. */
        public Map<String, @Nullable Object> document() {
            return StudyDocument.of(this);
        }

        /** The answer in a sentence or two; null where there is none. */
        public @Nullable String finding() {
            return findings == null ? null : new StudyText(findings).headline() + " " + new StudyText(findings).basis();
        }
    }

    /**
     * Runs what is missing, and reports.
     *
     * @param part which arms
     * @param merged folders of parts, whose results and pre-trainings are taken over first
     * @param beside folders of finished studies of other scans, whose gains the report shows beside these
     * @param planned whether to say what it will take and do no more than a few steps for that
     * @throws UsageException if what was asked for cannot be done
     * @throws IOException if results cannot be written; what is finished stays
     */
    public Outcome run(StudyPart part, List<Path> merged, List<Path> beside, boolean planned)
            throws IOException, InterruptedException {
        part.among(recipe.all()); // what cannot be divided is refused before scans are made
        if (!part.isWhole() && !beside.isEmpty()) {
            throw new UsageException("--beside: a part has no report to show it in; --merge makes one of all parts");
        }
        OtherStudies others = OtherStudies.read(beside, folder.path(), recipe.all());
        if (recipe.pretrain().cpuSeconds() != null && !device.isCpu()) {
            throw new UsageException("pretrain.cpuSeconds counts seconds of the CPU: --device cpu");
        }
        return run(StudyScans.open(recipe, recipe.all(), log), part, merged, others, planned);
    }

    /** The same on scans that are open. */
    Outcome run(StudyScans scans, StudyPart part, List<Path> merged, OtherStudies others, boolean planned)
            throws IOException, InterruptedException {
        List<StudyArm> all = recipe.all();
        List<StudyArm> mine = part.among(all);
        folder.begin();
        StudyPlan plan = StudyPlan.open(folder.path());
        for (Path other : merged) {
            StudyMerge.take(other, folder.path(), plan, log);
        }
        Pretrainings pretrainings = new Pretrainings(folder.file(Pretrainings.FOLDER), device, plan, log);
        FewLabelTrials one = trials(scans, 1);
        List<StudyArm> missing = missing(new StudyCells(recipe, scans, plan, pretrainings, one), mine);
        new StudyTrials(scans, recipe.scoring(), device, log).measure(missing, plan, stop);
        int abreast = abreast(plan.bytes(missing));
        FewLabelTrials trials = trials(scans, abreast);
        StudyCells cells = new StudyCells(recipe, scans, plan, pretrainings, trials);
        StudyForecast forecast = StudyForecast.of(cells, mine, missing, abreast);
        forecast.sentences().forEach(log::say);
        if (planned || stop.getAsBoolean()) {
            return new Outcome(forecast, planned, null);
        }
        boolean done = train(cells, missing, new Abreast(abreast, stop));
        return new Outcome(forecast, done, done && part.isWhole() ? findings(cells, all, others) : null);
    }

    private FewLabelTrials trials(StudyScans scans, int abreast) {
        return new FewLabelTrials(scans.labelled(), recipe.scoring(), device, abreast, folder.path(), log, stop);
    }

    /** The arms of which something is not done. */
    private static List<StudyArm> missing(StudyCells cells, List<StudyArm> arms)
            throws IOException, InterruptedException {
        List<StudyArm> missing = new ArrayList<>();
        for (StudyArm arm : arms) {
            if (cells.found(arm) == null) {
                missing.add(arm);
            }
        }
        return missing;
    }

    /** How many runs at a time: one for each thread, as far as half of the machine's memory goes. */
    private int abreast(long bytes) {
        if (!device.isCpu()) {
            return 1;
        }
        long free = Resources.of(device).limit() - Engine.residentBytes();
        return (int) Math.max(1, Math.min(Engine.threads(), bytes == 0 ? Integer.MAX_VALUE : free / bytes));
    }

    /** Does what is missing; whether it came to its end. */
    private boolean train(StudyCells cells, List<StudyArm> arms, Abreast abreast)
            throws IOException, InterruptedException {
        List<StudyArm> timed =
                arms.stream().filter(arm -> arm.cpuSeconds() != null).toList();
        List<StudyArm> counted =
                arms.stream().filter(arm -> arm.cpuSeconds() == null).toList();
        if (!pretrain(cells, counted, abreast)) {
            return false;
        }
        for (StudyArm arm : timed) {
            cells.settle(arm);
        }
        if (!pretrain(cells, timed, abreast)) {
            return false;
        }
        List<StudyArm> sound = new ArrayList<>();
        List<FewLabelTrials.Task> sweep = new ArrayList<>();
        for (StudyArm arm : arms) {
            List<FewLabelTrials.Task> own = cells.sweep(arm);
            String failure = cells.failure(arm);
            if (failure == null && own != null) {
                sound.add(arm);
                sweep.addAll(own);
            } else {
                log.warn(arm.name() + " is left out: " + failure);
            }
        }
        List<FewLabelsResult> swept = sweep.isEmpty()
                ? List.of()
                : cells.trials().run("learning rates", sweep, cells.scans().swept());
        if (swept == null) {
            return false;
        }
        List<FewLabelTrials.Task> tasks = new ArrayList<>();
        for (StudyArm arm : sound) {
            List<FewLabelsResult> own = swept.stream()
                    .filter(result -> result.arm().equals(arm.name()))
                    .toList();
            List<FewLabelTrials.Task> reported = cells.reported(arm, cells.chosen(arm, own));
            if (reported != null) {
                tasks.addAll(reported);
            }
        }
        return tasks.isEmpty()
                || cells.trials().run("fine-tune", tasks, cells.scans().tested()) != null;
    }

    private static boolean pretrain(StudyCells cells, List<StudyArm> arms, Abreast abreast)
            throws IOException, InterruptedException {
        List<Pretrainings.Job> jobs = new ArrayList<>();
        for (StudyArm arm : arms) {
            jobs.addAll(cells.pretrainings(arm));
        }
        return cells.pretrainings().run(jobs, abreast);
    }

    private StudyFindings findings(StudyCells cells, List<StudyArm> arms, OtherStudies others)
            throws IOException, InterruptedException {
        List<StudyFindings.Entry> entries = new ArrayList<>();
        Map<String, String> leftOut = new LinkedHashMap<>();
        for (StudyArm arm : arms) {
            StudyFindings.Entry entry = cells.found(arm);
            if (entry != null) {
                entries.add(entry);
            } else {
                leftOut.put(arm.name(), String.valueOf(cells.failure(arm)));
            }
        }
        StudyScans scans = cells.scans();
        ComparedCases cases = ComparedCases.of(
                scans.tested(),
                scans.labelled()::patient,
                entries.stream().flatMap(entry -> entry.results().stream()).toList());
        StudyFindings findings = new StudyFindings(
                recipe,
                scans.labelled().classes(),
                entries.stream().map(entry -> entry.on(cases)).toList(),
                leftOut);
        StudyDocument.write(findings, folder.path());
        new StudyPage(findings).write(folder, scans, others, device);
        log.say("Report: " + folder.file(StudyPage.HTML) + " and " + StudyPage.MARKDOWN);
        return findings;
    }
}
