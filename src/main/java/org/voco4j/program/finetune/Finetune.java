package org.voco4j.program.finetune;

import static org.voco4j.run.CurvePlan.chart;
import static org.voco4j.run.CurvePlan.curve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.Regions;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.scans.SeenScans;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.Drawing;
import org.voco4j.run.CheckpointPair;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.Look;
import org.voco4j.run.Pace;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunForecast;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunMetrics;
import org.voco4j.run.RunRecord;
import org.voco4j.run.RunState;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fine-tuning for segmentation on a page: step, validate, log, save.
 *
 * <p>After k steps the state is a function of the recipe, the data, the weights it began with and k alone, so a run that
 * was interrupted and taken up again ends with the same bits as one that was not. {@code model.safetensors} and
 * {@code summary.json} are of the last step; the state with the best mean Dice is kept as {@code checkpoint_best}, its
 * network as {@code model_best.safetensors}.
 */
public final class Finetune {
    /** How the line begins that tells of a look at whole scans. */
    private static final String BEST_MODEL = "model_best.safetensors";

    private static final String GROUP = "validation";
    private static final String DICE = GROUP + "/dice";
    private static final String OWN_GRID = "nativeDice";

    /**
     * What came out.
     *
     * @param report how well the scans of the validation are segmented after the last step; null if the run was stopped
     * @param transferred what was taken over from the weights; null where there were none
     * @param seconds of work in all
     */
    public record Outcome(
            RunState state,
            int steps,
            @Nullable GridScores report,
            @Nullable LoadReport transferred,
            double seconds) {}

    private final FinetuneRecipe recipe;
    private final LabelledScans scans;
    private final List<String> validation;
    private final RunFolder folder;
    private final RunLog log;
    private final CheckpointPair checkpoints;
    private double best = Double.NEGATIVE_INFINITY;

    private Finetune(FinetuneRecipe recipe, LabelledScans scans, RunFolder folder, RunLog log) {
        this.recipe = recipe;
        this.scans = scans;
        this.folder = folder;
        this.log = log;
        this.checkpoints = new CheckpointPair(folder, log);
        validation = recipe.validation().scans().of(scans.training(), scans.heldOut());
    }

    /**
     * Runs a recipe, or the rest of it.
     *
     * @param weights to begin with, or null to begin from scratch
     * @param device where to compute
     * @param folder an open run folder
     * @param stop asked after every step; once true, the state is saved and the run ends
     * @throws UsageException if what was asked for cannot be done
     * @throws IOException if data cannot be read or results not be written; the last checkpoint stays
     * @throws ArithmeticException if the loss is no longer finite; the last checkpoint stays
     */
    public static Outcome run(
            FinetuneRecipe recipe,
            LabelledScans scans,
            @Nullable PretrainedWeights weights,
            Device device,
            RunFolder folder,
            RunLog log,
            BooleanSupplier stop)
            throws IOException, InterruptedException {
        Finetune run = new Finetune(recipe, scans, folder, log);
        try (SegmentationTraining training = new SegmentationTraining(recipe, scans, weights, device)) {
            return run.run(training, weights, device, stop);
        }
    }

    private Outcome run(
            SegmentationTraining training, @Nullable PretrainedWeights weights, Device device, BooleanSupplier stop)
            throws IOException, InterruptedException {
        RunRecord record = RunRecord.open(folder, RunEnvironment.facts(device), scans.digest(), recipe.seed(), log);
        begin(training, weights, record);
        int steps = recipe.steps();
        GridScores report = null;
        try (RunMetrics metrics = RunMetrics.open(folder, curves(), training.steps())) {
            if (training.steps() < steps) {
                // The scans were all read once, so what the cache takes is taken already.
                RunForecast forecast = RunForecast.of(training.network().weights(), training::trial);
                log.say(forecast.sentence(steps - training.steps()));
            }
            Pace pace = new Pace(training.steps(), steps, recipe.batch().perStep());
            boolean stopped = false;
            boolean done = isDone(training, metrics);
            while (!done && !stopped) {
                Map<String, Double> line = training.step();
                int step = training.steps();
                pace.add(line);
                stopped = stop.getAsBoolean();
                Map<String, Double> seen = Map.of();
                if (isDue(step, recipe.validation().every())) {
                    report = validate(training, weights, step == steps);
                    seen = numbers(report);
                    pace.pause();
                }
                metrics.append(line, GROUP, seen);
                done = isDone(training, metrics);
                if (isDue(step, recipe.log().every())) {
                    pace.tell(log, line);
                }
                if (stopped || done || isDue(step, recipe.checkpoint().every())) {
                    metrics.sync();
                    checkpoints.save(training.state(best));
                    record.write("running", step);
                }
            }
            if (!done) {
                record.write("stopped", training.steps());
                return new Outcome(RunState.STOPPED, training.steps(), null, training.transferred(), record.seconds());
            }
        } catch (ArithmeticException diverged) {
            record.note("failure", String.valueOf(diverged.getMessage()));
            record.write("failed", training.steps());
            throw diverged;
        }
        if (report == null || training.steps() < steps) { // taken up again after the last step, or ended before it
            report = validate(training, weights, true);
        }
        Safetensors.write(
                folder.file(ModelFile.NAME), training.network().stateDict(), description(training.steps(), weights));
        AtomicFile.write(
                folder.file("summary.json"),
                summary(report, training.steps(), weights).toPrettyString() + "\n");
        report(report, training, device);
        record.write("finished", training.steps());
        return new Outcome(RunState.FINISHED, training.steps(), report, training.transferred(), record.seconds());
    }

