package org.voco4j.program.classify;

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
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.scans.SeenScans;
import org.voco4j.recipe.UsageException;
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
 * Fine-tuning for classification on a page: step, validate, log, save.
 *
 * <p>After k steps the state is a function of the recipe, the data, the weights it began with and k alone, so a run that
 * was interrupted and taken up again ends with the same bits as one that was not. {@code model.safetensors} and
 * {@code summary.json} are of the last step; the state with the best accuracy, or mean AUC of labels, is kept as
 * {@code checkpoint_best}.
 */
public final class Classify {
    private static final String GROUP = "validation";

    /**
     * What came out.
     *
     * @param report how well the scans of the validation are classified after the last step; null if the run was stopped
     * @param transferred what was taken over from the weights; null where there were none
     * @param seconds of work in all
     */
    public record Outcome(
            RunState state,
            int steps,
            @Nullable ClassificationScores report,
            @Nullable LoadReport transferred,
            double seconds) {}

    private final ClassifyRecipe recipe;
    private final ClassifiedScans scans;
    private final List<String> validation;
    private final RunFolder folder;
    private final RunLog log;
    private final CheckpointPair checkpoints;
    private double best = Double.NEGATIVE_INFINITY;

    private Classify(ClassifyRecipe recipe, ClassifiedScans scans, RunFolder folder, RunLog log) {
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
            ClassifyRecipe recipe,
            ClassifiedScans scans,
            @Nullable PretrainedWeights weights,
            Device device,
            RunFolder folder,
            RunLog log,
            BooleanSupplier stop)
            throws IOException, InterruptedException {
        Classify run = new Classify(recipe, scans, folder, log);
        try (ClassificationTraining training = new ClassificationTraining(recipe, scans, weights, device)) {
            return run.run(training, weights, device, stop);
        }
    }

    private Outcome run(
            ClassificationTraining training, @Nullable PretrainedWeights weights, Device device, BooleanSupplier stop)
            throws IOException, InterruptedException {
        RunRecord record = RunRecord.open(folder, RunEnvironment.facts(device), scans.digest(), recipe.seed(), log);
        begin(training, weights, record);
        int steps = recipe.steps();
        ClassificationScores report = null;
        try (RunMetrics metrics = RunMetrics.open(folder, curves(), training.steps())) {
            if (training.steps() < steps) {
                RunForecast forecast = RunForecast.of(training.network().weights(), training::trial);
                log.say(forecast.sentence(steps - training.steps()));
            }
            Pace pace = new Pace(training.steps(), steps, recipe.batch().scans());
            boolean stopped = false;
            while (training.steps() < steps && !stopped) {
                Map<String, Double> line = training.step();
                int step = training.steps();
                pace.add(line);
                stopped = stop.getAsBoolean();
                Map<String, Double> seen = Map.of();
                if (isDue(step, recipe.validation().every())) {
                    report = validate(training);
                    seen = report.numbers();
                    pace.pause();
                }
                metrics.append(line, GROUP, seen);
                if (isDue(step, recipe.log().every())) {
                    pace.tell(log, line);
                }
                if (stopped || isDue(step, recipe.checkpoint().every())) {
                    metrics.sync();
                    checkpoints.save(training.state(best));
                    record.write("running", step);
                }
            }
        } catch (ArithmeticException diverged) {
            record.note("failure", String.valueOf(diverged.getMessage()));
            record.write("failed", training.steps());
            throw diverged;
        }
        if (training.steps() < steps) {
            record.write("stopped", training.steps());
            return new Outcome(RunState.STOPPED, training.steps(), null, training.transferred(), record.seconds());
        }
        if (report == null) { // taken up again after the last step
            report = validate(training);
        }
        Safetensors.write(folder.file(ModelFile.NAME), training.network().stateDict(), description(weights));
        AtomicFile.write(folder.file("summary.json"), summary(report, weights).toPrettyString() + "\n");
        record.write("finished", steps);
        return new Outcome(RunState.FINISHED, steps, report, training.transferred(), record.seconds());
    }

    private boolean isDue(int step, int every) {
        return step % every == 0 || step == recipe.steps();
    }

    private ClassificationScores validate(ClassificationTraining training) throws IOException, InterruptedException {
        ClassificationScores report = training.measure(validation);
        log.looked(new Look(training.steps(), "validation", report.sentence()));
        if (report.score() > best) {
            best = report.score();
            AtomicFile.write(folder.file(RunFolder.BEST), training.state(best));
        }
        return report;
    }

    /** Says what the network begins with, or loads the last checkpoint of a run that is taken up again. */
    private void begin(ClassificationTraining training, @Nullable PretrainedWeights weights, RunRecord record)
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
        List<CurvePlan.Line> auc = new ArrayList<>();
        auc.add(curve("mean", GROUP + "/auc"));
        scans.classes().forEach(name -> auc.add(curve(name, GROUP + "/auc." + name)));
        return CurvePlan.of(
                chart("Loss", curve("training", "loss"), curve("validation", GROUP + "/loss")),
                chart("Accuracy", curve("validation", GROUP + "/accuracy")),
                new CurvePlan.Chart("AUC", auc),
                chart("Learning rate", curve("rate", "lr")),
                chart("Gradient norm", curve("norm", "gradientNorm")));
    }

    private ObjectNode summary(ClassificationScores report, @Nullable PretrainedWeights weights) {
        ObjectNode summary = report.toJson();
        summary.put("steps", recipe.steps());
        summary.put("scans", recipe.validation().scans().name().toLowerCase(Locale.ROOT));
        summary.set(
                "seenInPretraining",
                JsonMapper.shared().valueToTree(seen(weights).names()));
        return summary;
    }

    /** What a model file says about itself. */
    private Map<String, String> description(@Nullable PretrainedWeights weights) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "pt");
        about.putAll(recipe.card(scans).facts());
        about.put("voco4j.steps", Integer.toString(recipe.steps()));
        about.put("voco4j.pretrained", weights == null ? "none" : weights.digest());
        about.put("voco4j.note", "Research weights, not a medical device.");
        return about;
    }
}