    /** Whether all steps are taken, or so many validations found nothing better that none more are. */
    private boolean isDone(SegmentationTraining training, RunMetrics metrics) {
        Integer patience = recipe.validation().patience();
        int step = training.steps();
        if (step == recipe.steps() || patience == null) {
            return step == recipe.steps();
        }
        double[] dice = metrics.values(DICE);
        int last = -1; // the validation that was the last to find something better
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < dice.length; i++) {
            if (dice[i] > most) {
                most = dice[i];
                last = i;
            }
        }
        boolean enough = dice.length - 1 - last >= patience;
        if (enough) {
            log.warn(String.format(
                    Locale.ROOT,
                    "Ended early, after step %d of %d: the last %d validations were not better than mean Dice %.3f"
                            + " (validation.patience); the best network is %s.",
                    step,
                    recipe.steps(),
                    dice.length - 1 - last,
                    most,
                    BEST_MODEL));
        }
        return enough;
    }

    /** A report that cannot be drawn (a Java without fonts) must not fail a run that is done. */
    private void report(GridScores report, SegmentationTraining training, Device device)
            throws IOException, InterruptedException {
        String why = Drawing.attempt(
                () -> new FinetunePage(recipe, scans, training, report).write(folder, curves(), device));
        if (why != null) {
            log.warn("report.html could not be drawn: " + why);
        }
    }

    /** What goes into the metrics. */
    private static Map<String, Double> numbers(GridScores report) {
        Map<String, Double> numbers = new LinkedHashMap<>(report.model().dice());
        SegmentationScores own = report.own();
        if (own != null) {
            numbers.put(OWN_GRID, own.mean(ClassScore::dice).mean());
        }
        return numbers;
    }

    private boolean isDue(int step, int every) {
        return step % every == 0 || step == recipe.steps();
    }

    private GridScores validate(SegmentationTraining training, @Nullable PretrainedWeights weights, boolean last)
            throws IOException, InterruptedException {
        GridScores report = training.measureOnBothGrids(validation, last);
        SegmentationScores own = report.own();
        log.looked(new Look(
                training.steps(),
                "validation",
                report.model().sentence()
                        + (own == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; on the scans' own grids %.3f",
                                        own.mean(ClassScore::dice).mean()))));
        double dice = report.model().mean(ClassScore::dice).mean();
        if (dice > best) {
            best = dice;
            AtomicFile.write(folder.file(RunFolder.BEST), training.state(best));
            Safetensors.write(
                    folder.file(BEST_MODEL), training.network().stateDict(), description(training.steps(), weights));
        }
        return report;
    }

    /** Says what the network begins with, or loads the last checkpoint of a run that is taken up again. */
    private void begin(SegmentationTraining training, @Nullable PretrainedWeights weights, RunRecord record)
            throws IOException {
        record.pin("weights", weights == null ? "none" : weights.digest());
        LoadReport transferred = training.transferred();
        if (transferred != null) {
            record.note("transferred", transferred);
        }
        Optional<Double> taken = folder.resumed() ? checkpoints.load(training::load) : Optional.empty();
        if (taken.isPresent()) {
            best = taken.get();
            log.say("Continuing after step " + training.steps() + " of " + recipe.steps() + ".");
        } else if (transferred != null) {
            log.say("Weights: " + transferred.sentence() + ".");
        }
        if (weights != null) {
            weights.warnOfOtherScans(
                    recipe.data().intensityFacts(), recipe.data().spacing(), log);
            seen(weights).tell(record, log);
        }
        if (folder.resumed()) {
            record.resumed(training.steps());
        }
        folder.begin();
        record.write("running", training.steps());
    }

    private SeenScans seen(@Nullable PretrainedWeights weights) {
        return SeenScans.of(weights, validation, scans.contents());
    }

    private CurvePlan curves() {
        List<CurvePlan.Line> dice = new ArrayList<>();
        dice.add(curve("mean", DICE));
        dice.add(curve("own grids", GROUP + "/" + OWN_GRID));
        scans.classes().forEach(name -> dice.add(curve(name, DICE + "." + name)));
        return CurvePlan.of(
                chart(
                        "Loss",
                        curve("total", "loss"),
                        curve("1 − Dice", "dice"),
                        curve("cross entropy", "crossEntropy")),
                new CurvePlan.Chart("Dice of whole scans", dice),
                chart("Learning rate", curve("rate", "lr")),
                chart("Gradient norm", curve("norm", "gradientNorm")));
    }

    private ObjectNode summary(GridScores report, int steps, @Nullable PretrainedWeights weights) {
        ObjectNode summary = report.toJson();
        summary.put("steps", steps);
        summary.put("scans", recipe.validation().scans().name().toLowerCase(Locale.ROOT));
        summary.put("grid", "model");
        summary.put("toleranceMm", recipe.validation().tolerance());
        summary.set(
                "seenInPretraining",
                JsonMapper.shared().valueToTree(seen(weights).names()));
        return summary;
    }

    /** What a model file says about itself. */
    private Map<String, String> description(int steps, @Nullable PretrainedWeights weights) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "pt");
        Regions regions = scans.regions();
        ModelLabels labels =
                new ModelLabels(scans.labels(), regions == null ? List.of() : regions.painted(), recipe.colours());
        about.putAll(recipe.card(scans.channels(), labels).facts());
        about.put("voco4j.steps", Integer.toString(steps));
        about.put("voco4j.pretrained", weights == null ? "none" : weights.digest());
        about.put("voco4j.note", "Research weights, not a medical device.");
        return about;
    }
}
